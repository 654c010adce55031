import { convertBy, type Convert } from './conversions.ts'
import { counterpartsOf } from './declared-type.ts'
import type { CandidateEvidence, ColumnEvidence, Sighting } from './inventory.ts'
import { readIsoDate, readIsoTime, readIsoTimestamp } from './iso-text.ts'
import { InvalidText, type StoredValue } from './values.ts'

const exampleLimit = 5
/** A column written in more ways than this is no column of timestamps. */
const formatLimit = 50

/** Names the row that is looked at; called only for the first few rows that are worth naming. */
type KeyOfRow = () => string

class Tally {
  count = 0
  readonly exampleKeys: string[] = []

  add(key: KeyOfRow): void {
    this.count += 1
    if (this.exampleKeys.length < exampleLimit) this.exampleKeys.push(key())
  }

  read(): Sighting {
    return { count: this.count, exampleKeys: [...this.exampleKeys] }
  }
}

class CandidateTally {
  readonly #candidate: CandidateEvidence['mapping']
  readonly #convert: Convert
  readonly #misfits = new Tally()
  readonly #formats = new Map<string, Tally>()

  constructor(mapping: CandidateEvidence['mapping']) {
    this.#candidate = mapping
    this.#convert = convertBy(mapping)
  }

  observe(value: Exclude<StoredValue, null>, key: KeyOfRow): void {
    if (this.#convert(value) === undefined) {
      this.#misfits.add(key)
      return
    }
    const format = this.#formatOf(value)
    if (format === undefined) return
    let tally = this.#formats.get(format)
    if (tally === undefined && this.#formats.size < formatLimit) this.#formats.set(format, (tally = new Tally()))
    tally?.add(key)
  }

  read(): CandidateEvidence {
    const formats = [...this.#formats].sort(([a], [b]) => (a < b ? -1 : 1))
    return {
      mapping: this.#candidate,
      misfits: this.#misfits.read(),
      ...(formats.length > 0
        ? { formats: Object.fromEntries(formats.map(([format, tally]) => [format, tally.read()])) }
        : {}),
    }
  }

  #formatOf(value: Exclude<StoredValue, null>): string | undefined {
    if (typeof value !== 'string') return undefined
    if (this.#candidate.conversion === 'iso-timestamp') return readIsoTimestamp(value)?.format
    return this.#candidate.conversion === 'iso-time' ? readIsoTime(value)?.format : undefined
  }
}

/** Gathers the evidence of one column, value by value. */
export class ColumnObserver {
  #nulls = 0
  readonly #integers = new Tally()
  readonly #reals = new Tally()
  readonly #texts = new Tally()
  readonly #blobs = new Tally()
  readonly #nul = new Tally()
  readonly #invalid = new Tally()
  #min: bigint | undefined
  #max: bigint | undefined
  #integerLike = 0
  #nonFinite = 0
  #wide = 0
  #maxBytes = 0
  #empty = 0
  readonly #shapes = { timestamp: 0, zonedTimestamp: 0, date: 0, json: 0, uuid: 0 }
  readonly #candidates: readonly CandidateTally[]

  constructor(declared: string) {
    this.#candidates = counterpartsOf(declared).map((mapping) => new CandidateTally(mapping))
  }

  observe(value: StoredValue, key: KeyOfRow): void {
    if (value === null) {
      this.#nulls += 1
      return
    }
    if (typeof value === 'bigint') this.#observeInteger(value, key)
    else if (typeof value === 'number') this.#observeReal(value, key)
    else if (typeof value === 'string') this.#observeText(value, key)
    else if (value instanceof InvalidText) {
      this.#texts.add(key)
      this.#invalid.add(key)
      this.#maxBytes = Math.max(this.#maxBytes, value.bytes.length)
    } else {
      this.#blobs.add(key)
      this.#maxBytes = Math.max(this.#maxBytes, value.length)
    }
    for (const candidate of this.#candidates) candidate.observe(value, key)
  }

  read(): ColumnEvidence {
    return {
      nulls: this.#nulls,
      integers: this.#integers.read(),
      reals: this.#reals.read(),
      texts: this.#texts.read(),
      blobs: this.#blobs.read(),
      ...(this.#min === undefined || this.#max === undefined
        ? {}
        : { minInteger: String(this.#min), maxInteger: String(this.#max) }),
      integerLikeReals: this.#integerLike,
      nonFiniteReals: this.#nonFinite,
      wideIntegers: this.#wide,
      maxBytes: this.#maxBytes,
      emptyTexts: this.#empty,
      textsWithNul: this.#nul.read(),
      invalidTexts: this.#invalid.read(),
      shapes: { ...this.#shapes },
      candidates: this.#candidates.map((candidate) => candidate.read()),
    }
  }

  #observeInteger(value: bigint, key: KeyOfRow): void {
    this.#integers.add(key)
    if (this.#min === undefined || value < this.#min) this.#min = value
    if (this.#max === undefined || value > this.#max) this.#max = value
    if ((value > 9_007_199_254_740_992n || value < -9_007_199_254_740_992n) && BigInt(Number(value)) !== value) {
      this.#wide += 1
    }
  }

  #observeReal(value: number, key: KeyOfRow): void {
    this.#reals.add(key)
    if (!Number.isFinite(value)) this.#nonFinite += 1
    else if (Object.is(value, -0) || (Number.isInteger(value) && Math.abs(value) <= 9_223_372_036_854_775_808)) {
      this.#integerLike += 1
    }
  }

  #observeText(value: string, key: KeyOfRow): void {
    this.#texts.add(key)
    if (value.length === 0) this.#empty += 1
    // UTF-8 takes at most three bytes a UTF-16 unit: only what may be a new maximum is measured.
    if (value.length * 3 > this.#maxBytes) this.#maxBytes = Math.max(this.#maxBytes, Buffer.byteLength(value))
    if (value.includes('\0')) this.#nul.add(key)
    this.#observeShape(value)
  }

  #observeShape(value: string): void {
    const first = value.charCodeAt(0)
    const shapes = this.#shapes
    if (first === 0x7b || first === 0x5b) {
      if (isJson(value)) shapes.json += 1
      return
    }
    if (value.length === 36 && uuidPattern.test(value)) shapes.uuid += 1
    else if (value.length === 10 && readIsoDate(value) !== undefined) shapes.date += 1
    else if (value.length >= 19 && value.length <= 32 && value.charCodeAt(4) === 0x2d) {
      const read = readIsoTimestamp(value)
      if (read !== undefined) shapes[read.zoned ? 'zonedTimestamp' : 'timestamp'] += 1
    }
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
