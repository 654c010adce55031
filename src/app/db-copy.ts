import { resolve } from 'node:path'
import type { ExitCode } from '../core/index.ts'
import {
  copySnapshots,
  copySnapshotsIntoExisting,
  hasTablesFor,
  inspectSnapshots,
  planMigration,
  type CopyDocument,
  type ExistingRows,
  type Inventory,
  type PendingDecision,
  type PlanDocument,
} from '../migration/index.ts'
import { decisionsOf, withSnapshots, type DbRequest, type Prepared } from './db-work.ts'

export interface CopyRequest extends DbRequest {
  readonly target: string
  /** Fill tables that are there; absent, wherever the target has tables for the source that no copy made. */
  readonly intoExisting?: true
  /** What becomes of rows that existing tables hold; refused by default. */
  readonly existingRows?: ExistingRows
  /** Folder for plan and quarantine of a copy into existing tables, instead of the schema `hive`. */
  readonly state?: string
}

export interface CopyOutcome {
  readonly plan: PlanDocument
  readonly pending: readonly PendingDecision[]
  /** Absent where nothing was copied, because decisions come first. */
  readonly document?: CopyDocument
  /** Where refused rows are. */
  readonly quarantine: string
  readonly exitCode: ExitCode
}

/** `hive db copy`: exit 1 where a row was quarantined, 3 where nothing was copied because a decision is open. */
export async function copySources(request: CopyRequest): Promise<CopyOutcome> {
  return withSnapshots(request, async (prepared) => {
    const inventories = await inspectSnapshots(prepared.snapshots, request)
    const isExisting =
      request.intoExisting === true ||
      request.existingRows !== undefined ||
      request.state !== undefined ||
      (await hasTablesFor({ ...request, sources: prepared.specs, inventories }))
    return isExisting ? fillTables(request, prepared, inventories) : createAndCopy(request, prepared, inventories)
  })
}

async function createAndCopy(
  request: CopyRequest,
  prepared: Prepared,
  inventories: readonly Inventory[],
): Promise<CopyOutcome> {
  const { target, signal, progress } = request
  const decisions = await decisionsOf(request)
  const plan = planMigration(inventories, { sources: prepared.specs, decisions })
  const document = await copySnapshots(plan, { snapshots: prepared.snapshots, target, signal, progress })
  return { plan: plan.document, pending: plan.pending, document, ...verdictOf(document), quarantine: 'hive.quarantine' }
}

async function fillTables(
  request: CopyRequest,
  prepared: Prepared,
  inventories: readonly Inventory[],
): Promise<CopyOutcome> {
  const { target, signal, progress, state } = request
  const outcome = await copySnapshotsIntoExisting({
    target,
    sources: prepared.specs,
    snapshots: prepared.snapshots,
    inventories,
    decisions: await decisionsOf(request),
    existingRows: request.existingRows ?? 'refuse',
    signal,
    progress,
    ...(state === undefined ? {} : { state: resolve(request.cwd, state) }),
  })
  const { plan } = outcome
  const quarantine = state === undefined ? 'hive.quarantine' : `${state}/hive-quarantine.jsonl`
  const planned = { plan: plan.document, pending: [...plan.open, ...plan.pending], quarantine }
  if (outcome.kind === 'undecided') return { ...planned, exitCode: 3 }
  return { ...planned, document: outcome.document, ...verdictOf(outcome.document) }
}

function verdictOf({ verdict }: CopyDocument): { readonly exitCode: ExitCode } {
  return { exitCode: verdict === 'pass' ? 0 : 1 }
}
