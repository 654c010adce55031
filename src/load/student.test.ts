import { expect, test } from 'vitest'
import { studentQuantile } from './student.ts'

// From published tables of the t distribution.
test.each([
  [0.975, 1, 12.7062],
  [0.975, 2, 4.3027],
  [0.95, 9, 1.8331],
  [0.975, 9, 2.2622],
  [0.9975, 9, 3.6897],
  [0.995, 30, 2.75],
  [0.975, 1_000, 1.9623],
])('the quantile %d of t with %d degrees of freedom is %d', (probability, degrees, quantile) => {
  expect(studentQuantile(probability, degrees)).toBeCloseTo(quantile, 4)
  expect(studentQuantile(1 - probability, degrees)).toBeCloseTo(-quantile, 4)
})

test('the median of t is 0', () => {
  expect(studentQuantile(0.5, 7)).toBe(0)
})
