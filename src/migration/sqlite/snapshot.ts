import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { fault, type ReportProgress } from '../../core/index.ts'
import { checkIntegrity } from './integrity.ts'
import { lockWaitMs, sourceFault, sqliteCode } from './open.ts'

/** A private, consistent copy of one source, known by its hash. Everything after reads this file only. */
export interface Snapshot {
  /** The source, as the user named it. */
  readonly source: string
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /**
   * Resolves when SQLite's integrity_check has found the snapshot sound, rejects with HIVE_SOURCE_CORRUPT. It runs beside
   * the first reads; nothing that was read counts before.
   */
  readonly sound: Promise<void>
}

export interface SnapshotOptions {
  /** Empty folder for the snapshot and its scratch files. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/**
 * Takes the snapshot by SQLite's own backup under a read transaction, so that writers go on and every page comes from
 * one moment. Main file, journal and WAL of the source are never written.
 *
 * @throws HIVE_SOURCE_MISSING, _EMPTY, _NOT_SQLITE, _LOCKED, _CORRUPT, _UNREADABLE
 */
export async function takeSnapshot(source: string, options: SnapshotOptions): Promise<Snapshot> {
  options.progress({ step: `snapshot ${source}` })
  const isWal = await sniff(source)
  await mkdir(options.folder, { recursive: true })
  const path = join(options.folder, 'snapshot.db')
  try {
    if (isWal && (await lacksWalIndex(source))) await copyThenBackUp(source, path, options)
    else await backUpOrCopy(source, path, options)
    options.signal.throwIfAborted()
    const sha256 = await hashFile(path)
    const { size } = await stat(path)
    const sound = checkIntegrity(path, { source, signal: options.signal })
    // Whoever reads the snapshot waits for it; a snapshot that nobody reads must not end the process.
    sound.catch(() => {})
    return { source, path, bytes: size, sha256, sound }
  } catch (error) {
    options.signal.throwIfAborted()
    throw sourceFault(error, source)
  }
}

const magic = 'SQLite format 3\0'

/**
 * Looks at the first bytes before SQLite opens the file: closing a descriptor later would drop SQLite's locks.
 * Returns whether the database is in WAL mode.
 */
async function sniff(source: string): Promise<boolean> {
  const found = await stat(source).catch((error: unknown) => {
    throw fault('HIVE_SOURCE_MISSING', { path: source }, error)
  })
  if (found.isDirectory()) throw fault('HIVE_SOURCE_UNREADABLE', { path: source, problem: 'it is a folder' })
  if (found.size === 0) throw fault('HIVE_SOURCE_EMPTY', { path: source })
  const file = await open(source, 'r').catch((error: unknown) => {
    throw sourceFault(error, source)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0)
    if (bytesRead < 20 || buffer.toString('latin1', 0, 16) !== magic)
      throw fault('HIVE_SOURCE_NOT_SQLITE', { path: source })
    return buffer[18] === 2 || buffer[19] === 2
  } finally {
    await file.close()
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

/**
 * Nobody has a WAL database open whose index is missing. Even a read-only connection would leave `-wal` and `-shm`
 * beside it, so it is opened as a copy.
 */
async function lacksWalIndex(source: string): Promise<boolean> {
  return (await stat(`${source}-shm`).catch(() => undefined)) === undefined
}

/** Extended codes of a read-only open that would have to roll back a hot journal or to rebuild a WAL index. */
const needsRecovery = new Set([776, 264, 520, 1288, 14])

async function backUpOrCopy(source: string, path: string, options: SnapshotOptions): Promise<void> {
  try {
    await backUp(source, path, { ...options, readOnly: true })
  } catch (error) {
    if (!needsRecovery.has(sqliteCode(error) ?? 0)) throw error
    await copyThenBackUp(source, path, options)
  }
}

const sideFiles = ['', '-journal', '-wal'] as const

/** Copies the file with its journal or WAL, and lets SQLite recover the copy. */
async function copyThenBackUp(source: string, path: string, options: SnapshotOptions): Promise<void> {
  const copy = join(options.folder, 'recover.db')
  const before = await fingerprint(source)
  for (const suffix of sideFiles) {
    if ((await sizeOf(source + suffix)) > 0) await copyFile(source + suffix, copy + suffix)
  }
  if ((await fingerprint(source)) !== before) throw fault('HIVE_SOURCE_CHANGED', { path: source })
  await backUp(copy, path, { ...options, readOnly: false })
  for (const suffix of [...sideFiles, '-shm']) await rm(copy + suffix, { force: true })
}

async function fingerprint(source: string): Promise<string> {
  const parts = await Promise.all(
    sideFiles.map(async (suffix) => {
      const found = await stat(source + suffix, { bigint: true }).catch(() => undefined)
      return found === undefined ? '-' : `${found.size}:${found.mtimeNs}`
    }),
  )
  return parts.join(' ')
}

/** Pages a step: the default of 100 starts again so often under a busy writer that it never ends. */
const pagesPerStep = 10_000

async function backUp(from: string, to: string, options: SnapshotOptions & { readOnly: boolean }): Promise<void> {
  const database = new DatabaseSync(from, { readOnly: options.readOnly, timeout: lockWaitMs })
  try {
    // The transaction holds one moment still; the SELECT makes it begin.
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(database, to, {
      rate: pagesPerStep,
      progress: ({ totalPages, remainingPages }) => {
        options.signal.throwIfAborted()
        options.progress({ step: 'snapshot', done: totalPages - remainingPages, total: totalPages, unit: 'pages' })
      },
    })
  } finally {
    database.close()
  }
}

/** SHA-256 of a file, in hexadecimal. Never of a source that something in this process has open. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
