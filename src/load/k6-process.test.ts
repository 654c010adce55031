import { expect, test } from 'vitest'
import { refuseExit } from './k6-process.ts'

test('only exit codes 0 and 99 carry measurements', () => {
  const carrying = Array.from({ length: 256 }, (_, code) => code).filter(
    (code) => refuseExit({ code, signal: null }, '') === undefined,
  )
  expect(carrying).toEqual([0, 99])
})

test.each([
  [97, 'cloud test aborted'],
  [104, 'invalid configuration'],
  [105, 'stopped by a signal'],
  [107, 'the script threw an exception'],
  [108, 'the script aborted the test'],
  [109, 'k6 itself panicked'],
  [110, 'the script marked the test as failed'],
  [3, 'unknown code'],
])('exit code %d is explained', (code, meaning) => {
  const error = refuseExit({ code, signal: null }, 'no such file')
  expect(error?.code).toBe('HIVE_LOAD_K6_EXIT')
  expect(error?.exitCode).toBe(2)
  expect(error?.message).toBe(
    `could not measure: k6 ended with code ${code} (${meaning}), wanted 0 or 99; it said: no such file`,
  )
})

test('a k6 that was killed carries nothing', () => {
  expect(refuseExit({ code: null, signal: 'SIGKILL' }, '')?.message).toContain('signal SIGKILL (killed)')
})
