import { open, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fault } from '../core/errors.ts'
import type { Config } from './config.ts'
import { maxConfigBytes, parseConfig } from './parse.ts'

export const configFileName = 'hive.yml'

/** Rejects with an error whose `code` is `ENOENT` where there is no such file. */
type ReadBytes = (path: string) => Promise<Uint8Array>

interface ReadConfigOptions {
  readonly cwd: string
  readonly readFile?: ReadBytes
  readonly exists?: (path: string) => Promise<boolean>
}

/**
 * Reads the `hive.yml` that is in force in a folder: its own, or, inside a Git repository, the next one above it up
 * to the root of the repository. The result's `path` is absolute; commands run in its folder.
 *
 * Throws `HIVE_CONFIG_MISSING`, `HIVE_CONFIG_UNREADABLE`, and what `parseConfig` throws.
 */
export async function readConfig({
  cwd,
  readFile = readBounded,
  exists = fileExists,
}: ReadConfigOptions): Promise<Config> {
  const start = resolve(cwd)
  for (const folder of await candidates(start, exists)) {
    const path = join(folder, configFileName)
    const bytes = await bytesOf(path, readFile)
    if (bytes !== undefined) return parseConfig(decode(bytes, path), path)
  }
  throw fault('HIVE_CONFIG_MISSING', { folder: start })
}

/** Outside a repository the folder alone counts: what lies above it is somebody else's. */
async function candidates(start: string, exists: (path: string) => Promise<boolean>): Promise<readonly string[]> {
  const folders: string[] = []
  for (let folder = start; ; folder = dirname(folder)) {
    folders.push(folder)
    if (await exists(join(folder, '.git'))) return folders
    if (dirname(folder) === folder) return [start]
  }
}

async function bytesOf(path: string, readFile: ReadBytes): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw fault(
      'HIVE_CONFIG_UNREADABLE',
      { path, problem: code === undefined ? message : (problems[code] ?? code) },
      error,
    )
  }
}

const problems: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a circle',
  ENOTFILE: 'it is no ordinary file',
}

/** At most one byte more than is allowed, so that a huge file costs nothing; a pipe would wait for ever. */
async function readBounded(path: string): Promise<Uint8Array> {
  const info = await stat(path)
  if (info.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
  if (!info.isFile()) throw Object.assign(new Error('not a file'), { code: 'ENOTFILE' })
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(Math.min(info.size, maxConfigBytes) + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length)
      length += bytesRead
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length)
    }
  } finally {
    await file.close()
  }
}

function decode(bytes: Uint8Array, path: string): string {
  if (bytes.length > maxConfigBytes) throw fault('HIVE_CONFIG_TOO_LARGE', { path, limitBytes: maxConfigBytes })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const line = lineOfBadByte(bytes)
    throw fault('HIVE_CONFIG_SYNTAX', { path, line, column: 1, problem: 'found bytes that are not UTF-8' })
  }
}

function lineOfBadByte(bytes: Uint8Array): number {
  const readable = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0] ?? ''
  return readable.split('\n').length
}

async function fileExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
