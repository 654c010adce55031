import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildDatabase } from './builder.ts'
import type { BuildOptions, DatabaseDefinition } from './builder.ts'
import { databases } from './databases/index.ts'

export interface GenerateOptions extends BuildOptions {
  /** Folder of the databases; made where it is missing. Databases of the same names are replaced, nothing else. */
  readonly folder: string
  readonly report?: (database: {
    readonly path: string
    readonly rows: number
    readonly done: number
    readonly of: number
  }) => void
}

export interface GeneratedHive {
  readonly paths: readonly string[]
  readonly rows: number
}

/**
 * Writes the legacy hive. The same seed and number of rows give the same tables with the same rows, byte for byte in
 * every value; the files differ in the salts that SQLite puts into a write-ahead log.
 */
export async function generateHive({ folder, report, ...build }: GenerateOptions): Promise<GeneratedHive> {
  const workshop = await mkdtemp(join(tmpdir(), 'legacy-hive-'))
  let rowsOfAll = 0
  try {
    for (const [index, definition] of databases.entries()) {
      const rows = await writeDatabase(definition, { folder, workshop }, build)
      rowsOfAll += rows
      report?.({ path: definition.path, rows, done: index + 1, of: databases.length })
    }
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
  return { paths: databases.map(({ path }) => join(folder, path)), rows: rowsOfAll }
}

interface Folders {
  readonly folder: string
  readonly workshop: string
}

/** Built elsewhere and copied while still open: that is what leaves the write-ahead log as a crash would. */
async function writeDatabase(
  definition: DatabaseDefinition,
  { folder, workshop }: Folders,
  options: BuildOptions,
): Promise<number> {
  const built = join(workshop, 'building.db')
  const target = join(folder, definition.path)
  await mkdir(dirname(target), { recursive: true })
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${target}${suffix}`, { force: true })
  const database = buildDatabase(definition, built, options)
  try {
    for (const suffix of sideFiles[definition.journal]) await copyFile(`${built}${suffix}`, `${target}${suffix}`)
  } finally {
    database.close()
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${built}${suffix}`, { force: true })
  }
  return database.rows
}

const sideFiles = { delete: [''], wal: ['', '-wal'], 'wal+shm': ['', '-wal', '-shm'] } as const
