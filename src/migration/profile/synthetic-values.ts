import type { StoredValue } from '../values.ts'
import { farthestOf, type Magnitude } from './magnitude.ts'
import type { Random } from './random.ts'
import type { ProfileColumn, ProfileEvidence } from './schema.ts'
import { fitting, letters, longestField, textKinds, type ValueKind } from './synthetic-texts.ts'

/**
 * The cells of one column, in random order: the classes, shapes and sizes that the profile tells of, at least one of
 * each, in proportion where there are fewer rows than the source has.
 */
export function columnCells(
  column: ProfileColumn,
  table: { readonly rows: number; readonly encoding: string; readonly random: Random },
): StoredValue[] {
  const { evidence } = column
  const kinds: readonly { readonly count: number; readonly make: (index: number) => StoredValue }[] = [
    { count: evidence.nulls, make: () => null },
    ...integerKinds(evidence),
    ...realKinds(column),
    ...textKinds(column, table.encoding),
    ...blobKinds(column),
  ]
  const counts = scaled(
    kinds.map(({ count }) => count),
    table.rows,
  )
  const cells = kinds.flatMap(({ make }, kind) => Array.from({ length: counts[kind] ?? 0 }, (_, index) => make(index)))
  return table.random.shuffle(cells)
}

/** Shares `rows` out in proportion to `counts`; what is there at all gets at least one. */
function scaled(counts: readonly number[], rows: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total <= rows) return counts
  const shares = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.floor((count * rows) / total))))
  const largest = (): number => shares.indexOf(Math.max(...shares))
  let over = shares.reduce((sum, share) => sum + share, 0) - rows
  if (over < 0) shares[largest()] = (shares[largest()] ?? 0) - over
  // More kinds than rows: each of them is kept, and a few rows more are made.
  while (over > 0 && (shares[largest()] ?? 0) > 1) {
    const taken = Math.min(over, (shares[largest()] ?? 0) - 1)
    shares[largest()] = (shares[largest()] ?? 0) - taken
    over -= taken
  }
  return shares
}

const doubles = 1n << 53n

function integerKinds(evidence: ProfileEvidence): readonly ValueKind[] {
  const { integers, least, most } = evidence
  if (integers === 0 || least === undefined || most === undefined) return []
  const booleans = Math.min(integers, fitting(evidence, 'boolean') ?? 0)
  const wide = Math.min(integers - booleans, evidence.wideIntegers)
  const others = integers - booleans - wide
  const lowest = least.negative ? farthestOf(least) : nearestOf(least)
  const highest = most.negative ? nearestOf(most) : farthestOf(most)
  const isPromised = fitting(evidence, 'boolean') !== undefined
  return [
    { count: booleans, make: (index) => BigInt(index % 2) },
    { count: wide, make: (index) => wideInteger(index, { lowest, highest }) },
    { count: others, make: (index) => plainInteger(index, { lowest, highest, above: isPromised ? 1n : 0n }) },
  ]
}

/** The integer of a bucket that is nearest to zero. */
function nearestOf({ negative, bits }: Magnitude): bigint {
  const power = bits === 0 ? 0n : 1n << BigInt(bits - 1)
  return negative ? -power - 1n : power
}

interface Range {
  readonly lowest: bigint
  readonly highest: bigint
}

/** Odd numbers beyond 2⁵³, which no double holds; the first is the end of the range. */
function wideInteger(index: number, { lowest, highest }: Range): bigint {
  if (highest > doubles) return index === 0 ? highest : doubles + 1n + 2n * BigInt(index)
  return lowest < -doubles ? -doubles - 1n - 2n * BigInt(index) : highest
}

/** Both ends of the range first, then from small numbers up, then down: keys need different ones. */
function plainInteger(index: number, range: Range & { readonly above: bigint }): bigint {
  const { lowest, highest, above } = range
  const top = highest > doubles ? nearestPower(highest) : highest
  if (index === 0) return top
  if (index === 1 && lowest !== top) return lowest
  const step = lowest > doubles || highest < -doubles ? 4_096n : 1n
  const start = lowest > above ? lowest + step : highest < 0n ? highest - step : above + 1n
  const offset = BigInt(index - 2) * step
  const up = start + offset
  if (highest >= 0n && up < top) return up
  const room = highest >= 0n && top > start ? (top - start + step - 1n) / step : 0n
  const down = (lowest > above ? lowest : highest < 0n ? highest : above) - (BigInt(index - 2) - room) * step
  return down > lowest ? down : top
}

function nearestPower(value: bigint): bigint {
  return 1n << BigInt(value.toString(2).length - 1)
}

function realKinds({ evidence, sizes }: ProfileColumn): readonly ValueKind[] {
  const { reals, nonFiniteReals, integerLikeReals } = evidence
  const { least = 0, most = 0 } = sizes.reals ?? {}
  const start = least >= 0 && least < 52 ? 2 ** least : 0
  return [
    { count: nonFiniteReals, make: (index) => (index % 2 === 0 ? Infinity : -Infinity) },
    { count: integerLikeReals, make: (index) => start + index },
    {
      count: Math.max(0, reals - nonFiniteReals - integerLikeReals),
      make: (index) => {
        if (index === 0 && (most < 0 || most > 63)) return 1.5 * 2 ** most
        if (index === 0 && most < 52) return 2 ** most + 0.5
        return index === 1 && least < 0 ? 1.5 * 2 ** least : start + index + 0.5
      },
    },
  ]
}

function blobKinds({ evidence, sizes }: ProfileColumn): readonly ValueKind[] {
  const { blobs } = evidence
  const { least = 0, most = 0 } = sizes.blobs ?? {}
  const promised = fitting(evidence, 'uuid-blob')
  const uuids = Math.min(blobs, promised ?? 0)
  const longest = Math.min(most, longestField)
  const size = (index: number): number => {
    const wanted = index === 0 ? longest : index === 1 ? least : Math.min(longest, Math.max(least, 12))
    return wanted === 16 && promised !== undefined ? 15 : Math.min(wanted, longestField)
  }
  return [
    { count: uuids, make: (index) => Buffer.from(index.toString(16).padStart(32, 'f'), 'hex') },
    {
      count: blobs - uuids,
      make: (index) => (size(index) === 0 ? Buffer.alloc(0) : Buffer.from(letters(index, size(index)), 'latin1')),
    },
  ]
}
