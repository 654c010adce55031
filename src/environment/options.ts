import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HiveError, ReportProgress } from '../core/index.ts'

export interface EnvironmentOptions {
  /** Environment variables of the process; only HIVE_POSTGRES_URL, HIVE_REDIS_URL, K6_BIN, PATH, TMPDIR and the like are read. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** When it is aborted, a start is given up and running servers are stopped and removed. */
  readonly signal?: AbortSignal
  readonly progress?: ReportProgress
  /** `.tools` of the clone or package; by default that of the package this file belongs to. */
  readonly toolsFolder?: string
  /** Server settings that replace the defaults: `{ fsync: 'off' }`, `{ appendfsync: 'always' }`. Ignored for given servers. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface ScratchDatabase extends AsyncDisposable {
  readonly name: string
  readonly url: string
  /** Drops the database, also while others are connected. Dropping twice does nothing. */
  drop(): Promise<void>
}

export interface PostgresServer extends AsyncDisposable {
  /** Connection of a superuser (of the given user, for a given server) to the maintenance database. Secret. */
  readonly url: string
  /** "18.4" */
  readonly version: string
  readonly origin: 'given' | 'embedded' | 'machine'
  /** Creates an empty UTF-8 database with a name of its own; it is dropped by {@link ScratchDatabase.drop} or on close. */
  createDatabase(label: string): Promise<ScratchDatabase>
  /** `HIVE_POSTGRES_STOPPED` when the private server ended by itself: the reason behind a lost connection. */
  whyStopped(): HiveError | undefined
  /** Stops the private server and removes its folder; for a given server drops the scratch databases. Safe to call twice. */
  close(): Promise<void>
}

export interface RedisServer extends AsyncDisposable {
  /** Connection with password. Secret. */
  readonly url: string
  readonly version: string
  readonly origin: 'given' | 'machine' | 'tools'
  /** `HIVE_REDIS_STOPPED` when the private server ended by itself. */
  whyStopped(): HiveError | undefined
  close(): Promise<void>
}

export interface Tool {
  readonly path: string
  readonly version: string
  /** Where it was found: "K6_BIN", "PATH", ".tools". */
  readonly origin: string
}

/** `.tools` beside the package.json that this code belongs to, or undefined where there is none (a bundled Action). */
export function toolsFolderOf(options: EnvironmentOptions): string | undefined {
  if (options.toolsFolder !== undefined) return options.toolsFolder
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, '.tools')
    if (folder === dirname(folder)) return undefined
  }
}
