/** A stream of pseudo-random values: the same seed gives the same values on every machine. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  readonly fraction: () => number
  /** A whole number from `least` to `most`, both included. */
  readonly int: (least: number, most: number) => number
  readonly pick: <T>(choices: readonly T[]) => T
  readonly chance: (probability: number) => boolean
  /** `length` hexadecimal digits. */
  readonly hex: (length: number) => string
}

/** Mulberry32 over a hash of the name: every database has its own stream, so that one more table moves no other. */
export function createRandom(seed: number, name: string): Random {
  let state = seed >>> 0
  for (const character of name) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0
  const fraction = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1))
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[int(0, choices.length - 1)]
    if (choice === undefined) throw new RangeError('could not pick from an empty list')
    return choice
  }
  return {
    fraction,
    int,
    pick,
    chance: (probability) => fraction() < probability,
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
  }
}
