import { build } from 'hdr-histogram-js'
import type { Histogram } from 'hdr-histogram-js'

/** Counts of latencies in milliseconds; percentiles are within 0.1 % of exact ones (3 significant digits). */
export interface LatencyHistogram {
  readonly record: (ms: number) => void
  readonly add: (other: LatencyHistogram) => void
  readonly count: () => number
  /** `percentile` from 0 to 100; 0 while nothing was recorded. */
  readonly percentileMs: (percentile: number) => number
  /** The largest recorded value itself, not its bucket. */
  readonly maxMs: () => number
  readonly reset: () => void
  readonly raw: Histogram
}

const microsPerMs = 1_000
/** Two minutes: k6 gives a request up sooner. What takes longer counts as this in percentiles. */
const highestMicros = 120_000_000

/**
 * @param digits Significant digits: 3 for what is judged (73 kB a histogram), 2 for what is drawn (10 kB).
 */
export function createLatencyHistogram(digits: 2 | 3 = 3): LatencyHistogram {
  const raw = build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMicros,
    numberOfSignificantValueDigits: digits,
  })
  let largestMs = 0
  return {
    raw,
    record: (ms) => {
      largestMs = Math.max(largestMs, ms)
      raw.recordValue(Math.min(highestMicros, Math.round(ms * microsPerMs)))
    },
    add: (other) => {
      largestMs = Math.max(largestMs, other.maxMs())
      raw.add(other.raw)
    },
    count: () => raw.totalCount,
    // A bucket reports its upper edge, which can lie above everything that was recorded.
    percentileMs: (percentile) =>
      raw.totalCount === 0 ? 0 : Math.min(raw.getValueAtPercentile(percentile) / microsPerMs, largestMs),
    maxMs: () => largestMs,
    reset: () => {
      largestMs = 0
      raw.reset()
    },
  }
}

export interface LatencyBucket {
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
}

/** Ten steps a decade that read well on an axis, from 0.1 ms to 100 s. */
const edgesMs = [0.1, 1, 10, 100, 1_000, 10_000].flatMap((decade) =>
  [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8].map((step) => Number((decade * step).toPrecision(3))),
)

/** Counts for drawing, in buckets of equal width on a logarithmic axis. */
export function createBuckets(): {
  readonly record: (ms: number) => void
  readonly list: (maxMs: number) => LatencyBucket[]
} {
  const counts = Array.from({ length: edgesMs.length + 1 }, () => 0)
  return {
    record: (ms) => {
      const index = bucketOf(ms)
      counts[index] = (counts[index] ?? 0) + 1
    },
    // From the first bucket that holds something to the last, empty ones between them included.
    list: (maxMs) => {
      const first = counts.findIndex((count) => count > 0)
      const last = counts.findLastIndex((count) => count > 0)
      if (first < 0) return []
      return counts.slice(first, last + 1).map((count, offset) => {
        const index = first + offset
        const fromMs = edgesMs[index - 1] ?? 0
        const toMs = index === last ? Math.max(maxMs, fromMs) : (edgesMs[index] ?? maxMs)
        return { fromMs, toMs, count }
      })
    },
  }
}

/** Index of the first edge above `ms`. */
function bucketOf(ms: number): number {
  let low = 0
  let high = edgesMs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((edgesMs[middle] ?? Infinity) > ms) high = middle
    else low = middle + 1
  }
  return low
}
