import { expect, test } from 'vitest'
import { combineVerdicts, exitCodeOf, verdicts } from './verdict.ts'

test('exitCodeOf() never calls anything but pass and skipped 0', () => {
  expect(verdicts.map((verdict) => [verdict, exitCodeOf(verdict)])).toEqual([
    ['pass', 0],
    ['fail', 1],
    ['undecided', 3],
    ['error', 2],
    ['skipped', 0],
  ])
})

test('combineVerdicts() is as bad as the worst', () => {
  expect(combineVerdicts(['pass', 'skipped'])).toBe('pass')
  expect(combineVerdicts(['pass', 'undecided'])).toBe('undecided')
  expect(combineVerdicts(['undecided', 'fail', 'pass'])).toBe('fail')
  expect(combineVerdicts(['fail', 'error'])).toBe('error')
})

test('combineVerdicts() of nothing proves nothing', () => {
  expect(combineVerdicts([])).toBe('undecided')
})
