import { PageWindow, type PageFile } from './page-file.ts'
import { headerOffset, leafPage, type TableTree } from './table-tree.ts'
import { OverflowReader } from './overflow.ts'

/** Read at a time where leaves lie side by side. */
const windowBytes = 256 * 1024
/** SQLite takes no record with a longer header either. */
const longestHeader = 98_307
const longestRecord = 0x7fff_ffff

/**
 * Walks the rows of a table and lays out the fields of each, without making a value of any. Whatever a row says of
 * itself is checked against the page, so that a damaged file ends in a fault and never in a wrong row; what is checked
 * is a little more than what SQLite checks when it reads.
 */
export class RecordCursor {
  /** The record's bytes are in here. Valid until the next {@link next}, as all that follows. */
  bytes: Buffer
  /** Fields that the record has: fewer than the table where a column was added later. */
  count = 0
  /** Bytes of the whole record: an upper bound for its fields. */
  recordBytes = 0
  /** The signed rowid, in two halves. */
  rowidHigh = 0
  rowidLow = 0
  /** SQLite's serial type of each field, and where its bytes begin. */
  readonly types: Uint32Array
  readonly starts: Uint32Array

  readonly #file: PageFile
  readonly #leaves: readonly number[]
  readonly #window: PageWindow
  readonly #overflow: OverflowReader
  #nextLeaf = 0
  #page = 0
  #base = 0
  #pointers = 0
  #cell = 0
  #cells = 0
  #at = 0
  #isFirst = true

  /** `columns`: how many stored columns the table has; further fields of a record are checked and left out. */
  constructor(file: PageFile, tree: TableTree, columns: number) {
    this.#file = file
    this.#leaves = tree.leaves
    this.#window = new PageWindow(file, windowBytes)
    this.#overflow = new OverflowReader(file, tree.claimed)
    this.types = new Uint32Array(columns)
    this.starts = new Uint32Array(columns)
    this.bytes = this.#window.bytes
  }

  /** The leaf that the row is on. */
  get page(): number {
    return this.#page
  }

  /**
   * Goes to the next row; false after the last.
   *
   * @throws HIVE_SOURCE_CORRUPT with the number of the page
   */
  next(): boolean {
    while (this.#cell === this.#cells) if (!this.#openLeaf()) return false
    const { usableBytes } = this.#file.header
    const bytes = this.#window.bytes
    const end = this.#base + usableBytes
    const at = this.#base + readUint16(bytes, this.#pointers + this.#cell * 2)
    this.#cell += 1
    if (at < this.#pointers + this.#cells * 2 || at >= end) throw this.#corrupt('lies outside the page')
    this.bytes = bytes
    this.#at = at
    const payload = this.#varint(end)
    if (payload > longestRecord) throw this.#corrupt(`has ${payload} bytes`)
    this.#readRowid(end)
    const local = localBytes(payload, usableBytes)
    if (this.#at + local + (local < payload ? 4 : 0) > end) throw this.#corrupt('runs out of the page')
    if (local < payload) {
      this.bytes = this.#overflow.assemble({ page: this.#page, bytes, start: this.#at, local, payload })
      this.#at = 0
    }
    this.#layOut(payload)
    return true
  }

  #openLeaf(): boolean {
    const page = this.#leaves[this.#nextLeaf]
    if (page === undefined) return false
    const window = this.#window
    this.#base = window.place(page, window.holds(page) ? 1 : this.#span(page))
    this.#page = page
    this.#nextLeaf += 1
    const header = this.#base + headerOffset(page)
    const kind = window.bytes[header]
    if (kind !== leafPage) throw this.#file.corrupt(page, `kind ${kind}, wanted a table's leaf`)
    this.#cells = readUint16(window.bytes, header + 3)
    this.#cell = 0
    this.#pointers = header + 8
    const isOutside = this.#pointers + this.#cells * 2 > this.#base + this.#file.header.usableBytes
    if (isOutside || (this.#cells === 0 && this.#leaves.length > 1)) {
      throw this.#file.corrupt(page, `${this.#cells} cells`)
    }
    return true
  }

  /** How many pages to read from a leaf on: as far as the leaves to come fill at least a quarter of them. */
  #span(page: number): number {
    let span = 1
    let used = 1
    for (let index = this.#nextLeaf + 1; ; index += 1) {
      const leaf = this.#leaves[index]
      if (leaf === undefined || leaf <= page + span - 1 || leaf - page >= this.#window.capacity) return span
      used += 1
      if (used * 4 < leaf - page + 1) return span
      span = leaf - page + 1
    }
  }

  /** Rowids ascend through the whole table; a page that was linked twice or to the wrong place breaks that. */
  #readRowid(end: number): void {
    const bytes = this.#window.bytes
    let high = 0
    let low = 0
    let isRead = false
    for (let index = 0; index < 9 && !isRead; index += 1) {
      if (this.#at >= end) throw this.#corrupt('runs out of the page')
      const byte = bytes[this.#at] ?? 0
      this.#at += 1
      const bits = index === 8 ? 8 : 7
      high = (high << bits) | (low >>> (32 - bits))
      low = (low << bits) | (index === 8 ? byte : byte & 0x7f)
      isRead = byte < 0x80
    }
    const isAfter = high > this.rowidHigh || (high === this.rowidHigh && low >>> 0 > this.rowidLow >>> 0)
    if (!isAfter && !this.#isFirst) throw this.#corrupt('has a rowid that is not after the one before it')
    this.#isFirst = false
    this.rowidHigh = high
    this.rowidLow = low
  }

  #layOut(payload: number): void {
    const start = this.#at
    const end = start + payload
    const header = this.#varint(end)
    const fieldsEnd = start + header
    if (header > longestHeader || fieldsEnd > end || this.#at > fieldsEnd) throw this.#corrupt('has a broken header')
    const { types, starts, bytes } = this
    let field = 0
    let from = fieldsEnd
    while (this.#at < fieldsEnd) {
      // Types below 128 fill one byte: numbers, and text and blobs up to 57 bytes.
      let type = bytes[this.#at] ?? 0
      if (type < 0x80) this.#at += 1
      else type = this.#varint(fieldsEnd)
      if (type === 10 || type === 11) throw this.#corrupt(`has a field of the reserved type ${type}`)
      if (field < types.length) {
        types[field] = type
        starts[field] = from
        field += 1
      }
      from += type < 12 ? (numberBytes[type] ?? 0) : (type - 12 - (type & 1)) / 2
      if (from > end) throw this.#corrupt('has a field that ends after it')
    }
    if (from !== end) throw this.#corrupt('has bytes that belong to no field')
    this.count = field
    this.recordBytes = payload
  }

  /** A length or type: nothing over 32 bits is one. */
  #varint(end: number): number {
    let value = 0
    for (let index = 0; index < 9; index += 1) {
      if (this.#at >= end) throw this.#corrupt('runs out of its place')
      const byte = this.bytes[this.#at] ?? 0
      this.#at += 1
      if (byte < 0x80) {
        value = value * 128 + byte
        if (value > 0xffff_ffff) break
        return value
      }
      value = value * 128 + (byte & 0x7f)
    }
    throw this.#corrupt('holds a length over 32 bits')
  }

  #corrupt(problem: string): Error {
    return this.#file.corrupt(this.#page, `cell ${this.#cell - 1} ${problem}`)
  }
}

/** Bytes of the serial types below 12. */
export const numberBytes = Uint8Array.of(0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)

/** How much of a record is on the leaf; the rest is in overflow pages. */
function localBytes(payload: number, usableBytes: number): number {
  const most = usableBytes - 35
  if (payload <= most) return payload
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23
  const fitting = least + ((payload - least) % (usableBytes - 4))
  return fitting <= most ? fitting : least
}

function readUint16(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
