import { canonicalJson, fault, hashOf, type HiveError } from '../../core/index.ts'
import type { PlanSource, VerifyDocument } from '../documents.ts'
import { fingerprintOf, isSignedBy, type ProofKey } from './key.ts'
import { sourcePlanHash } from './plan-hash.ts'
import type { ProofDocument, ProofSource } from './proof-schema.ts'
import type { ProfileSource } from './schema.ts'

export interface ProofFacts {
  readonly tool: string
  readonly server: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly verify: VerifyDocument
  /** By schema. */
  readonly proved: Readonly<Record<string, { readonly rows: number; readonly values: number }>>
  /** One for each source of `verify`, in its order. */
  readonly profiles: readonly ProfileSource[]
  readonly plans: readonly PlanSource[]
}

/** The proof of a verification, without its values, signed. */
export function makeProof(facts: ProofFacts, key: ProofKey): ProofDocument {
  const sources = facts.verify.sources.flatMap((source, index): readonly ProofSource[] => {
    const profile = facts.profiles[index]
    const plan = facts.plans[index]
    if (profile === undefined || plan === undefined) return []
    return [proofSource(source, { profile, plan, proved: facts.proved[source.schema], key })]
  })
  const unsigned = {
    schemaVersion: 1 as const,
    kind: 'proof' as const,
    tool: facts.tool,
    server: facts.server,
    startedAt: facts.startedAt,
    finishedAt: facts.finishedAt,
    verdict: facts.verify.verdict,
    sources,
    signer: key.signer,
  }
  return { ...unsigned, signature: key.sign(canonicalJson(unsigned)) }
}

function proofSource(
  source: VerifyDocument['sources'][number],
  bound: {
    readonly profile: ProfileSource
    readonly plan: PlanSource
    readonly proved: { readonly rows: number; readonly values: number } | undefined
    readonly key: ProofKey
  },
): ProofSource {
  const { profile, plan, proved, key } = bound
  return {
    name: profile.name,
    source: profile.source,
    profile: hashOf(profile),
    plan: sourcePlanHash(plan),
    rowsProved: proved?.rows ?? 0,
    valuesProved: proved?.values ?? 0,
    tables: source.tables.map((table) => {
      const columns = plan.tables.find(({ name }) => name === table.name)?.columns.length ?? 0
      return {
        name: table.name,
        target: table.target,
        rowsSource: table.rowsSource,
        rowsTarget: table.rowsTarget,
        rowsQuarantined: table.rowsQuarantined,
        values: table.rowsTarget * columns,
        differences: table.differences,
        chunks: (table.chunks ?? []).map(({ rows, digest }, chunk) => ({
          rows,
          digest: key.digest(`${table.name}\0${chunk}\0${digest}`),
        })),
      }
    }),
  }
}

/** What a committed proof says of one source, or why it says nothing. */
export type ProofVerdict =
  | { readonly kind: 'accepted'; readonly source: ProofSource; readonly isNamed: boolean }
  | { readonly kind: 'refused'; readonly fault: HiveError }

/**
 * Decides whether a proof may stand for values that nobody here can see: it must be whole and signed, by the named key
 * where one is named, and bound to this profile, this plan and this version of the tool.
 */
export function judgeProof(
  proof: ProofDocument,
  wanted: {
    /** For messages. */
    readonly path: string
    readonly profile: ProfileSource
    readonly plan: PlanSource
    readonly tool: string
    readonly signer?: string
  },
): ProofVerdict {
  const { path, profile, plan } = wanted
  const refuse = (refusal: HiveError): ProofVerdict => ({ kind: 'refused', fault: refusal })
  const { signature, ...unsigned } = proof
  if (!isSignedBy(proof.signer, { text: canonicalJson(unsigned), signature }))
    return refuse(fault('HIVE_PROOF_SIGNATURE', { path }))
  if (wanted.signer !== undefined && wanted.signer !== proof.signer) {
    return refuse(fault('HIVE_PROOF_SIGNER', { path, found: proof.signer, wanted: wanted.signer }))
  }
  if (proof.tool !== wanted.tool)
    return refuse(fault('HIVE_PROOF_TOOL', { path, found: proof.tool, wanted: wanted.tool }))
  const own = proof.sources.filter(({ name }) => name === profile.name)
  const source = own.find((candidate) => candidate.source === profile.source)
  if (source === undefined) {
    const problem = own.length === 0 ? 'no such source' : 'another state of the file'
    return refuse(fault('HIVE_PROOF_SOURCE', { path, source: profile.name, problem }))
  }
  if (source.profile !== hashOf(profile)) {
    return refuse(fault('HIVE_PROOF_SOURCE', { path, source: profile.name, problem: 'another profile of it' }))
  }
  const planned = sourcePlanHash(plan)
  if (source.plan !== planned) {
    const [found, expected] = [fingerprintOf(source.plan), fingerprintOf(planned)]
    return refuse(fault('HIVE_PROOF_PLAN', { path, source: profile.name, found, wanted: expected }))
  }
  const gap = gapOf(source, { profile, plan })
  if (gap !== undefined) return refuse(fault('HIVE_PROOF_TABLES', { path, source: profile.name, problem: gap }))
  return { kind: 'accepted', source, isNamed: wanted.signer !== undefined }
}

/** What the proof leaves out, or where its numbers do not add up; `undefined` where it covers the whole profile. */
function gapOf(
  source: ProofSource,
  bound: { readonly profile: ProfileSource; readonly plan: PlanSource },
): string | undefined {
  const { profile, plan } = bound
  let rowsInPlace = 0
  if (source.tables.length !== plan.tables.length) {
    return `${source.tables.length} tables proved, ${plan.tables.length} planned`
  }
  for (const planned of plan.tables) {
    const table = source.tables.find(({ name }) => name === planned.name)
    if (table === undefined) return `table ${planned.name} not proved`
    const rows = planned.rows === 'none' ? 0 : (profile.tables.find(({ name }) => name === planned.name)?.rows ?? 0)
    if (table.rowsSource !== rows) return `${table.rowsSource} rows of ${planned.name} read, ${rows} in the profile`
    const isWhole = table.rowsTarget + table.rowsQuarantined === rows
    if (!isWhole && table.differences === 0) return `rows of ${planned.name} that are neither there nor in quarantine`
    const chunked = table.chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
    if (chunked !== table.rowsTarget) return `digests of ${chunked} of ${table.rowsTarget} rows of ${planned.name}`
    rowsInPlace += rows - table.rowsQuarantined
  }
  const differences = source.tables.reduce((sum, table) => sum + table.differences, 0)
  if (source.rowsProved > rowsInPlace || (differences === 0 && source.rowsProved < rowsInPlace)) {
    return `${source.rowsProved} rows proved, ${rowsInPlace} in place`
  }
  return undefined
}
