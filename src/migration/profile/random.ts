import { createHash } from 'node:crypto'

/** A seeded stream of numbers: equal seeds give equal rows, on every machine. */
export interface Random {
  /** An integer from 0 to `below` − 1. */
  readonly below: (below: number) => number
  /** Shuffles in place. */
  readonly shuffle: <T>(items: T[]) => T[]
}

/** Mulberry32, seeded by the SHA-256 of a text. */
export function seededRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    shuffle: (items) => {
      for (let index = items.length - 1; index > 0; index -= 1) {
        const other = below(index + 1)
        const item = items[index]
        const swapped = items[other]
        if (item === undefined || swapped === undefined) continue
        items[index] = swapped
        items[other] = item
      }
      return items
    },
  }
}
