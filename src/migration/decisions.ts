import { parse, stringify } from 'yaml'
import * as z from 'zod/mini'
import { fault } from '../core/index.ts'

/** What to do with values that a column's declared type does not hold, or another type for it. */
export type ColumnDecision =
  | 'null'
  | 'quarantine'
  | 'text'
  | { readonly type: string; readonly conversion?: string | undefined }
export type OrphanDecision = 'keep' | 'null' | 'quarantine'
export type TableDecision = 'copy' | 'skip' | 'schema-only'

/**
 * What somebody decided. Keys are `table.column`, or `schema.table.column` where there are several sources; the columns
 * of a composite foreign key are joined by commas.
 */
export interface Decisions {
  readonly columns?: Readonly<Record<string, ColumnDecision>> | undefined
  readonly foreignKeys?: Readonly<Record<string, OrphanDecision>> | undefined
  readonly tables?: Readonly<Record<string, TableDecision>> | undefined
  /** IANA name of the zone in which naive timestamps were written. They stay naive; the name is recorded. */
  readonly timeZone?: string | undefined
  readonly names?: 'exact' | 'fold' | undefined
}

/** A decision that nobody took. `default` is what happens meanwhile, and loses nothing. */
export interface PendingDecision {
  readonly kind: 'column' | 'foreign-key' | 'table' | 'time-zone'
  readonly source: string
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  /** What to write into the decisions. */
  readonly key: string
  readonly problem: string
  readonly count: number
  readonly exampleKeys: readonly string[]
  readonly options: readonly string[]
  readonly default: string
}

const columnDecision = z.union([
  z.enum(['null', 'quarantine', 'text']),
  z.strictObject({ type: z.string(), conversion: z.optional(z.string()) }),
])

/** In YAML a bare `null` is no text; here both mean the same decision. */
const bareNull = z.pipe(
  z.null(),
  z.transform(() => 'null' as const),
)

const fileSchema = z.strictObject({
  columns: z.optional(z.record(z.string(), z.union([columnDecision, bareNull]))),
  foreignKeys: z.optional(z.record(z.string(), z.union([z.enum(['keep', 'null', 'quarantine']), bareNull]))),
  tables: z.optional(z.record(z.string(), z.enum(['copy', 'skip', 'schema-only']))),
  timeZone: z.optional(z.string()),
  names: z.optional(z.enum(['exact', 'fold'])),
})

/** Reads a decisions file. `path` is for messages only. */
export function parseDecisions(text: string, path: string): Decisions {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw fault('HIVE_DECISIONS_FILE', { path, problem }, error)
  }
  const read = z.safeParse(fileSchema, document ?? {})
  if (read.success) return read.data
  const [issue] = read.error.issues
  const place = issue?.path.map(String).join('.') ?? ''
  throw fault('HIVE_DECISIONS_FILE', { path, problem: `${place}: ${issue?.message ?? 'not understood'}` })
}

/** Begins every file that {@link renderDecisions} writes, so that a file of somebody else is never overwritten. */
export const decisionsHeader = '## Decisions of npx agent-hive db check'

/** The decisions file: what was decided stays, what is open is proposed as comments with counts and keys. */
export function renderDecisions(decided: Decisions, pending: readonly PendingDecision[]): string {
  const { columns, foreignKeys, ...others } = decided
  const lines = [
    decisionsHeader,
    '## Remove the # before a name and before its section to decide. What stays open loses nothing, and every run names it.',
    '',
  ]
  if (Object.keys(others).length > 0) lines.push(stringify(others).trimEnd(), '')
  lines.push(...section('columns', { entries: columns, open: pending.filter(({ kind }) => kind === 'column') }))
  lines.push(
    ...section('foreignKeys', { entries: foreignKeys, open: pending.filter(({ kind }) => kind === 'foreign-key') }),
  )
  if (pending.some(({ kind }) => kind === 'time-zone')) {
    lines.push('## The zone in which timestamps without a zone were written:', '#timeZone: Europe/Berlin', '')
  }
  return lines.join('\n')
}

function section(
  name: string,
  content: {
    readonly entries: Readonly<Record<string, unknown>> | undefined
    readonly open: readonly PendingDecision[]
  },
): string[] {
  const entries = Object.entries(content.entries ?? {})
  if (entries.length === 0 && content.open.length === 0) return []
  return [
    entries.length > 0 ? `${name}:` : `#${name}:`,
    ...entries.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    ...content.open.flatMap((item) => {
      const keys = item.exampleKeys.map(oneLine).join(', ')
      return [
        `  # ${oneLine(item.problem)}${keys === '' ? '' : `; rows ${keys}`}`,
        `  # ${item.options.join(' | ')}; meanwhile ${item.default}`,
        `#  ${JSON.stringify(item.key)}: ${item.options[0] ?? ''}`,
      ]
    }),
    '',
  ]
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
