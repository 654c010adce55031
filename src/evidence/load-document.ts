import * as z from 'zod/mini'

/**
 * What the load test leaves beside its evidence (`load.json`), so that reports can be drawn from numbers
 * instead of pictures. Times are milliseconds, rates are per second, `atS` is seconds since the load began.
 */

const nonNegative = z.number().check(z.nonnegative())

export const loadDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Offered writes per second, and how many agents write at the same time. */
  offeredRate: nonNegative,
  agents: nonNegative,
  warmupS: nonNegative,
  measuredS: nonNegative,
  writes: nonNegative,
  delivered: nonNegative,
  failedRequests: nonNegative,
  droppedIterations: nonNegative,
  targets: z.strictObject({ p95WriteMs: nonNegative, deliveredPerS: nonNegative }),
  percentiles: z.strictObject({
    p50: nonNegative,
    p90: nonNegative,
    p95: nonNegative,
    p99: nonNegative,
    max: nonNegative,
  }),
  /** Buckets in ascending order; the last one holds everything up to the maximum. Warm-up left out. */
  histogram: z.array(z.strictObject({ fromMs: nonNegative, toMs: nonNegative, count: nonNegative })),
  /** One point a second, warm-up included and marked. */
  series: z.array(
    z.strictObject({
      atS: nonNegative,
      warmup: z.boolean(),
      writesPerS: nonNegative,
      deliveredPerS: nonNegative,
      p50Ms: z.optional(nonNegative),
      p95Ms: z.optional(nonNegative),
      p99Ms: z.optional(nonNegative),
    }),
  ),
})

export type LoadDocument = z.infer<typeof loadDocumentSchema>
