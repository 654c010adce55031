import { expect, test } from 'vitest'
import { systemClock } from './clock.ts'

test('systemClock.sleep() rejects with the reason as soon as the signal is aborted', async () => {
  const controller = new AbortController()
  const slept = systemClock.sleep(60_000, controller.signal)
  controller.abort(new Error('stop'))
  await expect(slept).rejects.toThrow('stop')
})

test('systemClock.sleep() does not begin with a signal that is aborted already', async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})

test('systemClock.monotonicMs() never goes back', async () => {
  const before = systemClock.monotonicMs()
  await systemClock.sleep(2)
  expect(systemClock.monotonicMs()).toBeGreaterThan(before)
})
