import type { PlanColumn } from '../documents.ts'
import type { StoredValue } from '../values.ts'
import { matchDate, matchTime, matchTimestamp } from './match-time.ts'

/**
 * Compares a stored value with a field of PostgreSQL's binary format where both lie, without making a value of the
 * field. True only where the field is surely what the plan says; false means "look closely", not "different".
 */
export type Match = (value: StoredValue, bytes: Buffer, place: FieldPlace) => boolean

/** Where a field that is not NULL lies. */
export interface FieldPlace {
  readonly start: number
  readonly end: number
}

const never: Match = () => false

/**
 * Nine of ten rows of a copy are equal: this is what the proof does with them. What it does not know it leaves to
 * `expectationOf` and `decoderOf`; a test holds it to them.
 */
export function matcherOf(column: Pick<PlanColumn, 'type' | 'conversion' | 'labels' | 'timeZone'>): Match {
  if (column.labels !== undefined || column.timeZone !== undefined) return never
  return matchers[`${column.type} by ${column.conversion}`] ?? never
}

/** Only types as our own plans name them: an application's `varchar(20)` is looked at closely. */
const matchers: Readonly<Record<string, Match>> = {
  'smallint by identity': (value, bytes, { start, end }) =>
    typeof value === 'bigint' && end - start === 2 && bytes.readInt16BE(start) === Number(value),
  'integer by identity': (value, bytes, { start, end }) =>
    typeof value === 'bigint' && end - start === 4 && bytes.readInt32BE(start) === Number(value),
  'bigint by identity': (value, bytes, { start, end }) => {
    if (typeof value !== 'bigint' || end - start !== 8) return false
    const number = Number(value)
    return Number.isSafeInteger(number) && readSafe(bytes, start) === number
  },
  'double precision by identity': (value, bytes, { start, end }) =>
    typeof value === 'number' && end - start === 8 && Object.is(bytes.readDoubleBE(start), value),
  'boolean by boolean': (value, bytes, { start, end }) =>
    end - start === 1 && ((value === 1n && bytes[start] === 1) || (value === 0n && bytes[start] === 0)),
  'text by identity': matchText,
  'text by mixed-text': matchText,
  // The column's type was compared before: PostgreSQL itself has read the text as JSON.
  'json by json': matchText,
  'bytea by identity': matchBytes,
  'bytea by mixed-bytea': matchBytes,
  'timestamp by iso-timestamp': matchTimestamp(false),
  'timestamptz by iso-timestamp': matchTimestamp(true),
  'date by iso-date': matchDate,
  'time by iso-time': matchTime,
  'timestamptz by epoch-s': matchEpoch(1_000_000),
  'timestamptz by epoch-ms': matchEpoch(1_000),
  'timestamptz by epoch-us': matchEpoch(1),
}

/** Exact up to 2⁵³; beyond it no safe integer comes out. */
function readSafe(bytes: Buffer, start: number): number {
  return bytes.readInt32BE(start) * 4_294_967_296 + bytes.readUInt32BE(start + 4)
}

function matchEpoch(microsPerUnit: number): Match {
  return (value, bytes, { start, end }) => {
    if (typeof value !== 'bigint' || end - start !== 8) return false
    const micros = Number(value) * microsPerUnit - 946_684_800_000_000
    return Math.abs(micros) < 2 ** 52 && readSafe(bytes, start) === micros
  }
}

/** Writes the text's UTF-8 in thought; what may stand for invalid bytes (U+FFFD) and halves of pairs are left. */
function matchText(value: StoredValue, bytes: Buffer, { start, end }: FieldPlace): boolean {
  if (typeof value !== 'string' || value.length > end - start) return false
  let at = start
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index)
    if (unit < 0x80) {
      if (unit === 0 || bytes[at] !== unit) return false
      at += 1
    } else if (unit < 0x800) {
      if (bytes[at] !== (0xc0 | (unit >> 6)) || bytes[at + 1] !== (0x80 | (unit & 0x3f))) return false
      at += 2
    } else {
      if (unit === 0xfffd || (unit >= 0xd800 && unit < 0xe000)) return false
      const isSame =
        bytes[at] === (0xe0 | (unit >> 12)) &&
        bytes[at + 1] === (0x80 | ((unit >> 6) & 0x3f)) &&
        bytes[at + 2] === (0x80 | (unit & 0x3f))
      if (!isSame) return false
      at += 3
    }
  }
  return at === end
}

function matchBytes(value: StoredValue, bytes: Buffer, { start, end }: FieldPlace): boolean {
  if (!(value instanceof Uint8Array) || value.length !== end - start) return false
  if (value.length > 64) return bytes.compare(value, 0, value.length, start, end) === 0
  for (let index = 0; index < value.length; index += 1) if (bytes[start + index] !== value[index]) return false
  return true
}
