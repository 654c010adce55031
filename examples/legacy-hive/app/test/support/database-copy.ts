import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const dataFolder = process.env['HIVE_DATA'] ?? join(import.meta.dirname, '..', '..', '..', 'data')

export interface DatabaseCopy {
  readonly path: string
  readonly remove: () => void
}

/** A private copy with its write-ahead log, so that tests never touch the databases that are to be migrated. */
export function copyDatabase(name: string): DatabaseCopy {
  const original = join(dataFolder, name)
  if (!existsSync(original)) throw new Error(`could not find ${original}: run node generate.ts first`)
  const folder = mkdtempSync(join(tmpdir(), 'legacy-hive-test-'))
  const path = join(folder, basename(name))
  for (const suffix of ['', '-wal']) {
    if (existsSync(original + suffix)) copyFileSync(original + suffix, path + suffix)
  }
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
