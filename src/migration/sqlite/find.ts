import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReportProgress } from '../../core/index.ts'

/** What a folder holds, and what was left out of the search: nothing is skipped in silence. */
export interface DatabaseSearch {
  readonly folder: string
  /** Paths of SQLite databases, sorted; each begins with `folder`. */
  readonly databases: readonly string[]
  readonly filesRead: number
  /** Folders that were not entered because of their name, by name. */
  readonly foldersNotEntered: Readonly<Record<string, number>>
  readonly linksNotFollowed: number
  /** Files and folders that the operating system does not let us read. */
  readonly unreadable: readonly string[]
}

const signature = Buffer.from('SQLite format 3\0', 'latin1')
/** A write-ahead log begins with one of these, by the byte order of its checksums. */
const logSignatures = new Set([0x377f0682, 0x377f0683])
/** Packages and version control hold databases of tools, seldom of the application. */
const skippedNames = new Set(['node_modules', '.git'])

/**
 * Finds SQLite databases by their first bytes, whatever they are called, in a folder and all below it. A database
 * that still lies in its write-ahead log counts as well. Nothing is opened by SQLite.
 */
export async function findDatabases(
  folder: string,
  options: { readonly signal: AbortSignal; readonly progress: ReportProgress },
): Promise<DatabaseSearch> {
  const databases = new Set<string>()
  const foldersNotEntered: Record<string, number> = {}
  const unreadable: string[] = []
  let filesRead = 0
  let linksNotFollowed = 0
  const folders = [folder]
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    options.signal.throwIfAborted()
    options.progress({ step: 'search databases', done: filesRead, unit: 'files' })
    const entries = await readdir(at, { withFileTypes: true }).catch(() => undefined)
    if (entries === undefined) {
      unreadable.push(at)
      continue
    }
    for (const entry of entries) {
      const path = join(at, entry.name)
      if (entry.isSymbolicLink()) linksNotFollowed += 1
      else if (entry.isDirectory()) {
        if (skippedNames.has(entry.name)) foldersNotEntered[entry.name] = (foldersNotEntered[entry.name] ?? 0) + 1
        else folders.push(path)
      } else if (entry.isFile()) {
        filesRead += 1
        const kind = await kindOf(path)
        if (kind === 'unreadable') unreadable.push(path)
        else if (kind === 'database') databases.add(path)
        else if (kind === 'log') {
          const names = new Set(entries.map(({ name }) => name))
          if (names.has(entry.name.slice(0, -4))) databases.add(path.slice(0, -4))
        }
      }
    }
  }
  return { folder, databases: [...databases].sort(), filesRead, foldersNotEntered, linksNotFollowed, unreadable }
}

async function kindOf(path: string): Promise<'database' | 'log' | 'other' | 'unreadable'> {
  try {
    await using file = await open(path, 'r')
    const { bytesRead, buffer } = await file.read(Buffer.alloc(16), 0, 16, 0)
    if (bytesRead === 16 && buffer.equals(signature)) return 'database'
    return path.endsWith('-wal') && logSignatures.has(buffer.readUInt32BE(0)) ? 'log' : 'other'
  } catch {
    return 'unreadable'
  }
}
