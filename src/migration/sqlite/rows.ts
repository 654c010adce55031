import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { InvalidText, type StoredValue } from '../values.ts'
import { sqliteName } from './open.ts'

export interface RowReaderOptions {
  readonly table: string
  /** Columns to read, in order. */
  readonly columns: readonly string[]
  readonly withoutRowid: boolean
  readonly primaryKey: readonly string[]
  readonly encoding: string
  /** Bytes of the largest record, where it is known: small ones are read by the batch. */
  readonly largestRecord?: number
  /** Further SQL expressions, read after the columns; `t` names the table. */
  readonly flags?: readonly string[]
  /** Columns to order by, byte for byte; absent, the order of the b-tree. */
  readonly orderBy?: readonly string[]
}

/**
 * One row: the rowid (`null` where the table has none), the columns, then the flags. The array is SQLite's own and must
 * not be kept.
 */
export type StoredRow = StoredValue[]

/** Rows as `node:sqlite` gives them. */
export interface RawRows {
  readonly rows: Iterator<StoredRow>
  /**
   * Makes the values of the present row what is really stored: until then, text that is not valid has lost its bytes,
   * and a text too long for JavaScript is `undefined`.
   */
  readonly resolve: (row: StoredRow) => void
}

/** Reads every row of a table, never through an index, which may lack rows. */
export function* readRows(database: DatabaseSync, options: RowReaderOptions): Generator<StoredRow> {
  const { rows, resolve } = openRawRows(database, options)
  for (let next = rows.next(); next.done !== true; next = rows.next()) {
    resolve(next.value)
    yield next.value
  }
}

/** For whoever looks at most rows only as they come, and resolves the few that need it. */
export function openRawRows(database: DatabaseSync, options: RowReaderOptions): RawRows {
  const rowid = rowidName(options)
  const columns = options.columns.map((name) => `t.${sqliteName(name)}`)
  const bytes =
    rowid === undefined ? columns.map((name) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) END`) : []
  const flags = options.flags ?? []
  const fields = [rowid === undefined ? 'NULL' : `t.${rowid}`, ...columns, ...flags, ...bytes]
  const from = `SELECT ${fields.join(', ')} FROM ${sqliteName(options.table)} AS t NOT INDEXED`
  const isByRowid = rowid !== undefined && (options.orderBy ?? []).length === 0
  const rows =
    isByRowid && (options.largestRecord ?? Infinity) <= smallRecord
      ? readBatches(database, { from, rowid })
      : (database
          .prepare(`${from}${orderClause(options, rowid)}`)
          .iterate() as Iterator<unknown> as Iterator<StoredRow>)
  const bytesOf =
    rowid === undefined
      ? (row: StoredRow, column: number) => row[1 + columns.length + flags.length + column]
      : bytesByRowid(database, { ...options, rowid })
  const last = options.columns.length
  return {
    rows,
    resolve: (row) => {
      for (let index = 1; index <= last; index += 1) {
        const value = row[index]
        if (typeof value === 'string') {
          if (value.includes('\uFFFD')) row[index] = resolveText(bytesOf(row, index - 1), options.encoding)
        } else if (value === undefined) {
          throw new Error(`SQLite gave no value for column ${options.columns[index - 1] ?? ''}`)
        }
      }
    },
  }
}

/** Records up to here are read by the batch, which then stays within some megabytes. */
const smallRecord = 16_384
const rowsPerBatch = 200

/** Many rows with one call: a fifth less time than one by one. */
function* readBatches(
  database: DatabaseSync,
  { from, rowid }: { readonly from: string; readonly rowid: string },
): Generator<StoredRow> {
  const statement = database.prepare(`${from} WHERE t.${rowid} >= ? ORDER BY t.${rowid} LIMIT ${rowsPerBatch}`)
  let first = -9_223_372_036_854_775_808n
  for (;;) {
    const rows = statement.all(first) as unknown as readonly StoredRow[]
    yield* rows
    const last = rows.at(-1)?.[0]
    if (rows.length < rowsPerBatch || typeof last !== 'bigint' || last === 9_223_372_036_854_775_807n) return
    if (last < first) throw new Error('SQLite gave a row before the one that was asked for')
    first = last + 1n
  }
}

function orderClause(options: RowReaderOptions, rowid: string | undefined): string {
  if (options.orderBy !== undefined && options.orderBy.length > 0) {
    return ` ORDER BY ${options.orderBy.map((name) => `t.${sqliteName(name)} COLLATE BINARY`).join(', ')}`
  }
  return rowid === undefined ? '' : ` ORDER BY t.${rowid}`
}

/** The name by which the rowid can be reached, or `undefined` where there is none or every name is a column's. */
export function rowidName(options: Pick<RowReaderOptions, 'columns' | 'withoutRowid'>): string | undefined {
  if (options.withoutRowid) return undefined
  const taken = new Set(options.columns.map((name) => name.toLowerCase()))
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name))
}

/** Looks the stored bytes of one field up. */
function bytesByRowid(
  database: DatabaseSync,
  options: RowReaderOptions & { readonly rowid: string },
): (row: StoredRow, column: number) => StoredValue | undefined {
  const statements = new Map<number, StatementSync>()
  return (row, column) => {
    let statement = statements.get(column)
    if (statement === undefined) {
      const field = sqliteName(options.columns[column] ?? '')
      const table = sqliteName(options.table)
      statement = database.prepare(`SELECT CAST(${field} AS BLOB) FROM ${table} NOT INDEXED WHERE ${options.rowid} = ?`)
      statements.set(column, statement)
    }
    const found = statement.get(row[0] as bigint) as unknown as readonly StoredValue[] | undefined
    return found?.[0]
  }
}

/**
 * Text that is not valid reaches JavaScript with U+FFFD in place of its bytes, and so does text that holds U+FFFD
 * itself. The stored bytes tell them apart.
 */
function resolveText(bytes: StoredValue | undefined, encoding: string): string | InvalidText {
  if (!(bytes instanceof Uint8Array)) throw new Error('SQLite gave no bytes for a text that it had given before')
  try {
    return new TextDecoder(encoding.toLowerCase(), { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new InvalidText(bytes)
  }
}
