import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fault, type ReportProgress } from '../core/index.ts'
import { parseDecisions, type Decisions, type SourceSpec } from '../migration/index.ts'

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

/** The sources with their schemas; paths stay as they were typed, so that documents do not depend on the machine. */
export function sourcesOf(request: DbRequest): readonly SourceSpec[] {
  if (request.schema !== undefined && request.sources.length > 1) {
    throw fault('HIVE_USAGE', {
      problem: `could not use --schema ${request.schema}: ${request.sources.length} sources given, wanted one`,
      command: 'db plan',
    })
  }
  const seen = new Set<string>()
  for (const source of request.sources) {
    const path = resolve(request.cwd, source)
    if (seen.has(path)) throw fault('HIVE_USAGE', { problem: `could not read ${source} twice`, command: 'db check' })
    seen.add(path)
  }
  return request.sources.map((source) => ({
    path: source,
    ...(request.schema === undefined ? {} : { schema: request.schema }),
  }))
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

/** Runs something with a private folder for snapshots, which holds everything that the sources hold and goes at once. */
export async function withWorkFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-db-'))
  try {
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
