import { PageWindow, type PageFile } from './page-file.ts'
import { PointerMap } from './pointer-map.ts'
import type { ClaimedPages } from './table-tree.ts'

const windowBytes = 256 * 1024
/** A larger record's buffer is given back after it. */
const keptBytes = 1024 * 1024

interface SplitRecord {
  readonly page: number
  readonly bytes: Buffer
  readonly start: number
  /** Bytes on the leaf. */
  readonly local: number
  readonly payload: number
}

/** Puts records together whose end lies in a chain of overflow pages. */
export class OverflowReader {
  readonly #file: PageFile
  readonly #claimed: ClaimedPages
  readonly #window: PageWindow
  readonly #map: PointerMap | undefined
  #record = Buffer.alloc(0)

  constructor(file: PageFile, claimed: ClaimedPages) {
    this.#file = file
    this.#claimed = claimed
    this.#window = new PageWindow(file, windowBytes)
    this.#map = file.header.hasPointerMap ? new PointerMap(file) : undefined
  }

  /**
   * The whole record, in a buffer that the next one overwrites.
   *
   * @throws HIVE_SOURCE_CORRUPT where the chain is shorter or longer than the record, or meets a page twice
   */
  assemble({ page, bytes, start, local, payload }: SplitRecord): Buffer {
    const { usableBytes, pageCount } = this.#file.header
    const room = usableBytes - 4
    // A length that no chain in this file can have must not reserve memory.
    if ((payload - local) / room > pageCount) throw this.#file.corrupt(page, `a record of ${payload} bytes`)
    this.#reserve(payload)
    const record = this.#record
    bytes.copy(record, 0, start, start + local)
    let from = page
    let next = bytes.readUInt32BE(start + local)
    let filled = local
    // Chains mostly lie side by side: while they do, twice as many pages are read at a time.
    let span = 1
    while (filled < payload) {
      this.#claimed.claim(next, from)
      if (!this.#window.holds(next)) span = next === from + 1 ? span * 2 : 1
      const wanted = Math.min(span, Math.ceil((payload - filled) / room))
      const place = this.#window.place(next, wanted)
      const count = Math.min(room, payload - filled)
      this.#window.bytes.copy(record, filled, place + 4, place + 4 + count)
      filled += count
      from = next
      next = this.#window.bytes.readUInt32BE(place)
      this.#map?.check(from, next)
    }
    if (next !== 0) throw this.#file.corrupt(from, 'the chain goes on after the record ends')
    return record
  }

  #reserve(payload: number): void {
    const isTooSmall = this.#record.length < payload
    if (isTooSmall || (this.#record.length > keptBytes && payload <= keptBytes)) {
      this.#record = Buffer.allocUnsafe(Math.max(payload, keptBytes))
    }
  }
}
