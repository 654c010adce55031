import { expect, test } from 'vitest'
import { durationMs, workMs } from './duration.ts'

test('durationMs() knows every unit', () => {
  expect(['250ms', '30s', '90m', '6h', '2d'].map(durationMs)).toEqual([250, 30_000, 5_400_000, 21_600_000, 172_800_000])
})

test('workMs() counts a day as the working hours of the plan', () => {
  expect(workMs('2d', 8)).toBe(16 * 3_600_000)
  expect(workMs('6h', 8)).toBe(6 * 3_600_000)
})
