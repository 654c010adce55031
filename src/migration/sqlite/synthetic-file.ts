import { DatabaseSync } from 'node:sqlite'
import type { ProfileSource } from '../profile/schema.ts'
import { syntheticTables } from '../profile/synthetic-rows.ts'
import { createIndex, createStatements } from '../profile/synthetic-schema.ts'
import type { SyntheticTable } from '../profile/synthetic-table.ts'
import { InvalidText, type StoredValue } from '../values.ts'
import { sqliteName } from './open.ts'
import { checkRepairer } from './synthetic-checks.ts'

/**
 * Writes a SQLite file whose rows are made up from a profile: what its plan needs is in it, and nothing that anybody
 * stored.
 *
 * @returns the rows written
 */
export function writeSyntheticFile(path: string, source: ProfileSource): number {
  const database = new DatabaseSync(path, {
    enableForeignKeyConstraints: false,
    enableDoubleQuotedStringLiterals: true,
    defensive: false,
  })
  try {
    database.exec(`PRAGMA encoding = '${source.encoding}'; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF`)
    const statements = source.tables.map((table) => ({ name: table.name, ...createStatements(table) }))
    database.exec('BEGIN')
    for (const { bare } of statements) database.prepare(bare).run()
    const tables = syntheticTables(source, checkRepairer())
    for (const table of tables) insertRows(database, table)
    database.exec('COMMIT')
    replaceSchema(database, statements)
    for (const table of source.tables) {
      for (const index of table.indexes) {
        // One statement each: what follows a semicolon in a profile is never run.
        if (index.origin === 'index') database.prepare(createIndex(table, index)).run()
      }
    }
    createOthers(database, source)
    return tables.reduce((sum, { rows }) => sum + rows.length, 0)
  } finally {
    database.close()
  }
}

function insertRows(database: DatabaseSync, table: SyntheticTable): void {
  const name = sqliteName(table.profile.name)
  if (table.columns.length === 0) {
    for (const _ of table.rows) database.prepare(`INSERT INTO ${name} DEFAULT VALUES`).run()
    return
  }
  const columns = table.columns.map(sqliteName).join(', ')
  const insert = database.prepare(
    `INSERT INTO ${name} (${columns}) VALUES (${table.columns.map(() => '?').join(', ')})`,
  )
  for (const row of table.rows) {
    if (row.some((value) => value instanceof InvalidText)) {
      const marks = row.map((value) => (value instanceof InvalidText ? 'CAST(? AS TEXT)' : '?')).join(', ')
      database.prepare(`INSERT INTO ${name} (${columns}) VALUES (${marks})`).run(...row.map(bound))
    } else insert.run(...row.map(bound))
  }
}

function bound(value: StoredValue): null | bigint | number | string | Uint8Array {
  return value instanceof InvalidText ? value.bytes : value
}

/** Gives the tables their types and rules, once rows that break them are in; then the keys are built again by them. */
function replaceSchema(
  database: DatabaseSync,
  statements: readonly { readonly name: string; readonly full: string }[],
): void {
  database.exec('PRAGMA writable_schema = ON')
  const update = database.prepare("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?")
  for (const { name, full } of statements) update.run(full, name)
  database.exec('PRAGMA writable_schema = RESET')
  database.exec('REINDEX')
}

/** Views, triggers and virtual tables by name: what they compute is not in the profile. */
function createOthers(database: DatabaseSync, source: ProfileSource): void {
  const table = source.tables[0]?.name
  for (const { kind, name, module } of source.others) {
    if (kind === 'view') database.prepare(`CREATE VIEW ${sqliteName(name)} AS SELECT 1 AS one`).run()
    if (kind === 'virtual-table') createVirtual(database, { name, module: module ?? 'unknown' })
    if (kind === 'trigger' && table !== undefined) {
      const event = `AFTER INSERT ON ${sqliteName(table)} BEGIN SELECT 1; END`
      database.prepare(`CREATE TRIGGER ${sqliteName(name)} ${event}`).run()
    }
  }
}

function createVirtual(database: DatabaseSync, table: { readonly name: string; readonly module: string }): void {
  const sql = `CREATE VIRTUAL TABLE ${sqliteName(table.name)} USING ${table.module}`
  const parts = /^rtree/i.test(table.module) ? 'id, least, most' : 'content'
  try {
    database.prepare(`${sql} (${parts})`).run()
  } catch {
    // A module of the application's own: only its name is known here as well.
    database.exec('PRAGMA writable_schema = ON')
    database
      .prepare("INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)")
      .run(table.name, table.name, sql)
    database.exec('PRAGMA writable_schema = RESET')
  }
}
