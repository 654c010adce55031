import type { LoadDocument } from '../evidence/index.ts'

/** A log-normal body with a slow tail, in 5 % buckets, and 40 seconds of which ten are warm-up. */
function loadOf(speed: number): LoadDocument {
  const bounds = Array.from({ length: 96 }, (_, index) => (3 / speed) * 1.05 ** index)
  const bell = (ms: number, centre: number, width: number): number =>
    Math.exp(-((Math.log(ms / centre) / width) ** 2) / 2)
  const histogram = bounds.slice(0, -1).map((fromMs, index) => ({
    fromMs,
    toMs: bounds[index + 1] ?? fromMs,
    count: Math.round(2_600 * bell(fromMs * speed, 24, 0.42) + 90 * bell(fromMs * speed, 78, 0.28)),
  }))
  const series = Array.from({ length: 40 }, (_, atS) => {
    const wave = Math.sin(atS * 1.7) * 18 + Math.cos(atS * 0.6) * 12
    const rise = Math.min(1, 0.25 + atS / 8)
    const writesPerS = Math.round((1_108 + wave) * rise)
    return {
      atS,
      warmup: atS < 10,
      writesPerS,
      deliveredPerS: Math.max(0, Math.round(writesPerS - 9 - (atS === 24 ? 190 : 0) + (atS === 25 ? 170 : 0))),
      p50Ms: 24 + Math.sin(atS),
      p95Ms: 60 + Math.sin(atS) * 3,
      p99Ms: 88 + Math.cos(atS) * 6,
    }
  })
  return {
    schemaVersion: 1,
    offeredRate: 1_100,
    agents: 100,
    warmupS: 10,
    measuredS: 30,
    writes: 33_180,
    delivered: 32_940,
    failedRequests: 0,
    droppedIterations: 0,
    targets: { p95WriteMs: 50, deliveredPerS: 1_000 },
    percentiles: { p50: 24.3 / speed, p90: 45.1 / speed, p95: 61.4 / speed, p99: 88.2 / speed, max: 241.7 / speed },
    histogram,
    series,
  }
}

/** p95 is 61.4 ms: over its target. */
export const sampleLoad = loadOf(1)
/** p95 is 31.4 ms. */
export const sampleFastLoad = loadOf(61.4 / 31.4)
