/** One thing wrong in `hive.yml`, at one place. */
export interface ConfigIssue {
  /** `gates.performance.targets.p95WriteMs`, `plan.phases[0].tasks[2].agent`; empty for the whole document. */
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** What was found and what was wanted, without the path. */
  readonly message: string
}

export type PathSegment = string | number
export type ValuePath = readonly PathSegment[]

/** A problem before its place in the text is known. Only the first of very many are put into words. */
export interface Problem {
  readonly path: ValuePath
  readonly message: string | (() => string)
}

export function formatPath(path: ValuePath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`
    const key = /^[A-Za-z0-9_-]+$/.test(segment) ? segment : quoted(segment)
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** A value as it stands in a message: quoted on one line, long ones cut. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value)
}

/** What stood there, in the words of YAML: `the text "fast"`, `a list`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return `the text ${quoted(value)}`
  if (typeof value === 'number') return `the number ${value}`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'boolean') return String(value)
  return 'a mapping'
}
