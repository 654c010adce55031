import { expect, test } from 'vitest'
import type { Point } from './points.ts'
import { createRecorder } from './recorder.ts'

const startS = 1_795_640_672
const micros = (atS: number): number => (startS + atS) * 1_000_000

function write(atS: number, durationMs: number, failure?: string): Point {
  const endedAt = micros(atS) + durationMs * 1_000
  const succeeded = failure === undefined
  return {
    kind: 'request',
    endedAt,
    durationMs,
    write: true,
    succeeded,
    answered: failure !== 'k6 error 1212',
    reason: failure ?? '',
  }
}

/** 150 writes a second that take as long as `durationOf` says, for warm-up and ten measured seconds. */
function steadyLoad(durationOf: (atS: number) => number): Point[] {
  return Array.from({ length: 12 * 150 }, (_, index) => write(index / 150, durationOf(index / 150)))
}

test('warm-up is drawn and not judged', () => {
  const recorder = createRecorder({ warmupS: 2, durationS: 10 })
  for (const point of steadyLoad((atS) => (atS < 2 ? 900 : 10))) recorder.add(point)
  const { latency, windows, series, writeRequests, buckets } = recorder.finish()
  expect(latency.maxMs()).toBe(10)
  expect([latency.count(), writeRequests]).toEqual([1_500, 1_500])
  expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(1_500)
  expect(windows.map(({ writes }) => writes)).toEqual(Array.from({ length: 10 }, () => 150))
  expect(windows[0]).toMatchObject({ fromS: 2, toS: 3 })
  expect(series.map(({ warmup }) => warmup)).toEqual([true, true, ...Array.from({ length: 10 }, () => false)])
  expect(series[0]?.p95Ms).toBeGreaterThan(890)
  expect(series[5]).toMatchObject({ atS: 5, writesPerS: 150 })
})

test('a request belongs to the moment in which it began, however long it took', () => {
  const recorder = createRecorder({ warmupS: 0, durationS: 10 })
  recorder.add(write(0, 1))
  recorder.add(write(3.5, 6_000))
  expect(recorder.finish().windows.map(({ writes }) => writes)).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
})

test('a percentile needs forty writes in its window', () => {
  const recorder = createRecorder({ warmupS: 0, durationS: 10 })
  for (let index = 0; index < 79; index += 1) recorder.add(write(index < 40 ? 0.5 : 1.5, 5))
  const { windows } = recorder.finish()
  expect(windows[0]?.p95Ms).toBeCloseTo(5, 2)
  expect(windows[1]?.p95Ms).toBeUndefined()
})

test('failures, drops, deliveries and repetitions are counted in the measured time, each for itself', () => {
  const recorder = createRecorder({ warmupS: 1, durationS: 10 })
  recorder.add(write(0, 1))
  recorder.add(write(0.5, 1, 'HTTP 500'))
  recorder.add({ kind: 'dropped', at: micros(0.6), count: 5 })
  recorder.add(write(2, 1, 'HTTP 503'))
  recorder.add(write(3, 0, 'k6 error 1212'))
  recorder.add({
    kind: 'request',
    endedAt: micros(4),
    durationMs: 1,
    write: false,
    succeeded: false,
    answered: true,
    reason: 'HTTP 503',
  })
  recorder.add({ kind: 'dropped', at: micros(5), count: 3 })
  recorder.add({ kind: 'delivered', at: micros(0.1), count: 50 })
  recorder.add({ kind: 'delivered', at: micros(6), count: 70 })
  recorder.add({ kind: 'delivered', at: micros(11.5), count: 9 })
  recorder.add({ kind: 'repeated', at: micros(6), count: 2 })
  recorder.add({ kind: 'alive', at: micros(11.6) })
  const recording = recorder.finish()
  expect(recording).toMatchObject({ delivered: 70, dropped: 3, writeRequests: 2 })
  expect(recording.whole).toEqual({ writes: 4, answeredWrites: 3, answeredOthers: 1, dropped: 8 })
  expect(recording.problems).toEqual({
    failedWrites: 2,
    failedReads: 1,
    repeated: 2,
    malformed: 0,
    reasons: { 'HTTP 503': 2, 'k6 error 1212': 1 },
    lastAnswerAtS: 0.001,
  })
  expect(recording.reachedS).toBeCloseTo(11.6, 5)
  expect(recording.sawDeliveredCounter).toBe(true)
})

test('an hour takes no more open histograms than a quarter of a minute', () => {
  const recorder = createRecorder({ warmupS: 0, durationS: 3_600 })
  const before = process.memoryUsage().arrayBuffers
  for (let atS = 0; atS < 3_600; atS += 0.5) recorder.add(write(atS, 5 + (atS % 7)))
  const grown = process.memoryUsage().arrayBuffers - before
  const { series } = recorder.finish()
  expect(series).toHaveLength(3_600)
  expect(series[10]?.p95Ms).toBeGreaterThan(5)
  expect(grown).toBeLessThan(1_000_000)
})
