/** Noise for simulations of the statistics: the same numbers for the same seed. Used by tests only. */
export interface SeededNoise {
  /** From 0, inclusive, to 1. */
  readonly uniform: () => number
  readonly normal: () => number
  /** Student's t with 5 degrees of freedom, scaled to a standard deviation of 1. */
  readonly student5: () => number
}

/** mulberry32 (public domain), Box–Muller on top. */
export function seededNoise(seed: number): SeededNoise {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const student5 = (): number => {
    let squares = 0
    for (let degree = 0; degree < 5; degree += 1) squares += normal() ** 2
    // The variance of t with 5 degrees is 5/3.
    return normal() / Math.sqrt(squares / 5) / Math.sqrt(5 / 3)
  }
  return { uniform, normal, student5 }
}
