import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fault, type Clock, type ExitCode } from '../core/index.ts'
import {
  inspectSnapshots,
  planDocumentSchema,
  planMigration,
  readStateFolder,
  renderDdl,
  schemaNames,
  showPlainly,
  verifySnapshots,
  type DatabaseSearch,
  type Inventory,
  type MigrationPlan,
  type PlanDocument,
  type VerifyDocument,
} from '../migration/index.ts'
import { writeProof, type ProofPlace } from './db-proof.ts'
import { decisionsOf, searchFolders, withSnapshots, type DbRequest, type Prepared } from './db-work.ts'

export type { DbRequest } from './db-work.ts'

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

export interface VerifyRun {
  readonly document: VerifyDocument
  /** Of the proof that was written. */
  readonly proof?: { readonly signer: string; readonly keyPath: string }
  readonly rowsProved: number
  readonly valuesProved: number
  readonly exitCode: ExitCode
}

/** `hive db verify`: exit 1 where a row or value is not in the target as planned. */
export async function verifySources(
  request: DbRequest,
  options: {
    readonly target: string
    readonly plan?: string
    /** Folder that a copy with `--state` left. */
    readonly state?: string
    readonly proof?: ProofPlace
    readonly clock: Clock
  },
): Promise<VerifyRun> {
  const startedAt = options.clock.now().toISOString()
  const state = options.state === undefined ? undefined : await readStateFolder(resolve(request.cwd, options.state))
  const plan = options.plan === undefined ? state?.record.plan : await readPlan(options.plan, request.cwd)
  return withSnapshots(request, async ({ specs, snapshots }) => {
    const schemas = schemaNames(specs)
    const { target, clock, proof } = options
    const { document, proved } = await verifySnapshots({
      snapshots,
      schemas,
      target,
      show: showPlainly,
      signal: request.signal,
      progress: request.progress,
      ...(plan === undefined ? {} : { plan }),
      ...(state === undefined ? {} : { state }),
    })
    const all = Object.values(proved)
    const verified = { target, schemas, plan, snapshots, startedAt, verify: document, proved }
    const written = proof === undefined ? undefined : await writeProof(request, { ...proof, clock, verified })
    return {
      document,
      ...(written === undefined ? {} : { proof: { signer: written.document.signer, keyPath: written.keyPath } }),
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
