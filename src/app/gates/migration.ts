import { join, relative } from 'node:path'
import { sha256 } from '../../core/index.ts'
import type { MigrationDocument } from '../../evidence/index.ts'
import type { MigrationAcceptances } from '../../gates/acceptances.ts'
import { judgeMigration } from '../../gates/migration.ts'
import type { DatabaseFacts } from '../../gates/migration.ts'
import { runMigration } from '../../migration/index.ts'
import type { Decisions, MigrationPlan, MigrationRun, SourceSpec } from '../../migration/index.ts'
import { withWorkFolder } from '../work-folder.ts'
import { writeDocument } from './files.ts'
import type { RunGate } from './gate.ts'
import {
  factsOfRehearsal,
  planOfProfiles,
  prepareRehearsals,
  removeRehearsals,
  type ProfilePattern,
  type Rehearsal,
  type RehearsalOutcome,
} from './rehearsal.ts'
import { findSourceFiles, type SourcePattern } from './source-files.ts'

export interface MigrationGateOptions {
  /** Paths or globs, relative to `hive.yml`, each with the schema that it is bound to, if any; or profiles. */
  readonly sources: readonly (SourcePattern | ProfilePattern)[]
  readonly decisions: Decisions
  readonly acceptances: MigrationAcceptances
  /** For the gate's own test: changes a value between copy and proof, which must be found. */
  readonly beforeVerify?: (target: string) => Promise<void>
}

/**
 * Copies every database of `hive.yml` into a scratch database and proves every value. Where only a profile is here, rows
 * made up from it rehearse the same, and a proof made beside the data says the rest.
 */
export function migrationGate(options: MigrationGateOptions): RunGate {
  return async ({ cwd, folder, services, signal, progress }) => {
    const synthetic = join(folder, 'synthetic')
    try {
      const { sources, rehearsals } = await findSources(options, { cwd, folder: synthetic })
      const server = await services.postgres()
      await using scratch = await server.createDatabase('migration')
      // Not in the run's folder: after a kill, a copy of the data would lie among the evidence.
      const run = await withWorkFolder((workFolder) =>
        runMigration({
          sources,
          target: scratch.url,
          decisions: options.decisions,
          workFolder,
          signal,
          progress,
          ...(options.beforeVerify === undefined ? {} : { beforeVerify: options.beforeVerify }),
        }),
      )
      const plan = planOfProfiles(run, { sources, rehearsals, decisions: options.decisions })
      const shown = shownPaths(run, (path) => nameOf(path, { cwd, rehearsals }))
      const outcomes = factsOf(shown, plan).map((facts, index): RehearsalOutcome => {
        const rehearsal = rehearsals.find(({ spec }) => spec === sources[index])
        return rehearsal === undefined ? { facts } : factsOfRehearsal(rehearsal, { facts, run, plan, index })
      })
      const facts = outcomes.map((outcome) => outcome.facts)
      const migration = documentOf(shown, outcomes)
      return {
        judgement: judgeMigration(facts, options.acceptances),
        files: [
          await writeDocument(shown.plan, { folder, name: 'plan' }),
          await writeDocument(shown.copy, { folder, name: 'copy' }),
          await writeDocument(shown.verify, { folder, name: 'verify' }),
          await writeDocument(migration, { folder, name: 'migration' }),
        ],
        environment: { postgresql: `${server.version} (${server.origin})`, node: process.version },
        migration,
      }
    } finally {
      await removeRehearsals(synthetic)
    }
  }
}

async function findSources(
  options: MigrationGateOptions,
  place: { readonly cwd: string; readonly folder: string },
): Promise<{ readonly sources: readonly SourceSpec[]; readonly rehearsals: readonly Rehearsal[] }> {
  const patterns = options.sources.flatMap((source) => ('path' in source ? [source] : []))
  const profiles = options.sources.flatMap((source) => ('profile' in source ? [source] : []))
  const files = profiles.length > 0 && patterns.length === 0 ? [] : await findSourceFiles(patterns, place.cwd)
  const rehearsals = await prepareRehearsals(profiles, place)
  return { sources: [...files, ...rehearsals.map(({ spec }) => spec)], rehearsals }
}

/** Evidence names files as the repository does: where a checkout lies is nobody's business. */
function nameOf(path: string, place: { readonly cwd: string; readonly rehearsals: readonly Rehearsal[] }): string {
  return place.rehearsals.find(({ spec }) => spec.path === path)?.pattern.profile ?? relative(place.cwd, path)
}

function shownPaths(run: MigrationRun, name: (path: string) => string): MigrationRun {
  const shorten = <T extends { readonly path: string }>(source: T): T => ({ ...source, path: name(source.path) })
  return {
    ...run,
    plan: { ...run.plan, sources: run.plan.sources.map(shorten) },
    copy: { ...run.copy, sources: run.copy.sources.map(shorten) },
    verify: { ...run.verify, sources: run.verify.sources.map(shorten) },
    sources: run.sources.map(shorten),
  }
}

/** `plan` is made from profiles where only those are here: what is open there counts real values. */
function factsOf(run: MigrationRun, plan: MigrationPlan): DatabaseFacts[] {
  return run.sources.map((source) => {
    const verified = run.verify.sources.find(({ schema }) => schema === source.schema)
    const tables = verified?.tables ?? []
    return {
      path: source.path,
      schema: source.schema,
      tables: tables.length,
      rows: source.rows,
      rowsProved: source.rowsProved,
      valuesProved: source.valuesProved,
      differences: tables.reduce((total, { differences }) => total + differences, 0),
      differing: tables.flatMap(({ name, differing }) =>
        differing.map(({ key, column }) => ({ table: name, key: key, column })),
      ),
      quarantined: source.quarantined,
      orphans: source.orphans,
      notCarried: source.notCarried,
      // Kept orphans are judged by their count: accepting them in hive.yml is the decision.
      pendingDecisions: plan.pending
        .filter(({ kind, schema }) => schema === source.schema && kind !== 'foreign-key')
        .map(({ key, problem, options, default: fallback }) => ({
          subject: `${source.schema}: ${key}`,
          message: `${problem}; ${fallback} was assumed`,
          hint: `decide ${options.join(' | ')} under migration.decisions in hive.yml`,
        })),
    }
  })
}

function documentOf(run: MigrationRun, outcomes: readonly RehearsalOutcome[]): MigrationDocument {
  const sum = (list: readonly { readonly count: number }[]): number =>
    list.reduce((total, { count }) => total + count, 0)
  return {
    schemaVersion: 1,
    databases: outcomes.map(({ facts: database, bytes, digests: proved }, index) => {
      const source = run.sources[index]
      const digests = (run.verify.sources.find(({ schema }) => schema === database.schema)?.tables ?? [])
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, digest }) => `${name} ${digest}`)
      return {
        path: database.path,
        schema: database.schema,
        bytes: bytes ?? source?.bytes ?? 0,
        tables: database.tables,
        rows: database.rows,
        rowsProved: database.rowsProved,
        valuesProved: database.valuesProved,
        rowsQuarantined: sum(database.quarantined),
        differences: database.differences,
        orphans: sum(database.orphans),
        notCarried: database.notCarried.length,
        durationMs: source?.durationMs ?? 0,
        digest: sha256((proved ?? digests).join('\n')),
      }
    }),
  }
}
