import type { DatabaseSync } from 'node:sqlite'
import { readCreateStatement, readIndexPredicate, type CreateStatement } from '../create-statement.ts'
import type { ForeignKeyInventory, IndexInventory, OtherObject, TableInventory } from '../inventory.ts'

/** A table's definition, before anything is known of its rows. */
export interface TableDefinition extends Pick<
  TableInventory,
  'name' | 'withoutRowid' | 'strict' | 'primaryKey' | 'rowidAlias' | 'autoincrement' | 'indexes'
> {
  readonly columns: readonly ColumnDefinition[]
  readonly foreignKeys: readonly Omit<ForeignKeyInventory, 'orphans'>[]
  readonly checks: CreateStatement['checks']
}

interface ColumnDefinition {
  readonly name: string
  readonly declared: string
  readonly notNull: boolean
  readonly defaultSql?: string
  readonly collation?: string
  readonly generated?: { readonly kind: 'virtual' | 'stored'; readonly expression: string }
}

type Row = readonly unknown[]

function all(database: DatabaseSync, sql: string, ...values: readonly string[]): readonly Row[] {
  return database.prepare(sql).all(...values) as unknown as readonly Row[]
}

/** Reads the definitions of all tables that hold rows of their own, and names every other object. */
export function readSchema(database: DatabaseSync): {
  readonly tables: readonly TableDefinition[]
  readonly others: readonly OtherObject[]
} {
  const sqlOf = new Map(
    all(database, "SELECT type || ':' || name, sql FROM sqlite_schema").map((row) => [text(row[0]), text(row[1])]),
  )
  const listed = all(database, "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'")
    .map((row) => ({ name: text(row[0]), type: text(row[1]), wr: row[2] === 1n, strict: row[3] === 1n }))
    .filter(({ name }) => !name.startsWith('sqlite_'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const tables = listed
    .filter(({ type }) => type === 'table')
    .map(({ name, wr, strict }) =>
      readTable(database, { name, withoutRowid: wr, strict, sql: sqlOf.get(`table:${name}`) ?? '' }),
    )
  const objects = listed.flatMap(({ name, type }): OtherObject[] => {
    if (type === 'view') return [{ kind: 'view', name, sql: sqlOf.get(`view:${name}`) ?? '' }]
    if (type === 'virtual') return [{ kind: 'virtual-table', name, sql: sqlOf.get(`table:${name}`) ?? '' }]
    return type === 'shadow' ? [{ kind: 'shadow-table', name, sql: sqlOf.get(`table:${name}`) ?? '' }] : []
  })
  const triggers = [...sqlOf]
    .filter(([key]) => key.startsWith('trigger:'))
    .map(([key, sql]): OtherObject => ({ kind: 'trigger', name: key.slice('trigger:'.length), sql }))
  return { tables, others: [...objects, ...triggers] }
}

function readTable(
  database: DatabaseSync,
  table: { name: string; withoutRowid: boolean; strict: boolean; sql: string },
): TableDefinition {
  const statement = readCreateStatement(table.sql)
  const info = all(
    database,
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)',
    table.name,
  )
  const columns = info.filter((row) => row[5] !== 1n).map((row) => readColumn(row, statement))
  const primaryKey = info
    .filter((row) => Number(row[4]) > 0)
    .sort((a, b) => Number(a[4]) - Number(b[4]))
    .map((row) => text(row[0]))
  const indexes = readIndexes(database, table.name)
  const only = columns.find(({ name }) => name === primaryKey[0])
  // INT PRIMARY KEY and INTEGER PRIMARY KEY DESC have an index of their own and are ordinary columns.
  const isAlias =
    !table.withoutRowid &&
    primaryKey.length === 1 &&
    only?.declared.toUpperCase() === 'INTEGER' &&
    !indexes.some(({ origin }) => origin === 'primary-key')
  return {
    name: table.name,
    withoutRowid: table.withoutRowid,
    strict: table.strict,
    columns,
    primaryKey,
    ...(isAlias && primaryKey[0] !== undefined ? { rowidAlias: primaryKey[0] } : {}),
    autoincrement: isAlias && /\bAUTOINCREMENT\b/i.test(table.sql),
    indexes,
    foreignKeys: readForeignKeys(database, table.name, statement),
    checks: statement.checks,
  }
}

function readIndexes(database: DatabaseSync, table: string): readonly IndexInventory[] {
  return all(database, 'SELECT name, "unique", origin, partial FROM pragma_index_list(?)', table)
    .map((row) => readIndex(database, row))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function readColumn(row: Row, statement: CreateStatement): ColumnDefinition {
  const name = text(row[0])
  const collation = statement.collations.get(name.toLowerCase())
  const generated = row[5] === 2n ? 'virtual' : row[5] === 3n ? 'stored' : undefined
  return {
    name,
    declared: text(row[1]),
    notNull: row[2] === 1n,
    ...(row[3] === null ? {} : { defaultSql: text(row[3]) }),
    ...(collation === undefined || collation === 'BINARY' ? {} : { collation }),
    ...(generated === undefined
      ? {}
      : { generated: { kind: generated, expression: statement.generated.get(name.toLowerCase()) ?? '' } }),
  }
}

function readIndex(database: DatabaseSync, row: Row): IndexInventory {
  const name = text(row[0])
  const predicate = readIndexPredicate(row[3] === 1n ? indexSql(database, name) : '')
  return {
    name,
    unique: row[1] === 1n,
    origin: row[2] === 'pk' ? 'primary-key' : row[2] === 'u' ? 'unique' : 'index',
    columns: all(database, 'SELECT cid, name, "desc", coll FROM pragma_index_xinfo(?) WHERE key = 1', name).map(
      readIndexColumn,
    ),
    ...(predicate === undefined ? {} : { predicate }),
  }
}

/** An expression has the number −2 and no name. */
function readIndexColumn(row: Row): IndexInventory['columns'][number] {
  const part = { descending: row[2] === 1n, collation: text(row[3]).toUpperCase() }
  return row[1] === null ? part : { name: text(row[1]), ...part }
}

function indexSql(database: DatabaseSync, name: string): string {
  const [row] = all(database, "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?", name)
  return text(row?.[0])
}

function readForeignKeys(
  database: DatabaseSync,
  table: string,
  statement: CreateStatement,
): readonly Omit<ForeignKeyInventory, 'orphans'>[] {
  const rows = all(
    database,
    'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq',
    table,
  )
  const groups = Map.groupBy(rows, (row) => Number(row[0]))
  const last = groups.size - 1
  return [...groups]
    .map(([id, parts]) => {
      const parentTable = text(parts[0]?.[1])
      const named = parts.map((part) => part[3])
      return {
        columns: parts.map((part) => text(part[2])),
        parentTable,
        // REFERENCES parent without columns means its primary key.
        parentColumns: named.every((name) => name !== null) ? named.map(text) : primaryKeyOf(database, parentTable),
        onUpdate: text(parts[0]?.[4]),
        onDelete: text(parts[0]?.[5]),
        // SQLite numbers foreign keys from the last of the statement to the first.
        deferred: statement.deferred[last - id] === true,
      }
    })
    .reverse()
}

function primaryKeyOf(database: DatabaseSync, table: string): readonly string[] {
  return all(database, 'SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', table).map((row) =>
    text(row[0]),
  )
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
