import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBuckets, createLatencyHistogram } from './latency.ts'

const latencies = fc.array(fc.double({ min: 0.05, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 300 })

test('percentiles are within 0.5 % of exact ones, merged from any split', () => {
  fc.assert(
    fc.property(latencies, fc.integer({ min: 1, max: 99 }), fc.nat(300), (values, percentile, cut) => {
      const merged = createLatencyHistogram()
      for (const part of [values.slice(0, cut), values.slice(cut)]) {
        const histogram = createLatencyHistogram()
        part.forEach((value) => histogram.record(value))
        merged.add(histogram)
      }
      const exact = values.toSorted((a, b) => a - b)[Math.ceil((percentile / 100) * values.length) - 1] ?? 0
      // A microsecond is the grain: below 0.1 ms it is more than 0.5 %.
      expect(Math.abs(merged.percentileMs(percentile) - exact)).toBeLessThanOrEqual(Math.max(exact * 0.005, 0.001))
      expect(merged.maxMs()).toBe(Math.max(...values))
      expect(merged.count()).toBe(values.length)
    }),
    { seed: 20261122 },
  )
})

test('what takes longer than any request may is counted, and its own length is kept as the maximum', () => {
  const histogram = createLatencyHistogram()
  histogram.record(500_000)
  expect([histogram.count(), histogram.maxMs(), Math.round(histogram.percentileMs(50) / 1_000)]).toEqual([
    1, 500_000, 120,
  ])
})

test('an empty histogram has percentiles of 0', () => {
  expect(createLatencyHistogram().percentileMs(95)).toBe(0)
})

test('buckets hold every value once, ascend without gaps and end at the maximum', () => {
  fc.assert(
    fc.property(latencies, (values) => {
      const buckets = createBuckets()
      values.forEach((value) => buckets.record(value))
      const max = Math.max(...values)
      const list = buckets.list(max)
      expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
      expect(list.at(-1)?.toMs).toBe(max)
      for (const [index, { fromMs, toMs, count }] of list.entries()) {
        expect(toMs).toBeGreaterThanOrEqual(fromMs)
        if (index > 0) expect(fromMs).toBe(list[index - 1]?.toMs)
        const last = index === list.length - 1
        expect(count).toBe(values.filter((value) => value >= fromMs && (last ? value <= toMs : value < toMs)).length)
      }
    }),
    { seed: 20261122 },
  )
})
