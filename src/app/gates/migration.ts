import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, hashOf } from '../../core/index.ts'
import type { MigrationDocument } from '../../evidence/index.ts'
import type { MigrationAcceptances } from '../../gates/acceptances.ts'
import { judgeMigration } from '../../gates/migration.ts'
import type { DatabaseFacts } from '../../gates/migration.ts'
import { runMigration } from '../../migration/index.ts'
import type { Decisions, MigrationRun, SourceSpec } from '../../migration/index.ts'
import { writeDocument } from './files.ts'
import type { RunGate } from './gate.ts'

export interface MigrationGateOptions {
  /** Paths or globs, relative to `hive.yml`, each with the schema that it is bound to, if any. */
  readonly sources: readonly { readonly path: string; readonly schema?: string }[]
  readonly decisions: Decisions
  readonly acceptances: MigrationAcceptances
  /** For the gate's own test: changes a value between copy and proof, which must be found. */
  readonly beforeVerify?: (target: string) => Promise<void>
}

/** Copies every database of `hive.yml` into a scratch database and proves every value. */
export function migrationGate(options: MigrationGateOptions): RunGate {
  return async ({ cwd, folder, services, signal, progress }) => {
    const sources = await findSources(options.sources, cwd)
    const server = await services.postgres()
    await using scratch = await server.createDatabase('migration')
    const run = await runMigration({
      sources,
      target: scratch.url,
      decisions: options.decisions,
      workFolder: folder,
      signal,
      progress,
      ...(options.beforeVerify === undefined ? {} : { beforeVerify: options.beforeVerify }),
    })
    const facts = factsOf(run)
    const migration = documentOf(run, facts)
    return {
      judgement: judgeMigration(facts, options.acceptances),
      files: [
        await writeDocument(run.plan, { folder, name: 'plan' }),
        await writeDocument(run.copy, { folder, name: 'copy' }),
        await writeDocument(withoutValues(run.verify), { folder, name: 'verify' }),
        await writeDocument(migration, { folder, name: 'migration' }),
      ],
      environment: { postgresql: `${server.version} (${server.origin})`, node: process.version },
      migration,
    }
  }
}

/** Expands the globs; a pattern that matches nothing is an error, because it would prove nothing. */
async function findSources(patterns: MigrationGateOptions['sources'], cwd: string): Promise<SourceSpec[]> {
  const found = new Map<string, SourceSpec>()
  for (const { path, schema } of patterns) {
    const matches: string[] = []
    for await (const match of glob(path, { cwd })) matches.push(match)
    if (matches.length === 0) throw fault('HIVE_GATE_NO_SOURCES', { patterns: [path] })
    for (const match of matches.sort()) {
      found.set(match, { path: join(cwd, match), ...(schema === undefined ? {} : { schema }) })
    }
  }
  if (found.size === 0) throw fault('HIVE_GATE_NO_SOURCES', { patterns: [] })
  return [...found.values()]
}
