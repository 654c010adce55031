/** Text whose stored bytes are not valid in the database's encoding. JavaScript strings cannot hold it. */
export class InvalidText {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** A value as SQLite stores it; the JavaScript type tells the storage class. */
export type StoredValue = null | bigint | number | string | Uint8Array | InvalidText

export type StorageClass = 'null' | 'integer' | 'real' | 'text' | 'blob'

export function storageClassOf(value: StoredValue): StorageClass {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return 'real'
  if (typeof value === 'string' || value instanceof InvalidText) return 'text'
  return 'blob'
}

/**
 * A real as the shortest decimal that reads back the same, always recognisable as a real:
 * `1.0`, `0.1`, `1e+300`, `-0.0`, `Infinity`.
 */
export function realText(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /^-?[0-9]+$/.test(text) ? `${text}.0` : text
}

/** The bytes that stand for any stored value but NULL where the storage class is not kept (`mixed-…`). */
export function plainBytes(value: Exclude<StoredValue, null>): Uint8Array {
  if (typeof value === 'bigint') return Buffer.from(String(value))
  if (typeof value === 'number') return Buffer.from(realText(value))
  if (typeof value === 'string') return Buffer.from(value)
  return value instanceof InvalidText ? value.bytes : value
}

/** The key of a row for people and documents: the bare value, or a JSON array where the key has several columns. */
export function keyText(values: readonly StoredValue[], limit = 200): string {
  const parts = values.map((value) => valueText(value, limit))
  return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts)
}

/** A stored value for people: text as it is, bytes in hexadecimal, cut at `limit` characters. */
function valueText(value: StoredValue, limit = 200): string {
  if (value === null) return 'NULL'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return realText(value)
  if (typeof value === 'string') return cut(value, limit)
  const bytes = value instanceof InvalidText ? value.bytes : value
  return cut(`\\x${Buffer.from(bytes.subarray(0, Math.min(limit, bytes.length))).toString('hex')}`, limit)
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`
}

/**
 * The key of a row: its primary key where that is not NULL, else its rowid.
 *
 * @param row the rowid, then the columns
 * @param keyColumns indexes of the key's columns, counted from the first column
 */
export function keyOfRow(row: readonly StoredValue[], keyColumns: readonly number[], { limit = 200 } = {}): string {
  const values = keyColumns.map((index) => row[index + 1] ?? null)
  if (values.length > 0 && !values.includes(null)) return keyText(values, limit)
  return `rowid ${String(row[0])}`
}
