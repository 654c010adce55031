import { convertBy, type Convert } from './conversions.ts'
import { counterpartsOf } from './declared-type.ts'
import type { CandidateEvidence, ColumnEvidence, Sighting } from './inventory.ts'
import { readIsoDate, readIsoTime, readIsoTimestamp } from './iso-text.ts'
import { InvalidText, type StoredValue } from './values.ts'

const exampleLimit = 5
/** A column written in more ways than this is no column of timestamps. */
const formatLimit = 50

/** Names the row that is looked at; called only for the first few rows that are worth naming. */
export type KeyOfRow = () => string

/** Something counted, with the first few rows where it was seen. */
export class Tally {
  count = 0
  readonly exampleKeys: string[] = []

  /** True once the next sighting is only counted. */
  get isNamed(): boolean {
    return this.exampleKeys.length === exampleLimit
  }

  add(key: KeyOfRow): void {
    this.count += 1
    if (this.exampleKeys.length < exampleLimit) this.exampleKeys.push(key())
  }

  read(): Sighting {
    return { count: this.count, exampleKeys: [...this.exampleKeys] }
  }
}

export class CandidateTally {
  readonly mapping: CandidateEvidence['mapping']
  readonly misfits = new Tally()
  readonly #convert: Convert
  readonly #formats = new Map<string, Tally>()

  constructor(mapping: CandidateEvidence['mapping']) {
    this.mapping = mapping
    this.#convert = convertBy(mapping)
  }

  observe(value: Exclude<StoredValue, null>, key: KeyOfRow): void {
    if (this.#convert(value) === undefined) {
      this.misfits.add(key)
      return
    }
    const format = this.#formatOf(value)
    if (format !== undefined) this.format(format)?.add(key)
  }

  /** Counts the rows of one way of writing; `undefined` where there are too many ways already. */
  format(format: string): Tally | undefined {
    let tally = this.#formats.get(format)
    if (tally === undefined && this.#formats.size < formatLimit) this.#formats.set(format, (tally = new Tally()))
    return tally
  }

  read(): CandidateEvidence {
    const formats = [...this.#formats].sort(([a], [b]) => (a < b ? -1 : 1))
    return {
      mapping: this.mapping,
      misfits: this.misfits.read(),
      ...(formats.length > 0
        ? { formats: Object.fromEntries(formats.map(([format, tally]) => [format, tally.read()])) }
        : {}),
    }
  }

  #formatOf(value: Exclude<StoredValue, null>): string | undefined {
    if (typeof value !== 'string') return undefined
    if (this.mapping.conversion === 'iso-timestamp') return readIsoTimestamp(value)?.format
    return this.mapping.conversion === 'iso-time' ? readIsoTime(value)?.format : undefined
  }
}

/** Gathers the evidence of one column, value by value. */
export class ColumnObserver {
  readonly integers = new Tally()
  readonly reals = new Tally()
  readonly texts = new Tally()
  readonly blobs = new Tally()
  readonly counts = { nulls: 0, integerLikeReals: 0, nonFiniteReals: 0, wideIntegers: 0, maxBytes: 0, emptyTexts: 0 }
  readonly shapes = { timestamp: 0, zonedTimestamp: 0, date: 0, json: 0, uuid: 0 }
  readonly candidates: readonly CandidateTally[]
  readonly #nul = new Tally()
  readonly #invalid = new Tally()
  #min: bigint | undefined
  #max: bigint | undefined

  constructor(declared: string) {
    this.candidates = counterpartsOf(declared).map((mapping) => new CandidateTally(mapping))
  }

  observe(value: StoredValue, key: KeyOfRow): void {
    if (value === null) {
      this.counts.nulls += 1
      return
    }
    if (typeof value === 'bigint') this.#observeInteger(value, key)
    else if (typeof value === 'number') this.#observeReal(value, key)
    else if (typeof value === 'string') this.#observeText(value, key)
    else if (value instanceof InvalidText) {
      this.texts.add(key)
      this.#invalid.add(key)
      this.counts.maxBytes = Math.max(this.counts.maxBytes, value.bytes.length)
    } else {
      this.blobs.add(key)
      this.counts.maxBytes = Math.max(this.counts.maxBytes, value.length)
    }
    for (const candidate of this.candidates) candidate.observe(value, key)
  }

  read(): ColumnEvidence {
    return {
      nulls: this.counts.nulls,
      integers: this.integers.read(),
      reals: this.reals.read(),
      texts: this.texts.read(),
      blobs: this.blobs.read(),
      ...(this.#min === undefined || this.#max === undefined
        ? {}
        : { minInteger: String(this.#min), maxInteger: String(this.#max) }),
      integerLikeReals: this.counts.integerLikeReals,
      nonFiniteReals: this.counts.nonFiniteReals,
      wideIntegers: this.counts.wideIntegers,
      maxBytes: this.counts.maxBytes,
      emptyTexts: this.counts.emptyTexts,
      textsWithNul: this.#nul.read(),
      invalidTexts: this.#invalid.read(),
      shapes: { ...this.shapes },
      candidates: this.candidates.map((candidate) => candidate.read()),
    }
  }

  /** Makes the range of integers include one. */
  widen(value: bigint): void {
    if (this.#min === undefined || value < this.#min) this.#min = value
    if (this.#max === undefined || value > this.#max) this.#max = value
  }

  #observeInteger(value: bigint, key: KeyOfRow): void {
    this.integers.add(key)
    this.widen(value)
    if ((value > 9_007_199_254_740_992n || value < -9_007_199_254_740_992n) && BigInt(Number(value)) !== value) {
      this.counts.wideIntegers += 1
    }
  }

  #observeReal(value: number, key: KeyOfRow): void {
    this.reals.add(key)
    if (!Number.isFinite(value)) this.counts.nonFiniteReals += 1
    else if (Object.is(value, -0) || (Number.isInteger(value) && Math.abs(value) <= 9_223_372_036_854_775_808)) {
      this.counts.integerLikeReals += 1
    }
  }

  #observeText(value: string, key: KeyOfRow): void {
    this.texts.add(key)
    if (value.length === 0) this.counts.emptyTexts += 1
    // UTF-8 takes at most three bytes a UTF-16 unit: only what may be a new maximum is measured.
    if (value.length * 3 > this.counts.maxBytes)
      this.counts.maxBytes = Math.max(this.counts.maxBytes, Buffer.byteLength(value))
    if (value.includes('\0')) this.#nul.add(key)
    this.#observeShape(value)
  }

  #observeShape(value: string): void {
    const first = value.charCodeAt(0)
    const shapes = this.shapes
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
