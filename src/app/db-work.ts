import { readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fault, type ReportProgress } from '../core/index.ts'
import {
  findDatabases,
  parseDecisions,
  takeSnapshots,
  type DatabaseSearch,
  type Decisions,
  type Snapshot,
  type SourceSpec,
} from '../migration/index.ts'
import { withWorkFolder } from './work-folder.ts'

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

/**
 * The request's sources with each folder replaced by the databases that it holds; one that was named twice is kept once.
 *
 * @throws HIVE_SOURCE_NONE where a folder holds none
 */
export async function searchFolders(
  request: DbRequest,
): Promise<{ readonly sources: readonly string[]; readonly searches: readonly DatabaseSearch[] }> {
  const sources: string[] = []
  const searches: DatabaseSearch[] = []
  for (const source of request.sources) {
    const entry = await stat(resolve(request.cwd, source)).catch(() => undefined)
    if (entry?.isDirectory() !== true) {
      sources.push(source)
      continue
    }
    const search = asGiven(await findDatabases(resolve(request.cwd, source), request), source)
    if (search.databases.length === 0) {
      throw fault('HIVE_SOURCE_NONE', { path: source, filesRead: search.filesRead })
    }
    searches.push(search)
    const known = new Set(sources.map((path) => resolve(request.cwd, path)))
    sources.push(...search.databases.filter((path) => !known.has(resolve(request.cwd, path))))
  }
  return { sources, searches }
}

/** Paths below a folder by the name that the user gave it. */
function asGiven(search: DatabaseSearch, source: string): DatabaseSearch {
  const rename = (path: string): string => join(source, relative(search.folder, path))
  return {
    ...search,
    folder: source,
    databases: search.databases.map(rename),
    unreadable: search.unreadable.map(rename),
  }
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
  return snapshots.map((snapshot, index) => ({ ...snapshot, source: request.sources[index] ?? snapshot.source }))
}

/** What the sources are read from while a command works. */
export interface Prepared {
  readonly specs: readonly SourceSpec[]
  readonly snapshots: readonly Snapshot[]
}

/** Snapshots of all sources, while `run` works with them. */
export async function withSnapshots<T>(request: DbRequest, run: (prepared: Prepared) => Promise<T>): Promise<T> {
  const specs = sourcesOf(request)
  return withWorkFolder(async (workFolder) => {
    const taken = await takeSnapshots(specs, { workFolder, signal: request.signal, progress: request.progress })
    return run({
      specs,
      snapshots: namedAsGiven(taken, request),
    })
  })
}
