import { studentQuantile } from './student.ts'
import type { Estimate } from './types.ts'

/**
 * Intervals of 99.5 %: one side is crossed by chance in 0.25 % of runs, so that a service exactly at its target
 * fails by mistake in one run of 400.
 */
const confidence = 0.995
/** The share of repetitions in which the stated detectable difference would have been proved. */
const power = 0.95

/** Needed for an interval at all; ten is what a run is cut into. */
export const windowCount = 10
/**
 * Writes that a window needs for its p95: two lie above it then. So few make it noisy, which widens the interval, and
 * a little low, which the percentile of all requests together corrects ({@link withPooledValue}).
 */
export const minimumWindowWrites = 40

/**
 * The mean of a positive quantity over windows on the logarithmic scale, as a t-interval: the windows are the units,
 * because requests that were on the server together are not independent of each other.
 *
 * Windows of one launch share what that launch happened to get (memory layout, the neighbour on the machine), which
 * this interval cannot see: it understates how far another launch would differ.
 */
export function estimateOnLogScale(values: readonly number[]): Estimate {
  const { mean, halfWidth, detectable } = interval(values.map((value) => Math.log(value)))
  return {
    value: Math.exp(mean),
    interval: [Math.exp(mean - halfWidth), Math.exp(mean + halfWidth)],
    windows: values.length,
    detectable: Math.expm1(detectable),
  }
}

/** The same on the plain scale, for rates: their mean over equal windows is the rate of the whole, and 0 is a value. */
export function estimateOnPlainScale(values: readonly number[]): Estimate {
  const { mean, halfWidth, detectable } = interval(values)
  return {
    value: mean,
    interval: [Math.max(0, mean - halfWidth), mean + halfWidth],
    windows: values.length,
    detectable: mean > 0 ? detectable / mean : 1,
  }
}

/**
 * An estimate whose value is the percentile of all requests together, from merged histograms. Slow seconds weigh more
 * in that than in the mean over windows; the interval is widened until it holds both, which can only make a verdict
 * more careful.
 */
export function withPooledValue(estimate: Estimate, pooled: number): Estimate {
  const [low, high] = estimate.interval
  return { ...estimate, value: pooled, interval: [Math.min(low, pooled), Math.max(high, pooled)] }
}

function interval(values: readonly number[]): { mean: number; halfWidth: number; detectable: number } {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n < 2) return { mean, halfWidth: Number.POSITIVE_INFINITY, detectable: Number.POSITIVE_INFINITY }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const error = Math.sqrt(variance / n)
  const reach = studentQuantile((1 + confidence) / 2, n - 1)
  return { mean, halfWidth: reach * error, detectable: (reach + studentQuantile(power, n - 1)) * error }
}
