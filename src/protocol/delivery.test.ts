import { expect, test } from 'vitest'
import { type DeliveryEvent, type DeliveryState, nextDelivery } from './delivery.ts'
import { formatToken, parseToken } from './delivery-token.ts'

const policy = { claimIdleMs: 100, maxDeliveries: 3 }
const run = (events: readonly DeliveryEvent[]): DeliveryState =>
  events.reduce<DeliveryState>((state, event) => nextDelivery(state, event, policy), { kind: 'waiting' })
const deliver = (consumer: string, atMs = 0): DeliveryEvent => ({ kind: 'deliver', consumer, atMs })
const reclaim = (consumer: string, atMs: number): DeliveryEvent => ({ kind: 'reclaim', consumer, atMs })
const settle = (consumer: string, deliveries: number): DeliveryEvent => ({
  kind: 'settle',
  fence: { consumer, deliveries },
})

test('a message is delivered once and settled by its holder', () => {
  expect(run([deliver('a'), settle('a', 1)])).toEqual({ kind: 'settled' })
  expect(run([deliver('a'), deliver('b')])).toMatchObject({ fence: { consumer: 'a', deliveries: 1 } })
})

test('a reclaim before the claim idle time changes nothing', () => {
  expect(run([deliver('a'), reclaim('b', 99)])).toMatchObject({ fence: { consumer: 'a' } })
  expect(run([deliver('a'), reclaim('b', 100)])).toMatchObject({ fence: { consumer: 'b', deliveries: 2 } })
})

test('a former holder and a former delivery of the same holder settle nothing', () => {
  const taken = [deliver('a'), reclaim('b', 100)]
  expect(run([...taken, settle('a', 1)])).toMatchObject({ kind: 'delivered', fence: { consumer: 'b' } })
  const back = [...taken, reclaim('a', 200)]
  expect(run([...back, settle('a', 1)])).toMatchObject({ kind: 'delivered', fence: { consumer: 'a', deliveries: 3 } })
  expect(run([...back, settle('a', 3)])).toEqual({ kind: 'settled' })
})

test('after the last delivery a message is dead, and stays so', () => {
  const dead = [deliver('a'), reclaim('b', 100), reclaim('c', 200), reclaim('d', 300)]
  expect(run(dead)).toEqual({ kind: 'dead', reason: 'exhausted', deliveries: 3 })
  expect(run([...dead, settle('c', 3), deliver('e')])).toMatchObject({ kind: 'dead' })
})

test('a rejection needs the fence as well', () => {
  const reject = (consumer: string): DeliveryEvent => ({ kind: 'reject', fence: { consumer, deliveries: 1 } })
  expect(run([deliver('a'), reject('b')])).toMatchObject({ kind: 'delivered' })
  expect(run([deliver('a'), reject('a')])).toEqual({ kind: 'dead', reason: 'rejected', deliveries: 1 })
})

test('what has not been delivered cannot be settled', () => {
  expect(run([settle('a', 1)])).toEqual({ kind: 'waiting' })
})

test('a token reads back as it was written, and nothing else is one', () => {
  const token = { entry: '1795640953594-12', deliveries: 3, consumer: 'gateway-x7k2' }
  expect(parseToken(formatToken(token))).toEqual(token)
  for (const text of ['', '1-1', '1-1.0.a', '1-1.1.', '1-1.1.A', '-.1.a', '1-1.1.a\n', `1-1.1.${'a'.repeat(65)}`]) {
    expect(parseToken(text)).toBeUndefined()
  }
})
