import { expect, test } from 'vitest'
import { unforgivenAttempt, type Attempt, type Retest } from './overrides.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 23, 9, minute)).toISOString()
const attempt = (run: number, verdict: string, part: Partial<Attempt> = {}): Attempt => ({
  run,
  attempt: 1,
  verdict,
  at: at(run * 10),
  ...part,
})

const cases: readonly (readonly [string, readonly Attempt[], readonly Retest[], number | undefined])[] = [
  ['nothing', [], [], undefined],
  ['one pass', [attempt(1, 'pass')], [], undefined],
  ['a pass after a failure', [attempt(1, 'fail'), attempt(2, 'pass')], [], 1],
  ['a pass after an error', [attempt(1, 'error'), attempt(2, 'pass')], [], 1],
  ['a pass after an undecided one', [attempt(1, 'undecided'), attempt(2, 'pass')], [], 1],
  ['a pass after a cancelled one', [attempt(1, 'cancelled'), attempt(2, 'pass')], [], undefined],
  ['two passes after a failure', [attempt(1, 'fail'), attempt(2, 'pass'), attempt(3, 'pass')], [], 1],
  ['a retest between', [attempt(1, 'fail'), attempt(2, 'pass')], [{ at: at(15) }], undefined],
  ['a retest of the gate', [attempt(1, 'fail'), attempt(2, 'pass')], [{ at: at(15), gate: 'load' }], undefined],
  ['a retest of another gate', [attempt(1, 'fail'), attempt(2, 'pass')], [{ at: at(15), gate: 'unit' }], 1],
  ['a retest before the failure', [attempt(1, 'fail'), attempt(2, 'pass')], [{ at: at(5) }], 1],
  ['a retest after the pass', [attempt(1, 'fail'), attempt(2, 'pass')], [{ at: at(25) }], 1],
  ['a failure after the retest', [attempt(1, 'fail'), attempt(2, 'fail'), attempt(3, 'pass')], [{ at: at(15) }], 2],
  ['another base', [attempt(1, 'fail', { baseRef: 'a' }), attempt(2, 'pass', { baseRef: 'b' })], [], undefined],
  ['the same base', [attempt(1, 'fail', { baseRef: 'a' }), attempt(2, 'pass', { baseRef: 'a' })], [], 1],
  ['no times, no retest', [attempt(1, 'fail', { at: undefined }), attempt(2, 'pass')], [], 1],
]

test.each(cases)('unforgivenAttempt() with %s', (_name, attempts, retests, held) => {
  expect(unforgivenAttempt('load', attempts, retests)?.run).toBe(held)
})
