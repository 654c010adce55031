import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fault, HiveError } from '../../core/index.ts'
import type { DatabaseFacts } from '../../gates/migration.ts'
import {
  inventoryOf,
  judgeProof,
  orphansOf,
  planMigration,
  sourcePlanHash,
  writeSyntheticFile,
  type Decisions,
  type MigrationPlan,
  type MigrationRun,
  type ProfileSource,
  type ProofDocument,
  type ProofVerdict,
  type SourceSpec,
} from '../../migration/index.ts'
import { packageVersion } from '../package.ts'
import { readProfile, readProof } from '../proof-files.ts'

/** A database whose values must not be here, as `hive.yml` names it; relative to it. */
export interface ProfilePattern {
  readonly profile: string
  readonly proof?: string
  readonly signer?: string
  readonly schema?: string
}

/** One source of a profile, with the file of made-up rows that stands for it. */
export interface Rehearsal {
  readonly spec: SourceSpec
  readonly pattern: ProfilePattern
  readonly profile: ProfileSource
  readonly rows: number
  readonly proof?: ProofDocument
}

/**
 * Writes the made-up databases of all profiles into `folder`.
 *
 * @throws HIVE_PROFILE_FILE, HIVE_PROFILE_ROWS, HIVE_PROOF_FILE
 */
export async function prepareRehearsals(
  patterns: readonly ProfilePattern[],
  place: { readonly cwd: string; readonly folder: string },
): Promise<readonly Rehearsal[]> {
  const rehearsals: Rehearsal[] = []
  for (const pattern of patterns) {
    const { sources } = await readProfile(pattern.profile, place.cwd)
    const proof = pattern.proof === undefined ? undefined : await readProof(pattern.proof, place.cwd)
    if (pattern.schema !== undefined && sources.length > 1) {
      const problem = `it holds ${sources.length} sources for the one schema ${pattern.schema}`
      throw fault('HIVE_PROFILE_FILE', { path: pattern.profile, problem })
    }
    for (const profile of sources) {
      // The folder's name is part of a schema's name where two stems meet: it is that of the profile.
      const parent = basename(dirname(join(place.cwd, pattern.profile)))
      const folder = join(place.folder, String(rehearsals.length), parent)
      await mkdir(folder, { recursive: true })
      const path = join(folder, profile.name)
      const rows = write(path, { pattern, profile })
      const spec = pattern.schema === undefined ? { path } : { path, schema: pattern.schema }
      rehearsals.push({ spec, pattern, profile, rows, ...(proof === undefined ? {} : { proof }) })
    }
  }
  return rehearsals
}

function write(path: string, from: { readonly pattern: ProfilePattern; readonly profile: ProfileSource }): number {
  try {
    return writeSyntheticFile(path, from.profile)
  } catch (error) {
    if (error instanceof HiveError) throw error
    const problem = error instanceof Error ? error.message : String(error)
    throw fault('HIVE_PROFILE_ROWS', { path: from.pattern.profile, source: from.profile.name, problem }, error)
  }
}

export async function removeRehearsals(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

/** The plan of all sources, where profiles stand for what only made-up rows were copied from: its counts are true. */
export function planOfProfiles(
  run: MigrationRun,
  options: {
    readonly sources: readonly SourceSpec[]
    readonly rehearsals: readonly Rehearsal[]
    readonly decisions: Decisions
  },
): MigrationPlan {
  const inventories = run.inventories.map((inventory, index) => {
    const spec = options.sources[index]
    const rehearsal = options.rehearsals.find((candidate) => candidate.spec === spec)
    return rehearsal === undefined ? inventory : inventoryOf(rehearsal.profile, rehearsal.spec.path)
  })
  return planMigration(inventories, options)
}

/** What the gate judges of a database, and what its row in the report says instead of the copy. */
export interface RehearsalOutcome {
  readonly facts: DatabaseFacts
  readonly bytes?: number
  /** Keyed digests of the proof. */
  readonly digests?: readonly string[]
}

/** Puts the profile's counts and the proof's verdict in the place of what the made-up rows gave. */
export function factsOfRehearsal(
  rehearsal: Rehearsal,
  found: {
    readonly facts: DatabaseFacts
    readonly run: MigrationRun
    readonly plan: MigrationPlan
    /** Of the source in run and plan. */
    readonly index: number
  },
): RehearsalOutcome {
  const { pattern, profile, proof } = rehearsal
  const planned = found.plan.sources[found.index]
  const rehearsed = found.run.plan.sources[found.index]
  if (planned === undefined || rehearsed === undefined)
    throw fault('HIVE_INTERNAL', { problem: 'a rehearsal without a plan' })
  const verdict =
    proof === undefined
      ? undefined
      : judgeProof(proof, {
          path: pattern.proof ?? '',
          profile,
          plan: planned.document,
          tool: packageVersion(),
          ...(pattern.signer === undefined ? {} : { signer: pattern.signer }),
        })
  const copied = new Set(planned.document.tables.flatMap(({ name, rows }) => (rows === 'none' ? [] : [name])))
  const rows = profile.tables.reduce((sum, table) => sum + (copied.has(table.name) ? table.rows : 0), 0)
  const tables = verdict?.kind === 'accepted' ? verdict.source.tables : []
  return {
    bytes: profile.bytes,
    ...(tables.length === 0 ? {} : { digests: tables.flatMap(({ chunks }) => chunks.map(({ digest }) => digest)) }),
    facts: {
      ...found.facts,
      path: pattern.profile,
      tables: planned.document.tables.length,
      rows,
      rowsProved: verdict?.kind === 'accepted' ? verdict.source.rowsProved : 0,
      valuesProved: verdict?.kind === 'accepted' ? verdict.source.valuesProved : 0,
      differences: found.facts.differences + tables.reduce((sum, { differences }) => sum + differences, 0),
      quarantined:
        verdict?.kind === 'accepted'
          ? tables
              .filter(({ rowsQuarantined }) => rowsQuarantined > 0)
              .map(({ name, rowsQuarantined }) => ({ table: name, count: rowsQuarantined }))
          : found.facts.quarantined,
      orphans: orphansOf(planned.inventory),
      notCarried: planned.document.notCarried,
      rehearsal: {
        rows: rehearsal.rows,
        samePlan: sourcePlanHash(planned.document) === sourcePlanHash(rehearsed),
        proof: proofFact(verdict, proof),
      },
    },
  }
}

function proofFact(
  verdict: ProofVerdict | undefined,
  proof: ProofDocument | undefined,
): NonNullable<DatabaseFacts['rehearsal']>['proof'] {
  if (verdict === undefined || proof === undefined) return { kind: 'missing' }
  if (verdict.kind === 'refused') {
    const { code, message, hint } = verdict.fault
    return { kind: 'refused', code, message, hint }
  }
  const { finishedAt, server, signer } = proof
  return { kind: 'accepted', finishedAt, server, signer, isNamed: verdict.isNamed }
}
