/**
 * Quantile of Student's t distribution: the value that a t-distributed variable stays under with `probability`
 * (0 to 1, exclusive). Accurate to about 1e-9; by bisection, because it is asked for a few times a run.
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability === 0.5) return 0
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees)
  let low = 0
  let high = 1
  while (studentCdf(high, degrees) < probability) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-12 * high; step += 1) {
    const middle = (low + high) / 2
    if (studentCdf(middle, degrees) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** For t ≥ 0. */
function studentCdf(t: number, degrees: number): number {
  return 1 - 0.5 * regularisedBeta(degrees / (degrees + t * t), { a: degrees / 2, b: 0.5 })
}

interface Shape {
  readonly a: number
  readonly b: number
}

/** I_x(a, b), by its continued fraction on the side where that converges quickly (DLMF 8.17.22). */
function regularisedBeta(x: number, { a, b }: Shape): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, { a: b, b: a })
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return (front * betaFraction(x, { a, b })) / a
}

/** Lentz's algorithm. */
function betaFraction(x: number, { a, b }: Shape): number {
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const change = d * c
    result *= change
    if (Math.abs(change - 1) < 1e-14) break
  }
  return result
}

/** Lanczos' approximation with g = 7; only for arguments ≥ 0.5. */
function logGamma(value: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ]
  const x = value - 1
  const sum = coefficients.reduce(
    (total, coefficient, index) => total + coefficient / (x + index + 1),
    0.9999999999998099,
  )
  const t = x + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum)
}
