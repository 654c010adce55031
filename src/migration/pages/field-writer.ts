import { isUtf8 } from 'node:buffer'
import type { Mapping } from '../conversions.ts'
import type { FieldPlace } from './coverage.ts'
import { IsoBytes } from './iso-bytes.ts'
import { isJsonBytes } from './json-bytes.ts'
import { numberBytes, type RecordCursor } from './record-cursor.ts'

/** How a field's bytes are made: numbers, because one is looked up for every field. */
const kinds = {
  /** Not from bytes: by value. */
  value: 0,
  int2: 2,
  int4: 4,
  int8: 8,
  float: 9,
  /** Text without NUL and in valid UTF-8. */
  text: 10,
  blob: 11,
  /** Text or blob, as it is. */
  bytes: 12,
  boolean: 13,
  naiveTimestamp: 14,
  zonedTimestamp: 15,
  json: 16,
} as const
export type WriterKind = (typeof kinds)[keyof typeof kinds]

/** Chooses how a planned column is written; `value` for what needs a conversion. */
export function fieldWriter(mapping: Mapping, place: FieldPlace): WriterKind {
  const { type, conversion } = mapping
  // What a REAL column stores as an integer is a real, and neither an integer nor a boolean.
  const isRealInteger = place.isReal && place.stored !== undefined
  if (conversion === 'boolean') return isRealInteger ? kinds.value : kinds.boolean
  if (conversion === 'mixed-text') return kinds.text
  if (conversion === 'mixed-bytea') return kinds.bytes
  if (conversion === 'iso-timestamp') return type === 'timestamptz' ? kinds.zonedTimestamp : kinds.naiveTimestamp
  if (conversion === 'json' && type === 'json') return kinds.json
  if (conversion !== 'identity') return kinds.value
  switch (type) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      if (isRealInteger) return kinds.value
      return type === 'smallint' ? kinds.int2 : type === 'integer' ? kinds.int4 : kinds.int8
    case 'double precision':
      return kinds.float
    case 'text':
      return kinds.text
    case 'bytea':
      return kinds.blob
    default:
      return kinds.value
  }
}

interface Place {
  readonly out: Buffer
  readonly at: number
}

/** From this length on, one call of a native routine beats a loop over the bytes. */
const longBytes = 160

/** Writes single fields: the length in four bytes, then the field as PostgreSQL receives it. */
export class FieldWriter {
  readonly #iso = new IsoBytes()

  /** Writes a field of the current row and returns where the next begins; −1 where it must go by value. */
  write(record: RecordCursor, field: FieldPlace & { readonly writer: WriterKind }, { out, at }: Place): number {
    const { stored, writer } = field
    if (writer === kinds.value) return -1
    if (stored === undefined) return writeRowid(record, writer, { out, at })
    if (stored >= record.count) return field.hasDefault ? -1 : writeNull(out, at)
    const type = record.types[stored] ?? 0
    if (type === 0) return writeNull(out, at)
    const start = record.starts[stored] ?? 0
    const { bytes } = record
    if (type >= 12) {
      const length = (type - 12 - (type & 1)) / 2
      if ((type & 1) === 0) {
        return writer === kinds.blob || writer === kinds.bytes ? copyBytes(bytes, { start, length, out, at }) : -1
      }
      switch (writer) {
        case kinds.text:
          return copyText(bytes, { start, length, out, at })
        case kinds.bytes:
          return copyBytes(bytes, { start, length, out, at })
        case kinds.json:
          return isJsonBytes(bytes, start, start + length) ? copyText(bytes, { start, length, out, at }) : -1
        case kinds.naiveTimestamp:
        case kinds.zonedTimestamp: {
          const iso = this.#iso
          if (!iso.read(bytes, start, length) || iso.isZoned !== (writer === kinds.zonedTimestamp)) return -1
          return write64(out, at, iso)
        }
        default:
          return -1
      }
    }
    switch (writer) {
      case kinds.int2:
      case kinds.int4:
      case kinds.int8:
        return type === 7 ? -1 : writeInteger(bytes, { type, start, width: writer, out, at })
      case kinds.float:
        return writeFloat(bytes, { type, start, out, at })
      case kinds.boolean:
        if (type !== 8 && type !== 9) return -1
        writeLength(out, at, 1)
        out[at + 4] = type - 8
        return at + 5
      default:
        return -1
    }
  }
}

function writeNull(out: Buffer, at: number): number {
  out[at] = 0xff
  out[at + 1] = 0xff
  out[at + 2] = 0xff
  out[at + 3] = 0xff
  return at + 4
}

function writeLength(out: Buffer, at: number, length: number): void {
  out[at] = length >>> 24
  out[at + 1] = length >>> 16
  out[at + 2] = length >>> 8
  out[at + 3] = length
}

function write32(out: Buffer, at: number, value: number): void {
  out[at] = value >>> 24
  out[at + 1] = value >>> 16
  out[at + 2] = value >>> 8
  out[at + 3] = value
}

function write64(out: Buffer, at: number, { high, low }: { readonly high: number; readonly low: number }): number {
  writeLength(out, at, 8)
  write32(out, at + 4, high)
  write32(out, at + 8, low)
  return at + 12
}

function writeRowid(record: RecordCursor, writer: WriterKind, { out, at }: Place): number {
  const { rowidHigh: high, rowidLow: low } = record
  if (writer === kinds.int8) return write64(out, at, { high, low })
  if (writer !== kinds.int4 || high !== low >> 31) return -1
  writeLength(out, at, 4)
  write32(out, at + 4, low)
  return at + 8
}

interface FromRecord extends Place {
  readonly start: number
}

/** Integers are stored big-endian, as PostgreSQL sends them: only the width differs. */
function writeInteger(bytes: Buffer, from: FromRecord & { readonly type: number; readonly width: number }): number {
  const { type, start, width, out, at } = from
  const size = numberBytes[type] ?? 0
  const sign = size > 0 && (bytes[start] ?? 0) >= 0x80 ? 0xff : 0
  const cut = Math.max(0, size - width)
  for (let index = 0; index < cut; index += 1) if (bytes[start + index] !== sign) return -1
  if (cut > 0 && ((bytes[start + cut] ?? 0) ^ sign) >= 0x80) return -1
  writeLength(out, at, width)
  const first = at + 4
  const pad = width - size + cut
  for (let index = 0; index < pad; index += 1) out[first + index] = sign
  for (let index = cut; index < size; index += 1) out[first + pad - cut + index] = bytes[start + index] ?? 0
  if (type === 9) out[first + width - 1] = 1
  return first + width
}

function writeFloat(bytes: Buffer, from: FromRecord & { readonly type: number }): number {
  const { type, start, out, at } = from
  if (type === 7) {
    // NaN, which SQLite reads as NULL, has all bits of the exponent set, and so has infinity.
    if (((bytes[start] ?? 0) & 0x7f) === 0x7f && ((bytes[start + 1] ?? 0) & 0xf0) === 0xf0) return -1
    writeLength(out, at, 8)
    for (let index = 0; index < 8; index += 1) out[at + 4 + index] = bytes[start + index] ?? 0
    return at + 12
  }
  // A double holds every integer of up to six bytes; whether it holds one of eight is the conversion's to say.
  if (type === 6) return -1
  writeLength(out, at, 8)
  const value = type >= 8 ? type - 8 : bytes.readIntBE(start, numberBytes[type] ?? 1)
  out.writeDoubleBE(value, at + 4)
  return at + 12
}

interface Span extends FromRecord {
  readonly length: number
}

function copyBytes(bytes: Buffer, { start, length, out, at }: Span): number {
  writeLength(out, at, length)
  const first = at + 4
  if (length >= longBytes) bytes.copy(out, first, start, start + length)
  else for (let index = 0; index < length; index += 1) out[first + index] = bytes[start + index] ?? 0
  return first + length
}

/** Copies a text and looks at it meanwhile: NUL fits no text of PostgreSQL's, bytes over 127 must be valid UTF-8. */
function copyText(bytes: Buffer, span: Span): number {
  const { start, length, out, at } = span
  if (length >= longBytes) {
    const text = bytes.subarray(start, start + length)
    return text.includes(0) || !isUtf8(text) ? -1 : copyBytes(bytes, span)
  }
  writeLength(out, at, length)
  const first = at + 4
  let all = 0
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[start + index] ?? 0
    if (byte === 0) return -1
    all |= byte
    out[first + index] = byte
  }
  return all < 0x80 || isUtf8(bytes.subarray(start, start + length)) ? first + length : -1
}
