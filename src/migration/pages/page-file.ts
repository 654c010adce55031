import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { fault, type HiveError } from '../../core/index.ts'

/** What the first 100 bytes of a database say. */
export interface PageHeader {
  readonly pageSize: number
  /** Bytes of a page that hold data: extensions may reserve some at its end. */
  readonly usableBytes: number
  readonly pageCount: number
  /** Whether there are pointer-map pages. */
  readonly hasPointerMap: boolean
}

const headerBytes = 100
const magic = 'SQLite format 3\0'
const largestPage = 65_536

/**
 * The pages of one private snapshot, numbered from 1. Never open a live database with it: overlaying its WAL by hand
 * differed from SQLite, and closing the descriptor would drop SQLite's locks in this process.
 */
export class PageFile {
  readonly header: PageHeader
  readonly #descriptor: number
  /** The source, as the user named it: for messages. */
  readonly #source: string

  /** @throws HIVE_SOURCE_CORRUPT where the header cannot be, HIVE_SOURCE_UNREADABLE where the system refuses. */
  constructor(path: string, source: string) {
    this.#source = source
    try {
      this.#descriptor = openSync(path, 'r')
    } catch (error) {
      throw fault('HIVE_SOURCE_UNREADABLE', { path: source, problem: String(error) }, error)
    }
    try {
      this.header = this.#readHeader()
    } catch (error) {
      this.close()
      throw error
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  /** The fault of a page that cannot be what it should be. Every number in a page is hostile. */
  corrupt(page: number, problem: string): HiveError {
    return fault('HIVE_SOURCE_CORRUPT', { path: this.#source, problem: `page ${page}: ${problem}` })
  }

  /** Fills `into` with whole pages from `first` on. */
  read(into: Buffer, first: number, pages: number): void {
    const { pageSize } = this.header
    this.#fill(into.subarray(0, pages * pageSize), (first - 1) * pageSize, first)
  }

  #fill(into: Buffer, position: number, page: number): void {
    let filled = 0
    while (filled < into.length) {
      let count: number
      try {
        count = readSync(this.#descriptor, into, filled, into.length - filled, position + filled)
      } catch (error) {
        throw fault('HIVE_SOURCE_UNREADABLE', { path: this.#source, problem: String(error) }, error)
      }
      if (count === 0) throw this.corrupt(page, 'the file ends before it')
      filled += count
    }
  }

  #readHeader(): PageHeader {
    const bytes = Buffer.alloc(headerBytes)
    this.#fill(bytes, 0, 1)
    if (bytes.toString('latin1', 0, magic.length) !== magic) throw this.corrupt(1, 'it does not begin as SQLite does')
    const stored = bytes.readUInt16BE(16)
    const pageSize = stored === 1 ? largestPage : stored
    const isPower = (pageSize & (pageSize - 1)) === 0
    if (!isPower || pageSize < 512) throw this.corrupt(1, `a page size of ${pageSize} bytes`)
    const usableBytes = pageSize - (bytes[20] ?? 0)
    if (usableBytes < 480) throw this.corrupt(1, `${usableBytes} usable bytes a page`)
    return {
      pageSize,
      usableBytes,
      pageCount: this.#countPages(bytes, pageSize),
      hasPointerMap: bytes.readUInt32BE(52) > 0,
    }
  }

  /** The header's count holds only if the last writer knew it, which its two change counters tell. */
  #countPages(header: Buffer, pageSize: number): number {
    const inFile = Math.floor(fstatSync(this.#descriptor).size / pageSize)
    const counted = header.readUInt32BE(28)
    if (counted === 0 || header.readUInt32BE(24) !== header.readUInt32BE(92)) return inFile
    if (counted > inFile) throw this.corrupt(inFile + 1, `the file has ${inFile} of ${counted} pages`)
    return counted
  }
}

/** Pages that lie side by side, in one buffer that is used again. */
export class PageWindow {
  readonly #file: PageFile
  /** How many pages it holds at most. */
  readonly capacity: number
  readonly bytes: Buffer
  #first = 0
  #pages = 0

  constructor(file: PageFile, bytes: number) {
    const { pageSize } = file.header
    this.#file = file
    this.capacity = Math.max(1, Math.floor(bytes / pageSize))
    this.bytes = Buffer.alloc(this.capacity * pageSize)
  }

  holds(page: number): boolean {
    return page >= this.#first && page < this.#first + this.#pages
  }

  /** The place of a page in {@link bytes}; where it must be read, `span` pages from it on are. */
  place(page: number, span: number): number {
    const { pageSize, pageCount } = this.#file.header
    if (!this.holds(page)) {
      const pages = Math.min(span, this.capacity, pageCount - page + 1)
      this.#pages = 0
      this.#file.read(this.bytes, page, pages)
      this.#first = page
      this.#pages = pages
    }
    return (page - this.#first) * pageSize
  }
}
