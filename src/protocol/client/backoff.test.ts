import { expect, test } from 'vitest'
import { pauseAfter } from './backoff.ts'

test('pauseAfter() doubles from the first pause up to the longest', () => {
  const backoff = { firstMs: 100, mostMs: 1_000 }
  expect([1, 2, 3, 4, 5, 100].map((attempt) => pauseAfter(attempt, backoff))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ])
})
