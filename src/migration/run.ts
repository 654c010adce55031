import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReportProgress } from '../core/index.ts'
import type { Decisions, PendingDecision } from './decisions.ts'
import type { CopyDocument, NotCarried, PlanDocument, PlanSource, VerifyDocument } from './documents.ts'
import type { Inventory } from './inventory.ts'
import { planMigration } from './plan.ts'
import { CopySource } from './pages/copy-source.ts'
import type { MigrationPlan } from './plan-types.ts'
import { copyPlan } from './postgres/copy.ts'
import { verifyTarget, type ProofState, type VerifyOutcome } from './postgres/verify.ts'
import { showMasked, type ShowValue } from './proof/differences.ts'
import { inspectSnapshot } from './sqlite/inspect.ts'
import { takeSnapshot, type Snapshot } from './sqlite/snapshot.ts'
import { SnapshotReader } from './sqlite/table-reader.ts'

export interface SourceSpec {
  readonly path: string
  /** PostgreSQL schema; absent, by the naming rules. */
  readonly schema?: string
}

export interface Work {
  /** Private folder for snapshots; the caller makes and removes it. */
  readonly workFolder: string
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/** A snapshot of every source, one after the other: two connections to one file would share SQLite's locks. */
export async function takeSnapshots(sources: readonly SourceSpec[], work: Work): Promise<readonly Snapshot[]> {
  const snapshots: Snapshot[] = []
  for (const [index, { path }] of sources.entries()) {
    snapshots.push(await takeSnapshot(path, { ...work, folder: join(work.workFolder, String(index)) }))
  }
  return snapshots
}

export async function inspectSnapshots(
  snapshots: readonly Snapshot[],
  work: Omit<Work, 'workFolder'>,
): Promise<readonly Inventory[]> {
  return onSound(snapshots, async () => {
    const inventories: Inventory[] = []
    for (const snapshot of snapshots) inventories.push(await inspectSnapshot(snapshot, work))
    return inventories
  })
}

/** What was read of snapshots counts only when all are sound, and damage explains whatever else went wrong. */
async function onSound<T>(snapshots: readonly Snapshot[], read: () => Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([read()])
  for (const { sound } of snapshots) await sound
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/** Copies what was planned from the snapshots that the plan was made from. */
export async function copySnapshots(
  plan: MigrationPlan,
  options: Omit<Work, 'workFolder'> & { readonly snapshots: readonly Snapshot[]; readonly target: string },
): Promise<CopyDocument> {
  const opened = options.snapshots.map((snapshot) => new CopySource(snapshot))
  try {
    for (const { sound } of options.snapshots) await sound
    return await copyPlan(plan, {
      ...options,
      openRows: (source, table) => {
        const rows = opened[plan.sources.indexOf(source)]
        if (rows === undefined) throw new Error('the plan has more sources than there are snapshots')
        return rows.openRows(table.document)
      },
    })
  } finally {
    for (const rows of opened) rows.close()
  }
}

/** Proves the target against snapshots; the plan comes from the target unless one is given. */
export async function verifySnapshots(
  options: Omit<Work, 'workFolder'> & {
    readonly snapshots: readonly Snapshot[]
    /** One for each snapshot. */
    readonly schemas: readonly string[]
    readonly target: string
    readonly plan?: { readonly sources: readonly PlanSource[] }
    readonly state?: ProofState
    readonly show: ShowValue
  },
): Promise<VerifyOutcome> {
  const readers = options.snapshots.map(({ path }) => new SnapshotReader(path))
  try {
    const verify = (): Promise<VerifyOutcome> =>
      verifyTarget({
        ...options,
        sources: readers.map((reader, index) => ({
          path: options.snapshots[index]?.source ?? '',
          schema: options.schemas[index] ?? 'public',
          openTable: (table) => {
            if (!reader.holds(table)) return undefined
            const names = table.columns.map(({ name }) => name)
            return {
              openRows: () => reader.rows(table),
              openRawRows: (orderBy) => reader.rawRows(table, orderBy),
              rowsSource: reader.count(table.name),
              keyColumns: reader.primaryKey(table.name).map((name) => names.indexOf(name)),
              encoding: reader.encoding,
            }
          },
        })),
      })
    return await onSound(options.snapshots, verify)
  } finally {
    for (const reader of readers) reader.close()
  }
}

/** One source as the migration gate reports it. */
export interface SourceOutcome {
  readonly path: string
  readonly schema: string
  readonly bytes: number
  readonly durationMs: number
  readonly rows: number
  /** Rows whose every value was read back and found equal. */
  readonly rowsProved: number
  readonly valuesProved: number
  readonly orphans: readonly {
    readonly table: string
    readonly columns: readonly string[]
    readonly count: number
    readonly exampleKeys: readonly string[]
  }[]
  readonly notCarried: readonly NotCarried[]
  readonly quarantined: readonly { readonly table: string; readonly count: number }[]
  readonly pendingDecisions: readonly PendingDecision[]
}

export interface MigrationRun {
  readonly plan: PlanDocument
  readonly copy: CopyDocument
  readonly verify: VerifyDocument
  readonly inventories: readonly Inventory[]
  readonly sources: readonly SourceOutcome[]
}

export interface MigrationOptions extends Work {
  readonly sources: readonly SourceSpec[]
  /** URL of the target. */
  readonly target: string
  readonly decisions: Decisions
  /** How differing values are shown; absent, masked, because evidence leaves the machine. */
  readonly show?: ShowValue
  /** Runs between copy and verify: for tests that change what was copied. */
  readonly beforeVerify?: (target: string) => Promise<void>
}

/**
 * Snapshot, inspect, plan, copy and verify all sources.
 *
 * @throws any `HIVE_SOURCE_…`, `HIVE_TARGET_…` or `HIVE_DECISION…` fault; a negative verdict is in the documents
 */
export async function runMigration(options: MigrationOptions): Promise<MigrationRun> {
  // Snapshots hold everything that the sources hold: they go with the run, and never into its evidence.
  const workFolder = join(options.workFolder, 'snapshots')
  try {
    return await runOnSnapshots(options, await takeSnapshots(options.sources, { ...options, workFolder }))
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}

async function runOnSnapshots(options: MigrationOptions, snapshots: readonly Snapshot[]): Promise<MigrationRun> {
  const { sources, target } = options
  const startedAt = performance.now()
  const inventories = await inspectSnapshots(snapshots, options)
  const plan = planMigration(inventories, { sources, decisions: options.decisions })
  const copy = await copySnapshots(plan, { ...options, snapshots })
  await options.beforeVerify?.(target)
  const schemas = plan.document.sources.map(({ schema }) => schema)
  const verified = await verifySnapshots({ ...options, snapshots, schemas, show: options.show ?? showMasked() })
  const durationMs = performance.now() - startedAt
  const allRows = inventories.reduce((sum, inventory) => sum + rowsOf(inventory), 0)
  return {
    plan: plan.document,
    copy,
    verify: verified.document,
    inventories,
    sources: plan.sources.map(({ document, inventory }, index) => ({
      path: document.path,
      schema: document.schema,
      bytes: inventory.bytes,
      // One transaction holds all sources: each is given the share of its rows.
      durationMs: allRows === 0 ? durationMs / sources.length : (durationMs * rowsOf(inventory)) / allRows,
      rows: rowsOf(inventory),
      rowsProved: verified.proved[document.schema]?.rows ?? 0,
      valuesProved: verified.proved[document.schema]?.values ?? 0,
      orphans: orphansOf(inventory),
      notCarried: document.notCarried,
      quarantined: (copy.sources[index]?.tables ?? [])
        .filter(({ rowsQuarantined }) => rowsQuarantined > 0)
        .map(({ name, rowsQuarantined }) => ({ table: name, count: rowsQuarantined })),
      pendingDecisions: plan.pending.filter(({ schema }) => schema === document.schema),
    })),
  }
}

function rowsOf(inventory: Inventory): number {
  return inventory.tables.reduce((sum, { rows }) => sum + rows, 0)
}

export function orphansOf(inventory: Inventory): SourceOutcome['orphans'] {
  return inventory.tables.flatMap((table) =>
    table.foreignKeys.flatMap(({ columns, orphans }) =>
      orphans === undefined || orphans.count === 0 ? [] : [{ table: table.name, columns, ...orphans }],
    ),
  )
}
