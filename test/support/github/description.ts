import { readFileSync } from 'node:fs'

/** One operation of GitHub's REST API, as `openapi.json` describes it. */
export interface Operation {
  /** `GET /repos/{owner}/{repo}`: method and template. */
  readonly key: string
  readonly method: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required?: true
    readonly schema: object
    readonly 'x-multi-segment'?: true
  }[]
  readonly body?: { readonly required: boolean; readonly schema: object }
  readonly responses: Readonly<Record<string, { readonly schema?: object }>>
}

export interface Description {
  readonly schemas: Readonly<Record<string, object>>
  readonly operations: readonly Operation[]
  /** The operation that a request addresses, with its decoded path parameters. */
  readonly match: (method: string, pathname: string) => MatchedOperation | undefined
}

export interface MatchedOperation {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
}

type Matcher = { readonly operation: Operation; readonly pattern: RegExp; readonly literals: number }

/** A parameter may hold slashes where GitHub says so. */
function pathPattern(name: string, multi: ReadonlySet<string>): string {
  if (!multi.has(name)) return '[^/]+'
  return name === 'path' ? '.*' : '.+'
}

function matcherOf(operation: Operation): Matcher {
  const multi = new Set(operation.parameters.filter((p) => p['x-multi-segment'] === true).map((p) => p.name))
  const segments = (operation.key.split(' ')[1] ?? '').split('/')
  const pattern = segments
    .map((segment) => segment.replace(/^\{(.+)\}$/, (_all, name: string) => `(?<${name}>${pathPattern(name, multi)})`))
    .join('/')
  return {
    operation,
    pattern: new RegExp(`^${pattern}$`),
    literals: segments.filter((segment) => !segment.startsWith('{')).length,
  }
}

function readDescription(): Description {
  // References become absolute, so that the schema of an operation can be compiled alone and lazily.
  const text = readFileSync(new URL('openapi.json', import.meta.url), 'utf8').replaceAll(
    '"#/components/schemas/',
    '"github#/schemas/',
  )
  const { operations: table, schemas } = JSON.parse(text) as {
    operations: Record<string, Omit<Operation, 'key' | 'method'>>
    schemas: Record<string, object>
  }
  const operations = Object.entries(table).map(([key, rest]) =>
    Object.assign(rest, { key, method: key.split(' ')[0] ?? '' }),
  )
  // `/commits/{ref}/status` before `/commits/{ref}`, whose parameter may hold slashes.
  const matchers = operations.map(matcherOf).sort((a, b) => b.literals - a.literals)
  return {
    schemas,
    operations,
    match: (method, asked) => {
      // The root of a repository is the contents of an empty path, with or without the slash.
      const pathname = asked.replace(/^(\/repos\/[^/]+\/[^/]+\/contents)$/, '$1/')
      for (const { operation, pattern } of matchers) {
        const groups = operation.method === method ? pattern.exec(pathname)?.groups : undefined
        if (groups !== undefined) {
          const decoded = Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)])
          return { operation, params: Object.fromEntries(decoded) as Record<string, string> }
        }
      }
      // A path without parameters has no groups.
      const plain = matchers.find((m) => m.operation.method === method && m.pattern.test(pathname))
      return plain === undefined ? undefined : { operation: plain.operation, params: {} }
    },
  }
}

let cached: Description | undefined

/** The trimmed description, read once a process. */
export function description(): Description {
  return (cached ??= readDescription())
}
