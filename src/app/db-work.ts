import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fault, type ReportProgress } from '../core/index.ts'
import { parseDecisions, type Decisions, type Snapshot, type SourceSpec } from '../migration/index.ts'

/** What every `hive db` command starts from. */
export interface DbRequest {
  /** SQLite files as the user named them. */
  readonly sources: readonly string[]
  /** PostgreSQL schema, for a single source. */
  readonly schema?: string
  /** Decisions file. */
  readonly decisions?: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/** The sources with their schemas, by absolute path: where a schema is named after a folder, it must be known. */
export function sourcesOf(request: DbRequest): readonly SourceSpec[] {
  const { schema } = request
  if (schema !== undefined && request.sources.length > 1) {
    throw fault('HIVE_USAGE', {
      problem: `could not use --schema ${schema}: ${request.sources.length} sources given, wanted one`,
      command: 'db plan',
    })
  }
  const paths = request.sources.map((source) => resolve(request.cwd, source))
  const twice = request.sources.find((_, index) => paths.indexOf(paths[index] ?? '') !== index)
  if (twice !== undefined) {
    throw fault('HIVE_USAGE', {
      problem: `could not read ${twice}: it is given twice, wanted once`,
      command: 'db check',
    })
  }
  return paths.map((path) => (schema === undefined ? { path } : { path, schema }))
}

export async function decisionsOf(request: DbRequest): Promise<Decisions> {
  return request.decisions === undefined ? {} : readDecisions(request.decisions, request.cwd)
}

/** @throws HIVE_DECISIONS_FILE */
export async function readDecisions(path: string, cwd: string): Promise<Decisions> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw fault('HIVE_DECISIONS_FILE', { path, problem: 'no such file' }, error)
  })
  return parseDecisions(text, path)
}

/** Gives snapshots the names by which the user knows their sources. */
export function namedAsGiven(snapshots: readonly Snapshot[], request: DbRequest): readonly Snapshot[] {
  return snapshots.map(({ path, bytes, sha256, source }, index) => ({
    path,
    bytes,
    sha256,
    source: request.sources[index] ?? source,
  }))
}

/** Runs something with a private folder for snapshots, which holds everything that the sources hold and goes at once. */
export async function withWorkFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-db-'))
  try {
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
