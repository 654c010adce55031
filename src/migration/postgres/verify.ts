import { fault, type ReportProgress } from '../../core/index.ts'
import type { Differing, PlanSource, PlanTable, VerifyDocument, VerifyTable } from '../documents.ts'
import { quoteName } from '../names.ts'
import type { ShowValue } from '../proof/differences.ts'
import type { QuarantinedRows } from '../proof/source-rows.ts'
import { describeSchemas, type SchemaObject } from './catalogue.ts'
import { connect, disconnect, targetFault, type Client } from './connect.ts'
import type { TableProof } from './prove-run.ts'
import { proveTable } from './prove-table.ts'
import { readQuarantine } from './read-quarantine.ts'
import { findStoredSource, type CopyRecord, type StoredSource } from './state.ts'

/** One source's side of the proof: what SQLite itself says. */
interface ProofSource {
  readonly path: string
  readonly schema: string
  /** Opens what is needed to read a planned table, or `undefined` where the source has no such table. */
  readonly openTable: (
    table: PlanTable,
  ) => Pick<TableProof, 'openRows' | 'openRawRows' | 'rowsSource' | 'keyColumns' | 'encoding'> | undefined
}

export interface VerifyOptions {
  readonly target: string
  readonly sources: readonly ProofSource[]
  /** Overrides the plan that is stored in the target. */
  readonly plan?: { readonly sources: readonly PlanSource[] }
  /** What the copy left beside the data, where it is not in the target. */
  readonly state?: ProofState
  readonly show: ShowValue
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/** Record and quarantine of a copy that left no schema `hive`. */
export interface ProofState {
  readonly record: CopyRecord
  readonly quarantined: (source: string, table: string) => Promise<QuarantinedRows>
}

interface Proved {
  readonly rows: number
  readonly values: number
}

export interface VerifyOutcome {
  readonly document: VerifyDocument
  /** Rows whose every value was read back and found equal, and their values, by schema. */
  readonly proved: Readonly<Record<string, Proved>>
}

/**
 * Proves every value of every planned table, in one consistent view of the target.
 *
 * @throws HIVE_TARGET_NO_PLAN, HIVE_TARGET_UNREACHABLE, HIVE_TARGET_LOST
 */
export async function verifyTarget(options: VerifyOptions): Promise<VerifyOutcome> {
  const client = await connect(options.target, options.signal)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const sources: VerifyDocument['sources'] = []
    const proved: Record<string, Proved> = {}
    for (const source of options.sources) {
      const stored = await storedSource(client, { options, schema: source.schema })
      const given = options.plan?.sources.find(({ schema }) => schema === source.schema)
      const plan = given ?? stored?.source
      if (plan === undefined) throw fault('HIVE_TARGET_NO_PLAN', { schema: source.schema })
      const present = await describeSchemas(client, [source.schema])
      const tables: VerifyTable[] = []
      let rows = 0
      let values = 0
      for (const table of plan.tables) {
        const outcome = await verifyTable(client, { options, source, plan, table, present, stored })
        tables.push(outcome.table)
        rows += outcome.rowsProved
        values += outcome.rowsProved * table.columns.length
      }
      sources.push({ path: source.path, schema: source.schema, tables })
      proved[source.schema] = { rows, values }
    }
    await client.query('COMMIT')
    const isProved = sources.every(({ tables }) =>
      tables.every(({ differences, rowsQuarantined }) => differences === 0 && rowsQuarantined === 0),
    )
    return { document: { schemaVersion: 1, verdict: isProved ? 'pass' : 'fail', sources }, proved }
  } catch (error) {
    options.signal.throwIfAborted()
    throw targetFault(error, 'verify')
  } finally {
    await disconnect(client)
  }
}

async function storedSource(
  client: Client,
  { options, schema }: { readonly options: VerifyOptions; readonly schema: string },
): Promise<StoredSource | undefined> {
  if (options.state === undefined) return findStoredSource(client, schema)
  const { plan, made } = options.state.record
  const source = plan.sources.find((candidate) => candidate.schema === schema)
  return source === undefined ? undefined : { source, made }
}

interface OneTable {
  readonly options: VerifyOptions
  readonly source: ProofSource
  readonly plan: PlanSource
  readonly table: PlanTable
  readonly present: readonly SchemaObject[]
  readonly stored: StoredSource | undefined
}

async function verifyTable(client: Client, one: OneTable): Promise<{ table: VerifyTable; rowsProved: number }> {
  const { options, source, table } = one
  const opened = source.openTable(table)
  const missing = missingInTarget(one)
  if (opened === undefined || missing.length > 0) {
    const notes =
      opened === undefined ? [{ key: '*', column: '*', source: 'no such table', target: 'planned' }] : missing
    const rowsSource = opened?.rowsSource ?? 0
    const differences = Math.max(notes.length, rowsSource)
    return { table: { ...empty(table), rowsSource, differences, differing: notes }, rowsProved: 0 }
  }
  const isEmpty = table.rows === 'none'
  const { rowsProved, ...proof } = await proveTable(client, {
    ...opened,
    ...(isEmpty ? noRows : {}),
    schema: source.schema,
    table,
    quarantined: await (options.state?.quarantined(one.plan.path, table.name) ??
      readQuarantine(client, { source: one.plan.path, table: table.name })),
    show: options.show,
    signal: options.signal,
    progress: options.progress,
  })
  const rules = [...changedObjects(one), ...(await staleSequences(client, one))]
  return {
    table: {
      ...proof,
      differences: proof.differences + rules.length,
      differing: [...rules, ...proof.differing].slice(0, 20),
    },
    rowsProved,
  }
}

const noRows = {
  rowsSource: 0,
  openRows: () => [].values(),
  openRawRows: () => ({ rows: [].values(), resolve: () => {} }),
}

function empty(table: PlanTable): VerifyTable {
  return {
    name: table.name,
    target: table.target,
    rowsSource: 0,
    rowsTarget: 0,
    rowsQuarantined: 0,
    digest: '',
    differences: 0,
    differing: [],
  }
}

function missingInTarget({ table, present, stored }: OneTable): Differing[] {
  if (!present.some((object) => object.kind === 'table' && object.name === table.target)) {
    return [{ key: '*', column: '*', source: 'table', target: 'no such table' }]
  }
  return table.columns.flatMap(({ name, target, type }) => {
    const found = present.find(
      (object) => object.table === table.target && object.kind === 'column' && object.name === target,
    )
    if (found === undefined) return [{ key: '*', column: name, source: type, target: 'no such column' }]
    // A domain has a name of its own: what the copy saw is what must still be there.
    const isUnchanged = stored?.made.objects.some(
      (made) => made.table === found.table && made.name === found.name && made.definition === found.definition,
    )
    if (isUnchanged === true) return []
    return typeOf(found.definition) === type ? [] : [{ key: '*', column: name, source: type, target: found.definition }]
  })
}

/** The type at the start of a column's definition, by the plan's names. */
function typeOf(definition: string): string {
  const type = definition.replace(/ (not null|default |identity).*$/s, '')
  const names: Readonly<Record<string, string>> = {
    'timestamp without time zone': 'timestamp',
    'timestamp with time zone': 'timestamptz',
    'time without time zone': 'time',
  }
  return names[type] ?? type
}

/** What the copy made and is no longer there, or no longer the same. Validating a constraint is no change. */
function changedObjects({ stored, table, source, present }: OneTable): Differing[] {
  const made = stored?.made.objects.filter((object) => object.schema === source.schema && object.table === table.target)
  return (made ?? []).flatMap((object) => {
    const now = present.find(
      ({ table: of, kind, name }) => of === object.table && kind === object.kind && name === object.name,
    )
    const was = plain(object.definition)
    if (now !== undefined && plain(now.definition) === was) return []
    const target = now === undefined ? 'absent' : now.definition
    return [{ key: object.kind, column: object.name, source: object.definition || 'present', target }]
  })
}

function plain(definition: string): string {
  return definition.replace(/ NOT VALID$/, '')
}

/** The next insert must get an id that no row has, nor ever had. */
async function staleSequences(client: Client, { stored, table, source }: OneTable): Promise<Differing[]> {
  const made = stored?.made.sequences.filter((item) => item.schema === source.schema && item.table === table.target)
  const stale: Differing[] = []
  for (const { column, sequence, highest } of made ?? []) {
    const name = `${quoteName(source.schema)}.${quoteName(sequence)}`
    const exists = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [name])
    if (exists.rows[0]?.found !== true) {
      stale.push({ key: 'sequence', column, source: sequence, target: 'absent' })
      continue
    }
    const { rows } = await client.query<{ last_value: string; is_called: boolean; most: string | null }>(
      `SELECT last_value, is_called, (SELECT max(${quoteName(column)}) FROM ${quoteName(source.schema)}.${quoteName(table.target)}) AS most FROM ${name}`,
    )
    const [row] = rows
    if (row === undefined) continue
    const next = BigInt(row.last_value) + (row.is_called ? 1n : 0n)
    const used = [highest, row.most ?? undefined].flatMap((value) => (value === undefined ? [] : [BigInt(value)]))
    const most = used.reduce((a, b) => (a > b ? a : b), 0n)
    if (next <= most) {
      stale.push({ key: 'sequence', column, source: `next over ${most}`, target: `next ${next}` })
    }
  }
  return stale
}
