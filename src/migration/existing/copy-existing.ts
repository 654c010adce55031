import { fault, type ReportProgress } from '../../core/index.ts'
import type { Decisions } from '../decisions.ts'
import type { CopyDocument, CopyTable, PlanTable } from '../documents.ts'
import type { Inventory } from '../inventory.ts'
import { schemaNames, type SourceName } from '../names.ts'
import { describeSchemas } from '../postgres/catalogue.ts'
import { connect, disconnect, problemOf, sqlState, targetFault, type Client } from '../postgres/connect.ts'
import { createState, findStoredSource, storeRecord, type CopyRecord } from '../postgres/state.ts'
import type { StoredValue } from '../values.ts'
import { clearTables, refuseUnusable, type ExistingRows } from './check-target.ts'
import { isLedger } from './ledgers.ts'
import { matchNames } from './match-names.ts'
import { planExisting } from './plan-existing.ts'
import type { ExistingPlan, ExistingSource } from './plan-types.ts'
import { inFile, inTarget, type RefusedRows } from './refused-rows.ts'
import { setExistingSequences } from './sequences.ts'
import { newStateFolder, type StateFolder } from './state-folder.ts'
import { readTargetTables } from './target-catalogue.ts'
import { writeComponent } from './write-component.ts'

export interface CopyExisting {
  readonly target: string
  readonly sources: readonly SourceName[]
  readonly inventories: readonly Inventory[]
  readonly decisions: Decisions
  readonly existingRows: ExistingRows
  /** Folder for plan and quarantine, instead of the schema `hive`. */
  readonly state?: string
  readonly openRows: (source: number, table: PlanTable) => Iterator<readonly StoredValue[]>
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

export type ExistingOutcome =
  | { readonly kind: 'copied'; readonly plan: ExistingPlan; readonly document: CopyDocument }
  /** Nothing was written: the plan's open decisions come first. */
  | { readonly kind: 'undecided'; readonly plan: ExistingPlan }

/**
 * Fills tables that an application's own migrations made, in one transaction. They are never altered.
 *
 * @throws HIVE_EXISTING_…, HIVE_DECISION, HIVE_TARGET_…
 */
export async function copyIntoExisting(options: CopyExisting): Promise<ExistingOutcome> {
  const client = await connect(options.target, options.signal)
  try {
    const schemas = schemaNames(options.sources)
    const catalogues = []
    for (const schema of schemas) catalogues.push(await readTargetTables(client, schema))
    const plan = planExisting(options.inventories, { ...options, catalogues })
    refuseUnusable(plan.sources)
    if (plan.open.length > 0) return { kind: 'undecided', plan }
    return { kind: 'copied', plan, document: await fill(client, { ...options, plan }) }
  } catch (error) {
    options.signal.throwIfAborted()
    throw existingFault(error, 'the start of the copy')
  } finally {
    await disconnect(client)
  }
}

const insufficientPrivilege = '42501'

function existingFault(error: unknown, during: string): Error {
  if (sqlState(error) === insufficientPrivilege) {
    return fault('HIVE_EXISTING_RIGHTS', { problem: `during ${during}, ${problemOf(error)}` }, error)
  }
  return targetFault(error, during)
}

type Filling = CopyExisting & { readonly plan: ExistingPlan }

async function fill(client: Client, filling: Filling): Promise<CopyDocument> {
  const { plan, signal } = filling
  const place: { during: string; committing: boolean } = { during: 'the start of the copy', committing: false }
  const step = (what: string): void => {
    signal.throwIfAborted()
    place.during = what
    filling.progress({ step: what })
  }
  let folder: StateFolder | undefined
  let refused: RefusedRows | undefined
  try {
    await client.query('BEGIN')
    step('look at the tables')
    await clearTables(client, plan.sources, { rows: filling.existingRows })
    if (filling.state !== undefined) folder = await newStateFolder(filling.state)
    if (folder === undefined) {
      step('create the schema hive')
      await createState(client)
    }
    refused = folder === undefined ? inTarget(client) : inFile(folder.quarantinePath)
    // Foreign keys that could wait are asked at once, so that the row that breaks one is found.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    const sources: CopyDocument['sources'] = []
    for (const [index, source] of plan.sources.entries()) {
      sources.push(await fillSource(client, source, { filling, index, refused, step }))
    }
    step('set sequences')
    const sequences = await setExistingSequences(client, plan.sources)
    const objects = await describeFilled(client, plan.sources)
    const snapshots = plan.sources.map(({ inventory }) => [inventory.path, inventory.snapshotSha256])
    const record: CopyRecord = {
      plan: plan.document,
      made: { objects, sequences, existing: true },
      snapshots: Object.fromEntries(snapshots),
    }
    await (folder === undefined ? storeRecord(client, record) : folder.store(record))
    step('commit')
    place.committing = true
    await client.query('COMMIT')
    const isRefused = sources.some(({ tables }) => tables.some(({ rowsQuarantined }) => rowsQuarantined > 0))
    return { schemaVersion: 1, verdict: isRefused ? 'fail' : 'pass', sources }
  } catch (error) {
    // Where the answer to COMMIT was lost, nobody knows: what is needed to verify stays.
    if (!place.committing) await folder?.discard()
    signal.throwIfAborted()
    throw existingFault(error, place.during)
  } finally {
    refused?.close()
  }
}

async function fillSource(
  client: Client,
  source: ExistingSource,
  context: {
    readonly filling: Filling
    readonly index: number
    readonly refused: RefusedRows
    readonly step: (what: string) => void
  },
): Promise<CopyDocument['sources'][number]> {
  const { filling, index, refused, step } = context
  const { path, schema } = source.document
  const written: CopyTable[] = []
  for (const component of source.order) {
    step(`copy ${component.tables.join(', ')}`)
    const tables = await writeComponent(client, {
      source: path,
      schema,
      refused,
      component,
      tables: source.tables,
      openRows: ({ document }) => filling.openRows(index, document),
      signal: filling.signal,
      progress: filling.progress,
    })
    written.push(...tables)
  }
  const places = source.document.tables.map(({ name }) => name)
  return { path, schema, tables: written.toSorted((a, b) => places.indexOf(a.name) - places.indexOf(b.name)) }
}

/** What the tables look like now: the proof compares, so that a later change of a rule is seen. */
async function describeFilled(
  client: Client,
  sources: readonly ExistingSource[],
): Promise<CopyRecord['made']['objects']> {
  const names = new Set(
    sources.flatMap(({ document }) => document.tables.map(({ target }) => `${document.schema}.${target}`)),
  )
  const schemas = sources.map(({ document }) => document.schema)
  return (await describeSchemas(client, schemas)).filter(({ schema, table }) => names.has(`${schema}.${table}`))
}

/**
 * True where the target has tables for the sources already, and no copy of ours made them: then these are to be filled.
 */
export async function hasTablesFor(
  options: Pick<CopyExisting, 'target' | 'sources' | 'inventories' | 'signal'>,
): Promise<boolean> {
  const client = await connect(options.target, options.signal)
  try {
    for (const [index, schema] of schemaNames(options.sources).entries()) {
      const wanted = (options.inventories[index]?.tables ?? [])
        .filter(
          ({ name, columns }) =>
            !isLedger(
              name,
              columns.map((column) => column.name),
            ),
        )
        .map(({ name }) => name)
      const { rows } = await client.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
        [schema],
      )
      const pairs = matchNames(
        wanted,
        rows.map(({ name }) => name),
      )
      const stored = await findStoredSource(client, schema)
      if (pairs.size > 0 && (stored === undefined || stored.made.existing === true)) return true
    }
    return false
  } catch (error) {
    throw targetFault(error, 'the look at its tables')
  } finally {
    await disconnect(client)
  }
}
