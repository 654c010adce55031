import { DatabaseSync } from 'node:sqlite'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

export type SqlValue = null | string | number | bigint | Uint8Array

export interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly count: number
  readonly row: (index: number) => readonly SqlValue[]
}

/** Fills one database. */
export interface Builder {
  readonly random: Random
  /** How many rows a table gets that has this share of all: never fewer than 24, so that small hives have every case. */
  readonly rows: (share: number) => number
  readonly run: (sql: string) => void
  readonly insert: (rows: TableRows) => void
}

export interface DatabaseDefinition {
  /** Below the folder of the data. */
  readonly path: string
  /**
   * `wal`: the file is left as a crashed process leaves it, with the rows of `late` in its `-wal` file only.
   * With `shm` the shared-memory index is left beside it, as on the machine of the crash; without, as in a copy.
   */
  readonly journal: 'delete' | 'wal' | 'wal+shm'
  readonly build: (builder: Builder) => void
  /** Written after the last checkpoint. */
  readonly late?: (builder: Builder) => void
}

export interface BuildOptions {
  readonly seed: number
  readonly totalRows: number
}

export interface OpenDatabase {
  /** Rows that are there now; some of those written were deleted again. */
  readonly rows: number
  readonly close: () => void
}

/** What the shares of all tables come to. */
const sumOfShares = 1.154

/** Builds a database at `path` and keeps it open, because closing it would checkpoint and delete its `-wal` file. */
export function buildDatabase(definition: DatabaseDefinition, path: string, options: BuildOptions): OpenDatabase {
  // The legacy code never switched foreign keys on; node:sqlite does by default.
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  const builder: Builder = {
    random: createRandom(options.seed, definition.path),
    rows: (share) => Math.max(24, Math.round((options.totalRows * share) / sumOfShares)),
    run: (sql) => database.exec(sql),
    insert: ({ table, columns, count, row }) => {
      const marks = columns.map(() => '?').join(', ')
      const statement = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
      for (let index = 0; index < count; index += 1) statement.run(...row(index))
    },
  }
  try {
    database.exec(`PRAGMA journal_mode = ${definition.journal === 'delete' ? 'delete' : 'wal'}`)
    database.exec('PRAGMA synchronous = off; PRAGMA wal_autocheckpoint = 0')
    inTransaction(database, () => definition.build(builder))
    if (definition.late !== undefined) {
      const { late } = definition
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      inTransaction(database, () => late(builder))
    }
    return { rows: countRows(database), close: () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}

function countRows(database: DatabaseSync): number {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
  return tables.reduce((total, { name }) => {
    const { rows } = { ...database.prepare(`SELECT count(*) AS rows FROM "${String(name)}"`).get() }
    return total + Number(rows)
  }, 0)
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN')
  work()
  database.exec('COMMIT')
}
