import { createBuckets, createLatencyHistogram } from './latency.ts'
import type { LatencyBucket, LatencyHistogram } from './latency.ts'
import type { Point } from './points.ts'
import { createSeries } from './series.ts'
import type { Series } from './series.ts'
import { minimumWindowWrites, windowCount } from './statistics.ts'
import type { LoadProblems, LoadWindow } from './types.ts'

export interface LoadPlan {
  readonly warmupS: number
  readonly durationS: number
}

/** Everything that was counted; requests of the measured time unless it says otherwise. */
export interface Recording {
  readonly windows: readonly LoadWindow[]
  readonly latency: LatencyHistogram
  readonly buckets: readonly LatencyBucket[]
  readonly series: ReturnType<Series['list']>
  readonly problems: Omit<LoadProblems, 'thresholdCrossed'>
  /** Write requests that began in the measured time, answered or not. */
  readonly writeRequests: number
  readonly delivered: number
  readonly dropped: number
  /** Of the whole run, warm-up included. A write that k6 gave up at the end leaves no point, only its drops do. */
  readonly whole: {
    readonly writes: number
    readonly answeredWrites: number
    readonly answeredOthers: number
    readonly dropped: number
  }
  readonly sawDeliveredCounter: boolean
  /** Seconds from the first write to the last point of any kind. */
  readonly reachedS: number
}

export interface Recorder {
  readonly add: (point: Point) => void
  /** Seconds since the load began, as far as points have come. */
  readonly reachedS: () => number
  readonly finish: () => Recording
}

interface OpenWindow {
  readonly latency: LatencyHistogram
  failed: number
  dropped: number
  delivered: number
}

const microsPerS = 1_000_000
/** Reasons are made of status and error codes: a service has no way to invent more than a few, a script has. */
const maxReasons = 100

/**
 * Sorts points into windows and seconds. The load begins where the first write begins; a request belongs to the
 * moment in which it began, so that one that takes ten seconds is counted where it was made to wait.
 */
export function createRecorder({ warmupS, durationS }: LoadPlan): Recorder {
  const totalS = warmupS + durationS
  const series = createSeries({ warmupS, totalS })
  const buckets = createBuckets()
  const windows: OpenWindow[] = Array.from({ length: windowCount }, () => ({
    latency: createLatencyHistogram(),
    failed: 0,
    dropped: 0,
    delivered: 0,
  }))
  const reasons = new Map<string, number>()
  const counts = { failedWrites: 0, failedReads: 0, repeated: 0, malformed: 0 }
  const whole = { writes: 0, answeredWrites: 0, answeredOthers: 0, dropped: 0 }
  let writeRequests = 0
  let lastAnswerAtS = 0
  let sawDeliveredCounter = false
  let origin: number | undefined
  let lastAt = 0

  const secondsOf = (micros: number): number => (origin === undefined ? 0 : Math.max(0, (micros - origin) / microsPerS))
  const windowAt = (atS: number): OpenWindow | undefined =>
    atS < warmupS ? undefined : windows[Math.floor(((atS - warmupS) / durationS) * windowCount)]

  const addRequest = (request: Extract<Point, { kind: 'request' }>): void => {
    const beganAt = request.endedAt - request.durationMs * 1_000
    if (request.write) origin ??= beganAt
    const atS = secondsOf(beganAt)
    if (request.write) whole.writes += 1
    if (request.answered) whole[request.write ? 'answeredWrites' : 'answeredOthers'] += 1
    if (request.write && request.succeeded) lastAnswerAtS = Math.max(lastAnswerAtS, secondsOf(request.endedAt))
    const window = windowAt(atS)
    if (request.write && request.succeeded) {
      series.write(atS, request.durationMs)
      window?.latency.record(request.durationMs)
      if (window !== undefined) buckets.record(request.durationMs)
    }
    if (window === undefined) return
    if (request.write) writeRequests += 1
    if (request.succeeded) return
    window.failed += 1
    counts[request.write ? 'failedWrites' : 'failedReads'] += 1
    const known = reasons.get(request.reason)
    if (known !== undefined || reasons.size < maxReasons) reasons.set(request.reason, (known ?? 0) + 1)
  }

  const addCount = (point: Extract<Point, { count: number }>): void => {
    if (point.kind === 'delivered') sawDeliveredCounter = true
    if (point.kind === 'dropped') whole.dropped += point.count
    const atS = secondsOf(point.at)
    if (point.kind === 'delivered') series.delivered(atS, point.count)
    const window = windowAt(atS)
    if (point.kind === 'repeated' || point.kind === 'malformed') counts[point.kind] += point.count
    else if (window !== undefined) window[point.kind] += point.count
  }

  return {
    add: (point) => {
      lastAt = Math.max(lastAt, point.kind === 'request' ? point.endedAt : point.at)
      if (point.kind === 'request') addRequest(point)
      else if (point.kind !== 'alive') addCount(point)
    },
    reachedS: () => secondsOf(lastAt),
    finish: () => {
      const latency = createLatencyHistogram()
      for (const window of windows) latency.add(window.latency)
      return {
        windows: windows.map((window, index) => closeWindow(window, { index, warmupS, durationS })),
        latency,
        buckets: buckets.list(latency.maxMs()),
        series: series.list(),
        problems: { ...counts, reasons: mostFrequent(reasons), lastAnswerAtS },
        writeRequests,
        delivered: windows.reduce((sum, window) => sum + window.delivered, 0),
        dropped: windows.reduce((sum, window) => sum + window.dropped, 0),
        whole,
        sawDeliveredCounter,
        reachedS: secondsOf(lastAt),
      }
    },
  }
}

function closeWindow(window: OpenWindow, at: LoadPlan & { readonly index: number }): LoadWindow {
  const lengthS = at.durationS / windowCount
  const writes = window.latency.count()
  return {
    fromS: at.warmupS + at.index * lengthS,
    toS: at.warmupS + (at.index + 1) * lengthS,
    writes,
    failedRequests: window.failed,
    droppedIterations: window.dropped,
    delivered: window.delivered,
    ...(writes < minimumWindowWrites ? {} : { p95Ms: window.latency.percentileMs(95) }),
  }
}

function mostFrequent(reasons: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a).slice(0, 20))
}
