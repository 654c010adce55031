import { isUtf8 } from 'node:buffer'
import { InvalidText, type StoredValue } from '../values.ts'
import type { FieldPlace } from './coverage.ts'
import { numberBytes, type RecordCursor } from './record-cursor.ts'

/** Gives the default of a column to a row that is older than the column. */
export type MissingValue = (place: FieldPlace, rowid: bigint) => StoredValue

export function rowidOf(record: RecordCursor): bigint {
  return (BigInt(record.rowidHigh) << 32n) | BigInt(record.rowidLow >>> 0)
}

/**
 * One field of the current row as `node:sqlite` gives it: integers as bigint, integral reals of a REAL column as
 * numbers, NaN as NULL. Bytes are the record's own and must not be kept.
 */
export function storedValue(record: RecordCursor, place: FieldPlace, missing: MissingValue): StoredValue {
  const { stored } = place
  if (stored === undefined) return rowidOf(record)
  if (stored >= record.count) return place.hasDefault ? missing(place, rowidOf(record)) : null
  const type = record.types[stored] ?? 0
  const start = record.starts[stored] ?? 0
  if (type === 0) return null
  if (type === 7) {
    const real = record.bytes.readDoubleBE(start)
    return Number.isNaN(real) ? null : real
  }
  if (type < 12) {
    const integer = storedInteger(record, { type, start })
    return place.isReal ? Number(integer) : integer
  }
  const bytes = record.bytes.subarray(start, start + (type - 12 - (type & 1)) / 2)
  if (type % 2 === 0) return bytes
  return isUtf8(bytes) ? bytes.toString() : new InvalidText(bytes)
}

function storedInteger(record: RecordCursor, { type, start }: { type: number; start: number }): bigint {
  if (type === 8) return 0n
  if (type === 9) return 1n
  if (type === 6) return record.bytes.readBigInt64BE(start)
  return BigInt(record.bytes.readIntBE(start, numberBytes[type] ?? 1))
}
