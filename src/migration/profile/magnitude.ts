/** The power-of-two bucket of an integer: all that a profile tells of it. */
export interface Magnitude {
  readonly negative: boolean
  /** Bits that the two's complement needs beside its sign: 0 for 0 and −1, 63 for the ends of 64 bits. */
  readonly bits: number
}

export function magnitudeOf(integer: string): Magnitude {
  const value = BigInt(integer)
  const negative = value < 0n
  const rest = negative ? -value - 1n : value
  return { negative, bits: rest === 0n ? 0 : rest.toString(2).length }
}

/** The integer of the bucket that is farthest from zero: what fits a type does not change, because types end there too. */
export function farthestOf({ negative, bits }: Magnitude): bigint {
  const power = 1n << BigInt(bits)
  return negative ? -power : power - 1n
}
