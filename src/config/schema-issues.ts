import type * as z from 'zod/mini'
import { describeValue, formatPath, quoted } from './issue.ts'
import type { PathSegment, Problem, ValuePath } from './issue.ts'
import { nearest } from './nearest.ts'
import { knownKeys } from './schema-shape.ts'

type Issue = z.core.$ZodIssue

/** Says of everything that the schema refused what was found and what was wanted. */
export function schemaProblems(schema: z.core.$ZodType, value: unknown, issues: readonly Issue[]): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, { schema, value, base: [] }))
}

interface Surroundings {
  readonly schema: z.core.$ZodType
  readonly value: unknown
  /** Issues inside a union count their path from the union. */
  readonly base: ValuePath
}

function problemsOf(issue: Issue, around: Surroundings): Problem[] {
  const path = [...around.base, ...issue.path.filter((segment): segment is PathSegment => typeof segment !== 'symbol')]
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(around.schema, path)
    return issue.keys.map((key) => ({ path: [...path, key], message: () => unknownKey(key, known) }))
  }
  if (issue.code === 'invalid_union') {
    const branch = likelyBranch(issue.errors)
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, { ...around, base: path }))
  }
  if (issue.code === 'invalid_key') {
    const wanted = issue.issues[0]?.message ?? 'another name'
    return [{ path, message: `found the key ${quoted(String(path.at(-1)))}, wanted ${wanted}` }]
  }
  return [{ path, message: () => refusal(valueAt(around.value, path), issue) }]
}

function refusal(found: unknown, issue: Issue): string {
  const wanted = wantedBy(issue)
  if (found === undefined) return `missing, wanted ${wanted}`
  // `protocol:` with nothing after it: the usual slip of those who want the defaults.
  const remark = found === null && issue.path.length > 0 && wanted === kindOf('object') ? ' ({} for all defaults)' : ''
  return `found ${describeValue(found)}, wanted ${wanted}${remark}`
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known)
  const wanted = meant === undefined ? `one of ${known.join(', ')}` : `perhaps ${meant}`
  return `found the unknown key ${formatPath([key])}, wanted ${wanted}`
}

/** The branch that the writer meant: the one whose kind of value fits, so that what it complains of lies deeper. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.every((issue) => issue.path.length > 0 || (issue.code !== 'invalid_type' && issue.code !== 'invalid_value')),
  )
}

function wantedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kindOf(issue.expected)
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`
    case 'invalid_format':
      return issue.message
    case 'too_small':
      return `${issue.origin === 'string' ? 'a text of ' : ''}${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `${issue.origin === 'string' ? 'a text of ' : ''}at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`
    case 'invalid_union': {
      const each = issue.errors.flatMap((branch) => branch.slice(0, 1).map(wantedBy))
      return [...new Set(each)].join(', or ')
    }
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

function kindOf(expected: string): string {
  const kinds: Readonly<Record<string, string>> = {
    string: 'text (in quotes if it looks like a number)',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping of names to values',
  }
  return kinds[expected] ?? expected
}

function valueAt(value: unknown, path: ValuePath): unknown {
  let current = value
  for (const segment of path) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, segment)) return undefined
    current = (current as Readonly<Record<PathSegment, unknown>>)[segment]
  }
  return current
}
