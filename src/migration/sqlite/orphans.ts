import type { DatabaseSync } from 'node:sqlite'
import type { ForeignKeyInventory, Sighting } from '../inventory.ts'
import { keyText, type StoredValue } from '../values.ts'
import { sqliteName } from './open.ts'
import { rowidName } from './rows.ts'
import type { TableDefinition } from './schema.ts'

/**
 * The condition under which row `t` of the child has no parent. Compared byte for byte, because PostgreSQL will: under
 * NOCASE, SQLite finds parents that PostgreSQL does not.
 */
export function orphanCondition(key: Pick<ForeignKeyInventory, 'columns' | 'parentTable' | 'parentColumns'>): string {
  const present = key.columns.map((name) => `t.${sqliteName(name)} IS NOT NULL`)
  const equal = key.columns.map(
    (name, index) => `p.${sqliteName(key.parentColumns[index] ?? '')} = t.${sqliteName(name)} COLLATE BINARY`,
  )
  const parent = `SELECT 1 FROM ${sqliteName(key.parentTable)} AS p WHERE ${equal.join(' AND ')}`
  return `(${present.join(' AND ')} AND NOT EXISTS (${parent}))`
}

/** Counts the rows whose parent is missing; `undefined` where parent table or columns do not exist. */
export function findOrphans(
  database: DatabaseSync,
  child: { readonly table: TableDefinition; readonly key: Omit<ForeignKeyInventory, 'orphans'> },
): Sighting | undefined {
  const { table, key } = child
  if (key.parentColumns.length !== key.columns.length) return undefined
  const rowid = rowidName({ columns: table.columns.map(({ name }) => name), withoutRowid: table.withoutRowid })
  const named = table.primaryKey.length > 0
  const fields = named
    ? table.primaryKey.map((name) => `t.${sqliteName(name)}`)
    : [rowid === undefined ? '0' : `t.${rowid}`]
  const from = `FROM ${sqliteName(table.name)} AS t NOT INDEXED WHERE ${orphanCondition(key)}`
  try {
    const [count] = database.prepare(`SELECT count(*) ${from}`).get() as unknown as [bigint]
    if (count === 0n) return { count: 0, exampleKeys: [] }
    const rows = database.prepare(`SELECT ${fields.join(', ')} ${from} LIMIT 5`).all() as unknown as StoredValue[][]
    return { count: Number(count), exampleKeys: rows.map((row) => (named ? '' : 'rowid ') + keyText(row)) }
  } catch {
    return undefined
  }
}
