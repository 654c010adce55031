import { fault, type Clock } from '../core/index.ts'
import {
  describeProofTarget,
  inspectSnapshots,
  literalsOf,
  makeProof,
  measureSnapshot,
  profileOf,
  type PlanDocument,
  type ProfileDocument,
  type ProofDocument,
  type ProofKey,
  type Snapshot,
  type VerifyDocument,
} from '../migration/index.ts'
import { searchFolders, withSnapshots, type DbRequest } from './db-work.ts'
import { packageVersion } from './package.ts'
import { openProofKey, writeProofFile } from './proof-files.ts'

/** Where a profile or a proof goes, and the key that it is made with. */
export interface ProofPlace {
  readonly file: string
  /** As given with `--key`. */
  readonly key?: string
}

export interface ProfileOutcome {
  readonly document: ProfileDocument
  readonly keyPath: string
  /** Literals of the schema that stand in it. */
  readonly literals: number
}

/** `hive db inspect --profile`: the value-free profile of all sources. */
export async function profileSources(request: DbRequest, place: ProofPlace): Promise<ProfileOutcome> {
  const { sources } = await searchFolders(request)
  const { key, path: keyPath } = await openProofKey({ ...request, ...place, sources })
  const document = await withSnapshots({ ...request, sources }, ({ snapshots }) =>
    profileDocument(snapshots, { key, request }),
  )
  await writeProofFile(place.file, { cwd: request.cwd, document })
  const literals = document.sources.reduce((sum, source) => sum + literalsOf(source).length, 0)
  return { document, keyPath, literals }
}

async function profileDocument(
  snapshots: readonly Snapshot[],
  made: { readonly key: ProofKey; readonly request: DbRequest },
): Promise<ProfileDocument> {
  const inventories = await inspectSnapshots(snapshots, made.request)
  const sources = snapshots.flatMap((snapshot, index) => {
    const inventory = inventories[index]
    if (inventory === undefined) return []
    const sizes = measureSnapshot(snapshot, inventory)
    return [profileOf(inventory, { source: made.key.digest(snapshot.sha256), sizes })]
  })
  return { schemaVersion: 1, kind: 'profile', tool: packageVersion(), sources }
}

/** What a verification found, with everything that its proof is bound to. */
export interface Verified {
  readonly target: string
  readonly schemas: readonly string[]
  /** Given with `--plan`; else the plan in the target is the one that was proved. */
  readonly plan: PlanDocument | undefined
  readonly snapshots: readonly Snapshot[]
  readonly startedAt: string
  readonly verify: VerifyDocument
  readonly proved: Readonly<Record<string, { readonly rows: number; readonly values: number }>>
}

/**
 * `hive db verify --proof`: the portable proof. It reads the snapshots once more for the profile that it is bound to.
 *
 * @throws HIVE_TARGET_NO_PLAN, HIVE_PROOF_KEY
 */
export async function writeProof(
  request: DbRequest,
  options: ProofPlace & { readonly clock: Clock; readonly verified: Verified },
): Promise<{ readonly document: ProofDocument; readonly keyPath: string }> {
  const { verified, clock } = options
  const { key, path: keyPath } = await openProofKey({ ...request, ...options })
  const { server, plans: stored } = await describeProofTarget(verified.target, {
    ...request,
    schemas: verified.schemas,
  })
  const plans = verified.schemas.map((schema, index) => {
    const plan = verified.plan?.sources.find((source) => source.schema === schema) ?? stored[index]
    if (plan === undefined) throw fault('HIVE_TARGET_NO_PLAN', { schema })
    return plan
  })
  const profile = await profileDocument(verified.snapshots, { key, request })
  const document = makeProof(
    {
      ...verified,
      tool: packageVersion(),
      server,
      finishedAt: clock.now().toISOString(),
      profiles: profile.sources,
      plans,
    },
    key,
  )
  await writeProofFile(options.file, { cwd: request.cwd, document })
  return { document, keyPath }
}
