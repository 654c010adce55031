import type { LoadDocument } from '../evidence/index.ts'
import { createLatencyHistogram } from './latency.ts'
import type { LatencyHistogram } from './latency.ts'

type SeriesPoint = LoadDocument['series'][number]

interface Second {
  writes: number
  delivered: number
  latency?: LatencyHistogram
  closed?: Pick<SeriesPoint, 'p50Ms' | 'p95Ms' | 'p99Ms'>
}

export interface Series {
  /** A write that began in this second and was answered. */
  readonly write: (atS: number, ms: number) => void
  readonly delivered: (atS: number, count: number) => void
  readonly list: () => SeriesPoint[]
}

/** Seconds that still take latencies. k6 hands over points a second late, and requests take up to ten more. */
const openSeconds = 15

/**
 * Counts and percentiles a second. Only the last seconds hold a histogram, so that an hour takes no more memory
 * than a minute; a write that comes later than that still counts, but moves no percentile of the series.
 */
export function createSeries({ warmupS, totalS }: { warmupS: number; totalS: number }): Series {
  const seconds: Second[] = []
  const length = Math.ceil(totalS)
  /** Histograms of closed seconds, used again: otherwise an hour leaves 36 MB for the garbage collector. */
  const unused: LatencyHistogram[] = []

  const close = (second: Second): Pick<SeriesPoint, 'p50Ms' | 'p95Ms' | 'p99Ms'> => {
    if (second.closed !== undefined) return second.closed
    const { latency } = second
    second.closed = latency === undefined ? {} : percentilesOf(latency)
    if (latency !== undefined) {
      latency.reset()
      unused.push(latency)
      delete second.latency
    }
    return second.closed
  }

  const at = (atS: number): Second | undefined => {
    const index = Math.floor(atS)
    if (index < 0 || index >= length) return undefined
    while (seconds.length <= index) {
      seconds.push({ writes: 0, delivered: 0 })
      const leaving = seconds[seconds.length - 1 - openSeconds]
      if (leaving !== undefined) close(leaving)
    }
    return seconds[index]
  }

  const pointOf = (second: Second, index: number): SeriesPoint => {
    const lengthS = Math.min(1, totalS - index)
    return {
      atS: index,
      warmup: index < warmupS,
      writesPerS: rounded(second.writes / lengthS),
      deliveredPerS: rounded(second.delivered / lengthS),
      ...close(second),
    }
  }

  return {
    write: (atS, ms) => {
      const second = at(atS)
      if (second === undefined) return
      second.writes += 1
      if (second.closed !== undefined) return
      second.latency ??= unused.pop() ?? createLatencyHistogram(2)
      second.latency.record(ms)
    },
    delivered: (atS, count) => {
      const second = at(atS)
      if (second !== undefined) second.delivered += count
    },
    list: () => seconds.map(pointOf),
  }
}

function percentilesOf(latency: LatencyHistogram): Pick<SeriesPoint, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  return { p50Ms: latency.percentileMs(50), p95Ms: latency.percentileMs(95), p99Ms: latency.percentileMs(99) }
}

const rounded = (value: number): number => Number(value.toFixed(3))
