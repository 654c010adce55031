import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { fault, HiveError } from '../../core/errors.ts'

/** How long SQLite waits for a lock before the source counts as locked. */
export const lockWaitMs = 5_000

/**
 * Opens a private snapshot: nobody writes it, so it needs neither locks nor side files (`immutable=1`, which would be
 * wrong on a file that somebody uses).
 */
export function openSnapshot(path: string): DatabaseSync {
  const url = new URL(pathToFileURL(path).href)
  url.searchParams.set('immutable', '1')
  return new DatabaseSync(url, {
    readOnly: true,
    readBigInts: true,
    returnArrays: true,
    // Old schemas hold "text" in double quotes; without this they cannot even be listed.
    enableDoubleQuotedStringLiterals: true,
  })
}

/** SQLite's extended result code, where an error has one. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

const busy = 5
const locked = 6
const corrupt = 11
const notADatabase = 26

/** Gives what SQLite threw about a source its code. */
export function sourceFault(error: unknown, path: string): HiveError {
  if (error instanceof HiveError) return error
  const code = sqliteCode(error)
  const problem = error instanceof Error ? error.message : String(error)
  switch (code === undefined ? undefined : code & 0xff) {
    case busy:
    case locked:
      return fault('HIVE_SOURCE_LOCKED', { path, waitedMs: lockWaitMs }, error)
    case corrupt:
      return fault('HIVE_SOURCE_CORRUPT', { path, problem }, error)
    case notADatabase:
      return fault('HIVE_SOURCE_NOT_SQLITE', { path }, error)
    default:
      return fault('HIVE_SOURCE_UNREADABLE', { path, problem }, error)
  }
}

/** Quotes an identifier for SQLite. */
export function sqliteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
