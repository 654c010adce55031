import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fault, type ExitCode } from '../core/index.ts'
import {
  copySnapshots,
  inspectSnapshots,
  planDocumentSchema,
  planMigration,
  renderDdl,
  schemaNames,
  showPlainly,
  takeSnapshots,
  verifySnapshots,
  type CopyDocument,
  type DatabaseSearch,
  type Inventory,
  type MigrationPlan,
  type PlanDocument,
  type Snapshot,
  type SourceSpec,
  type VerifyDocument,
} from '../migration/index.ts'
import { decisionsOf, namedAsGiven, searchFolders, sourcesOf, withWorkFolder, type DbRequest } from './db-work.ts'

export type { DbRequest } from './db-work.ts'

interface Prepared {
  readonly specs: readonly SourceSpec[]
  readonly snapshots: readonly Snapshot[]
}

/** Snapshots of all sources, while `run` works with them. */
async function withSnapshots<T>(request: DbRequest, run: (prepared: Prepared) => Promise<T>): Promise<T> {
  const specs = sourcesOf(request)
  return withWorkFolder(async (workFolder) => {
    const taken = await takeSnapshots(specs, { workFolder, signal: request.signal, progress: request.progress })
    return run({
      specs,
      snapshots: namedAsGiven(taken, request),
    })
  })
}

async function planFrom(request: DbRequest, prepared: Prepared): Promise<MigrationPlan> {
  const decisions = await decisionsOf(request)
  const inventories = await inspectSnapshots(prepared.snapshots, request)
  return planMigration(inventories, { sources: prepared.specs, decisions })
}

export interface InspectOutcome {
  readonly inventories: readonly Inventory[]
  /** One for each folder among the paths. */
  readonly searches: readonly DatabaseSearch[]
}

/** `hive db inspect`: files as they are named, and every database that the named folders hold. */
export async function inspectSources(request: DbRequest): Promise<InspectOutcome> {
  const { sources, searches } = await searchFolders(request)
  const inventories = await withSnapshots({ ...request, sources }, ({ snapshots }) =>
    inspectSnapshots(snapshots, request),
  )
  return { inventories, searches }
}

export interface PlanOutcome {
  readonly plan: MigrationPlan
  /** Paths of the written files, as given with `--out`. */
  readonly wrote: readonly string[]
}

/** `hive db plan`: `plan.json`, `up.sql` and `down.sql` in a folder, where one is named. */
export async function planSources(request: DbRequest, out: string | undefined): Promise<PlanOutcome> {
  return withSnapshots(request, async (prepared) => {
    const plan = await planFrom(request, prepared)
    if (out === undefined) return { plan, wrote: [] }
    const { up, down } = renderDdl(plan)
    const files = { 'plan.json': `${JSON.stringify(plan.document, null, 2)}\n`, 'up.sql': up, 'down.sql': down }
    await mkdir(resolve(request.cwd, out), { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(resolve(request.cwd, out, name), text)
    return { plan, wrote: Object.keys(files).map((name) => join(out, name)) }
  })
}

export interface CopyOutcome {
  readonly plan: MigrationPlan
  readonly document: CopyDocument
  readonly exitCode: ExitCode
}

/** `hive db copy`: exit 1 where a row was quarantined. */
export async function copySources(request: DbRequest, target: string): Promise<CopyOutcome> {
  return withSnapshots(request, async (prepared) => {
    const plan = await planFrom(request, prepared)
    const { signal, progress } = request
    const document = await copySnapshots(plan, { snapshots: prepared.snapshots, target, signal, progress })
    return { plan, document, exitCode: document.verdict === 'pass' ? 0 : 1 }
  })
}

export interface VerifyRun {
  readonly document: VerifyDocument
  readonly rowsProved: number
  readonly valuesProved: number
  readonly exitCode: ExitCode
}

/** `hive db verify`: exit 1 where a row or value is not in the target as planned. */
export async function verifySources(
  request: DbRequest,
  options: { readonly target: string; readonly plan?: string },
): Promise<VerifyRun> {
  const plan = options.plan === undefined ? undefined : await readPlan(options.plan, request.cwd)
  return withSnapshots(request, async ({ specs, snapshots }) => {
    const { document, proved } = await verifySnapshots({
      snapshots,
      schemas: schemaNames(specs),
      target: options.target,
      show: showPlainly,
      signal: request.signal,
      progress: request.progress,
      ...(plan === undefined ? {} : { plan }),
    })
    const all = Object.values(proved)
    return {
      document,
      rowsProved: all.reduce((sum, { rows }) => sum + rows, 0),
      valuesProved: all.reduce((sum, { values }) => sum + values, 0),
      exitCode: document.verdict === 'pass' ? 0 : 1,
    }
  })
}

async function readPlan(path: string, cwd: string): Promise<PlanDocument> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw fault('HIVE_PLAN_FILE', { path, problem: 'no such file' }, error)
  })
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw fault('HIVE_PLAN_FILE', { path, problem: 'it is no JSON' }, error)
  }
  const read = planDocumentSchema.safeParse(document)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw fault('HIVE_PLAN_FILE', {
    path,
    problem: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`,
  })
}
