import { PageWindow, type PageFile } from './page-file.ts'

const entryBytes = 5
const overflowOfOverflow = 4
const lastKind = 5
/** SQLite locks bytes of this page, which therefore holds nothing. */
const lockedByte = 0x4000_0000

/**
 * The map that auto-vacuum keeps: the kind and the parent of every page. SQLite looks into it for the next overflow
 * page before it looks into the chain, so a chain is only right where the two agree.
 */
export class PointerMap {
  readonly #file: PageFile
  readonly #window: PageWindow
  readonly #pagesOfAMap: number
  readonly #lockedPage: number

  constructor(file: PageFile) {
    this.#file = file
    this.#window = new PageWindow(file, 0)
    this.#pagesOfAMap = Math.floor(file.header.usableBytes / entryBytes) + 1
    this.#lockedPage = lockedByte / file.header.pageSize + 1
  }

  /**
   * Checks that the map does not send SQLite from an overflow page to another than the chain's `next`.
   *
   * @throws HIVE_SOURCE_CORRUPT
   */
  check(page: number, next: number): void {
    let guess = page + 1
    while (this.#mapOf(guess) === guess || guess === this.#lockedPage) guess += 1
    if (guess > this.#file.header.pageCount) return
    const map = this.#mapOf(guess)
    const offset = (guess - map - 1) * entryBytes
    if (offset < 0) throw this.#file.corrupt(map, `it has no entry for page ${guess}`)
    const at = this.#window.place(map, 1) + offset
    const kind = this.#window.bytes[at] ?? 0
    if (kind < 1 || kind > lastKind) throw this.#file.corrupt(map, `it says kind ${kind} of page ${guess}`)
    const follows = kind === overflowOfOverflow && this.#window.bytes.readUInt32BE(at + 1) === page
    if (follows && next !== guess) throw this.#file.corrupt(page, `the chain and the pointer map disagree`)
  }

  #mapOf(page: number): number {
    const map = Math.floor((page - 2) / this.#pagesOfAMap) * this.#pagesOfAMap + 2
    return map === this.#lockedPage ? map + 1 : map
  }
}
