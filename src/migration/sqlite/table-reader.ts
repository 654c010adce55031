import { isUtf8 } from 'node:buffer'
import type { DatabaseSync } from 'node:sqlite'
import type { PlanTable } from '../documents.ts'
import type { TableFacts } from '../pages/coverage.ts'
import { InvalidText, type StoredValue } from '../values.ts'
import { openSnapshot, sqliteName } from './open.ts'
import { orphanCondition } from './orphans.ts'
import { openRawRows, readRows, rowidName, type RawRows, type RowReaderOptions } from './rows.ts'
import { sizeOfTable, type TableSize } from './table-size.ts'

/** Reads planned tables from one snapshot. Close it when done. */
export class SnapshotReader {
  readonly #database: DatabaseSync
  /** The snapshot does not change: each table is measured once. */
  readonly #sizes = new Map<string, TableSize | undefined>()
  readonly encoding: string

  constructor(path: string) {
    this.#database = openSnapshot(path)
    const [encoding] = this.#database.prepare('PRAGMA encoding').get() as unknown as [string]
    this.encoding = encoding
  }

  close(): void {
    this.#database.close()
  }

  /** Rowid, columns in the plan's order, then a flag for each decided orphan rule. */
  rows(table: PlanTable, orderBy?: readonly string[]): Iterator<readonly StoredValue[]> {
    return readRows(this.#database, this.#reading(table, orderBy))
  }

  /** The same rows, each to be resolved where it is not used as it comes. */
  rawRows(table: PlanTable, orderBy: readonly string[]): RawRows {
    return openRawRows(this.#database, this.#reading(table, orderBy))
  }

  #reading(table: PlanTable, orderBy?: readonly string[]): RowReaderOptions {
    const columns = table.columns.map(({ name }) => name)
    const { withoutRowid, primaryKey } = this.#shape(table.name)
    // Ordering by the rowid's own column is ordering by the b-tree.
    const isRowid = orderBy?.length === 1 && this.#isRowidAlias(table.name, orderBy[0] ?? '')
    return {
      table: table.name,
      columns,
      withoutRowid,
      primaryKey,
      encoding: this.encoding,
      largestRecord: this.#size(table.name)?.largestRecord ?? Infinity,
      flags: (table.orphans ?? []).map((rule) => orphanCondition({ ...rule, parentTable: rule.parent })),
      ...(orderBy === undefined || isRowid ? {} : { orderBy }),
    }
  }

  /** Rows by SQLite's own count, never through an index. */
  count(table: string): number {
    const size = this.#size(table)
    if (size !== undefined) return size.rows
    const [count] = this.#database
      .prepare(`SELECT count(*) FROM ${sqliteName(table)} NOT INDEXED`)
      .get() as unknown as [bigint]
    return Number(count)
  }

  #size(table: string): TableSize | undefined {
    if (!this.#sizes.has(table)) this.#sizes.set(table, sizeOfTable(this.#database, table))
    return this.#sizes.get(table)
  }

  /** True where the table exists with all of the plan's columns. */
  holds(table: PlanTable): boolean {
    const names = new Set(this.#info(table.name).map(({ name }) => name))
    return names.size > 0 && table.columns.every(({ name }) => names.has(name))
  }

  primaryKey(table: string): readonly string[] {
    return this.#shape(table).primaryKey
  }

  /** What the page reader must know of a table. */
  facts(table: string): TableFacts {
    const roots = this.#database
      .prepare("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?")
      .all(table) as unknown as readonly [bigint][]
    const rows = this.#database
      .prepare('SELECT name, type, hidden = 2, dflt_value IS NOT NULL FROM pragma_table_xinfo(?) ORDER BY cid')
      .all(table) as unknown as readonly [string, string, bigint, bigint][]
    const columns = rows.map(([name, declared, isVirtual, hasDefault]) => ({
      name,
      declared,
      isVirtual: isVirtual === 1n,
      hasDefault: hasDefault === 1n,
    }))
    const { withoutRowid, primaryKey } = this.#shape(table)
    const alias = primaryKey.find((column) => this.#isRowidAlias(table, column))
    const names = columns.map(({ name }) => name)
    return {
      encoding: this.encoding,
      ...(roots.length === 1 && roots[0] !== undefined ? { rootPage: Number(roots[0][0]) } : {}),
      withoutRowid,
      hasRowidName: rowidName({ columns: names, withoutRowid }) !== undefined,
      ...(alias === undefined ? {} : { rowidAlias: alias }),
      columns,
    }
  }

  /** One value of one row, if there is such a row: how SQLite reads a column that the row is too old to have. */
  valueAt(
    table: string,
    { column, rowid }: { readonly column: string; readonly rowid: bigint },
  ): StoredValue | undefined {
    const columns = this.#info(table).map(({ name }) => name)
    const key = rowidName({ columns, withoutRowid: false }) ?? 'rowid'
    const field = sqliteName(column)
    const found = this.#database
      .prepare(`SELECT ${field}, CAST(${field} AS BLOB) FROM ${sqliteName(table)} NOT INDEXED WHERE ${key} = ?`)
      .get(rowid) as unknown as readonly [StoredValue, Uint8Array | null] | undefined
    if (found === undefined) return undefined
    const [value, bytes] = found
    return typeof value === 'string' && bytes !== null && !isUtf8(bytes) ? new InvalidText(bytes) : value
  }

  #info(table: string): readonly { readonly name: string; readonly pk: number }[] {
    const rows = this.#database
      .prepare('SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1')
      .all(table) as unknown as readonly [string, bigint][]
    return rows.map(([name, pk]) => ({ name, pk: Number(pk) }))
  }

  #shape(table: string): { readonly withoutRowid: boolean; readonly primaryKey: readonly string[] } {
    const [wr] = (this.#database
      .prepare("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?")
      .get(table) ?? []) as unknown as [bigint | undefined]
    const primaryKey = this.#info(table)
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map(({ name }) => name)
    return { withoutRowid: wr === 1n, primaryKey }
  }

  #isRowidAlias(table: string, column: string): boolean {
    const columns = this.#info(table).map(({ name }) => name)
    const rowid = rowidName({ columns, withoutRowid: this.#shape(table).withoutRowid })
    if (rowid === undefined) return false
    const { primaryKey } = this.#shape(table)
    if (primaryKey.length !== 1 || primaryKey[0] !== column) return false
    const [own] = this.#database
      .prepare("SELECT count(*) FROM pragma_index_list(?) WHERE origin = 'pk'")
      .get(table) as unknown as [bigint]
    const [type] = this.#database
      .prepare('SELECT upper(type) FROM pragma_table_xinfo(?) WHERE name = ?')
      .get(table, column) as unknown as [string]
    return own === 0n && type === 'INTEGER'
  }
}
