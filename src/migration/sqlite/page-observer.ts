import { isUtf8 } from 'node:buffer'
import type { CandidateTally, ColumnObserver, KeyOfRow, Tally } from '../evidence.ts'
import type { FieldPlace } from '../pages/coverage.ts'
import { IsoBytes } from '../pages/iso-bytes.ts'
import { isJsonBytes } from '../pages/json-bytes.ts'
import type { RecordCursor } from '../pages/record-cursor.ts'
import type { StoredValue } from '../values.ts'

/** The present row, for what the bytes alone do not settle. */
export interface ObservedRow {
  readonly value: (column: number) => StoredValue
  readonly key: KeyOfRow
}

/**
 * Gathers the evidence of one column from the bytes of records. What they settle is counted without a value: fields
 * that keep what the declaration promises, once the first rows of their kind are named. Anything else becomes a value
 * and goes to the observer of values, so that evidence means the same whoever read it.
 */
export class PageObserver {
  readonly #observer: ColumnObserver
  readonly #place: FieldPlace
  readonly #column: number
  readonly #iso = new IsoBytes()
  readonly #fits: Fits
  /** Tallies that the present field adds to, if all of it is settled. */
  readonly #tallies: Tally[] = []
  readonly #formats = new Map<number, Tally>()
  #least = Number.POSITIVE_INFINITY
  #most = Number.NEGATIVE_INFINITY

  constructor(observer: ColumnObserver, place: FieldPlace, { column }: { readonly column: number }) {
    this.#observer = observer
    this.#place = place
    this.#column = column
    this.#fits = fitsOf(observer.candidates)
  }

  observe(record: RecordCursor, row: ObservedRow): void {
    if (!this.#observeBytes(record)) this.#observer.observe(row.value(this.#column), row.key)
  }

  /** Hands the range of integers over, after the last row. */
  finish(): void {
    if (this.#least > this.#most) return
    this.#observer.widen(BigInt(this.#least))
    this.#observer.widen(BigInt(this.#most))
  }

  #observeBytes(record: RecordCursor): boolean {
    const { stored, isReal, hasDefault } = this.#place
    if (stored === undefined) return this.#integer(record.rowidHigh * 4_294_967_296 + (record.rowidLow >>> 0))
    if (stored >= record.count && hasDefault) return false
    const type = stored >= record.count ? 0 : (record.types[stored] ?? 0)
    const start = record.starts[stored] ?? 0
    if (type === 0) {
      this.#observer.counts.nulls += 1
      return true
    }
    if (type >= 12) {
      const length = (type - 12 - (type & 1)) / 2
      return (type & 1) === 0 ? this.#blob(length) : this.#text(record.bytes, start, start + length)
    }
    if (type === 7) return this.#real(record.bytes.readDoubleBE(start))
    const number = shortInteger(record.bytes, start, type)
    return isReal ? this.#real(number) : this.#integer(number)
  }

  #integer(value: number): boolean {
    const { integers } = this.#observer
    if (!integers.isNamed || !Number.isSafeInteger(value)) return false
    if (!this.#fits.integers && !(this.#fits.booleans && (value === 0 || value === 1))) return false
    integers.count += 1
    if (value < this.#least) this.#least = value
    if (value > this.#most) this.#most = value
    return true
  }

  #real(value: number): boolean {
    const { reals, counts } = this.#observer
    if (!reals.isNamed || !this.#fits.reals || !Number.isFinite(value)) return false
    reals.count += 1
    if (Number.isInteger(value) && Math.abs(value) <= 9_223_372_036_854_775_808) counts.integerLikeReals += 1
    return true
  }

  #blob(length: number): boolean {
    const { blobs, counts } = this.#observer
    if (!blobs.isNamed || !this.#fits.blobs) return false
    blobs.count += 1
    if (length > counts.maxBytes) counts.maxBytes = length
    return true
  }

  #text(bytes: Buffer, start: number, end: number): boolean {
    const { texts, counts, shapes } = this.#observer
    if (!texts.isNamed || end === start) return false
    const shape = shapeOf(bytes, { start, end, iso: this.#iso })
    if (shape === undefined || !this.#settlesText(bytes, { start, end, shape })) return false
    texts.count += 1
    if (end - start > counts.maxBytes) counts.maxBytes = end - start
    if (shape !== 'plain') shapes[shape] += 1
    for (const tally of this.#tallies) tally.count += 1
    return true
  }

  /** Collects what the candidates count; false where one of them needs the value. */
  #settlesText(bytes: Buffer, text: { readonly start: number; readonly end: number; readonly shape: Shape }): boolean {
    this.#tallies.length = 0
    for (const candidate of this.#observer.candidates) {
      const { conversion, type } = candidate.mapping
      if (conversion === 'identity' && type === 'text') continue
      if (conversion === 'json') {
        if (text.shape !== 'json') return false
        continue
      }
      if (conversion !== 'iso-timestamp' || (text.shape !== 'timestamp' && text.shape !== 'zonedTimestamp'))
        return false
      const isFitting = (text.shape === 'zonedTimestamp') === (type === 'timestamptz')
      const tally = isFitting ? this.#format(bytes, { ...text, candidate }) : candidate.misfits
      if (tally?.isNamed !== true) return false
      this.#tallies.push(tally)
    }
    return true
  }

  /** The tally of the way in which a timestamp is written; none for offsets, which are many. */
  #format(
    bytes: Buffer,
    { start, end, candidate }: { readonly start: number; readonly end: number; readonly candidate: CandidateTally },
  ): Tally | undefined {
    const isUtc = bytes[end - 1] === 0x5a
    const last = isUtc ? end - 1 : end
    if (bytes[last - 3] === 0x3a && last - start > 19) return undefined
    let isZero = last > start + 19
    for (let at = start + 20; at < last; at += 1) if (bytes[at] !== 0x30) isZero = false
    const separator = bytes[start + 10] ?? 0
    const digits = Math.max(0, last - start - 20)
    const code = separator * 64 + digits * 4 + (isZero ? 2 : 0) + (isUtc ? 1 : 0)
    let tally = this.#formats.get(code)
    if (tally === undefined) {
      tally = candidate.format(`${String.fromCharCode(separator)}|${digits}${isZero ? 'z' : ''}|${isUtc ? 'Z' : ''}`)
      if (tally !== undefined) this.#formats.set(code, tally)
    }
    return tally
  }
}

interface Fits {
  readonly integers: boolean
  readonly booleans: boolean
  readonly reals: boolean
  readonly blobs: boolean
}

/** Which storage classes keep every promise of the declaration, whatever the value is. */
function fitsOf(candidates: readonly CandidateTally[]): Fits {
  const all = (type: string, conversion: string): boolean =>
    candidates.every(({ mapping }) => mapping.type === type && mapping.conversion === conversion)
  return {
    integers: all('bigint', 'identity') || all('numeric', 'decimal'),
    booleans: all('boolean', 'boolean'),
    reals: all('double precision', 'identity'),
    blobs: all('bytea', 'identity'),
  }
}

type Shape = 'plain' | 'json' | 'timestamp' | 'zonedTimestamp'

/** What a text looks like; `undefined` where only its value can tell, or its bytes are not sound. */
function shapeOf(
  bytes: Buffer,
  { start, end, iso }: { readonly start: number; readonly end: number; readonly iso: IsoBytes },
): Shape | undefined {
  let all = 0
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === 0) return undefined
    all |= byte
  }
  if (all >= 0x80 && !isUtf8(bytes.subarray(start, end))) return undefined
  const first = bytes[start]
  if (first === 0x7b || first === 0x5b) return isJsonBytes(bytes, start, end) ? 'json' : undefined
  if (all >= 0x80) return 'plain'
  const length = end - start
  if (length < 10 || (bytes[start + 4] !== 0x2d && bytes[start + 8] !== 0x2d)) return 'plain'
  if (length < 19 || length > 32) return length === 10 || length === 36 ? undefined : 'plain'
  if (bytes[start + 4] !== 0x2d) return 'plain'
  if (!iso.read(bytes, start, length)) return undefined
  return iso.isZoned ? 'zonedTimestamp' : 'timestamp'
}

/** Serial types 1 to 6, 8 and 9; of type 6, what a double holds exactly or at least no safe integer. */
function shortInteger(bytes: Buffer, start: number, type: number): number {
  switch (type) {
    case 8:
    case 9:
      return type - 8
    case 1:
      return bytes.readInt8(start)
    case 2:
      return bytes.readInt16BE(start)
    case 3:
      return bytes.readIntBE(start, 3)
    case 4:
      return bytes.readInt32BE(start)
    case 5:
      return bytes.readIntBE(start, 6)
    default:
      return bytes.readInt32BE(start) * 4_294_967_296 + bytes.readUInt32BE(start + 4)
  }
}
