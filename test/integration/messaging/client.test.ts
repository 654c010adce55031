import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock, systemIds } from '../../../src/core/index.ts'
import { type RedisServer, startRedis } from '../../../src/environment/index.ts'
import { type AgentConnection, connect, connectRedisBus, type HiveEvent } from '../../../src/protocol/index.ts'
import { eventually } from './support.ts'
import { startTcpProxy } from './tcp-proxy.ts'

let server: RedisServer
beforeAll(async () => {
  server = await startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })
})
afterAll(() => server.close())

const newTeam = (): string => `client-${systemIds.short(8)}`
const join = (team: string, agent: string, options: { redis?: string; claimIdleMs?: number } = {}) =>
  connect({ redis: server.url, team, agent, ...options })
const letters = async (team: string) => {
  const bus = await connectRedisBus({ redisUrl: server.url, team })
  const found = await bus.deadLetters()
  await bus.close()
  return found
}
/** Publishes `count` notifications to bob. */
const publishMany = async (alice: AgentConnection, count: number): Promise<readonly string[]> => {
  const ids = Array.from({ length: count }, (_, n) => `m${n}`)
  for (const id of ids) await alice.publish('bob', { type: 'hive.notification', id, data: id })
  return ids
}

test('subscribe() hears every message once and in order, and settles it', async () => {
  const team = newTeam()
  await using alice = await join(team, 'alice')
  await using bob = await join(team, 'bob')
  const heard: string[] = []
  bob.subscribe(({ id }) => void heard.push(id))
  const ids = await publishMany(alice, 50)
  expect((await alice.publish('bob', { type: 'hive.notification', id: 'm7', data: 'm7' })).duplicate).toBe(true)
  expect(await eventually(() => heard.length >= 50)).toBe(true)
  await bob.close()
  expect(heard).toEqual(ids)
  const bus = await connectRedisBus({ redisUrl: server.url, team })
  expect(await bus.depth('bob')).toBe(0)
  await bus.close()
})

test('a handler that throws is tried again after growing pauses, and its message is a dead letter after the last try', async () => {
  const team = newTeam()
  await using alice = await join(team, 'alice')
  await using bob = await join(team, 'bob')
  const tries: { attempt: number; atMs: number }[] = []
  const others: string[] = []
  const handler = ({ id }: HiveEvent, { attempt }: { readonly attempt: number }): void => {
    if (id !== 'm0') return void others.push(id)
    tries.push({ attempt, atMs: performance.now() })
    throw new Error('not today')
  }
  const problems: unknown[] = []
  bob.subscribe(handler, { backoff: { firstMs: 20, mostMs: 80 }, onProblem: (problem) => problems.push(problem) })
  await publishMany(alice, 3)
  expect(await eventually(async () => (await letters(team)).length === 1)).toBe(true)
  expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5])
  const pauses = tries.slice(1).map(({ atMs }, index) => atMs - (tries[index]?.atMs ?? 0))
  for (const [index, least] of [20, 40, 80, 80].entries()) expect(pauses[index]).toBeGreaterThanOrEqual(least - 2)
  expect(others).toEqual(['m1', 'm2'])
  expect(await letters(team)).toMatchObject([{ agent: 'bob', reason: 'failed', deliveries: 5 }])
  expect(problems.length).toBe(5)
})

test('request() gets its reply, and gets it again in another process that asks with the same id', async () => {
  const team = newTeam()
  const asked: string[] = []
  await using bob = await join(team, 'bob')
  const first = await join(team, 'alice')
  expect(await first.request('bob', { id: 'q1', data: 20, timeoutMs: 50 })).toEqual({ kind: 'timeout' })
  await first.close()
  bob.subscribe(async ({ id, data }, { reply }) => {
    asked.push(id)
    await reply({ answer: Number(data) + 1 })
    await reply({ answer: 'a second thought' })
  })
  await using restarted = await join(team, 'alice')
  const heard: string[] = []
  restarted.subscribe(({ id }) => void heard.push(id))
  for (let turn = 0; turn < 2; turn += 1) {
    const outcome = await restarted.request('bob', { id: 'q1', data: 20 })
    expect(outcome).toMatchObject({ kind: 'reply', event: { source: 'bob', causationid: 'q1', data: { answer: 21 } } })
  }
  expect(await restarted.request('bob', { id: 'q2', data: 1 })).toMatchObject({ kind: 'reply' })
  expect([asked, heard]).toEqual([['q1', 'q2'], []])
})

test('a request that dies says so, and does not hang', async () => {
  const team = newTeam()
  await using alice = await join(team, 'alice')
  await using bob = await join(team, 'bob')
  bob.subscribe(() => 'reject')
  expect(await alice.request('bob', { id: 'q1', timeoutMs: 5_000 })).toEqual({ kind: 'dead', reason: 'rejected' })
})

test('delayed, expired and superseded messages reach the handler as they should', async () => {
  const team = newTeam()
  await using alice = await join(team, 'alice')
  const note = (id: string, more: object) => alice.publish('bob', { type: 'hive.notification', id, ...more })
  await note('old', { supersedeKey: 'progress' })
  await note('new', { supersedeKey: 'progress' })
  await note('brief', { expires: new Date(Date.now() + 50) })
  await systemClock.sleep(100)
  await note('later', { notBefore: new Date(Date.now() + 300) })
  await using bob = await join(team, 'bob')
  const heard: { id: string; atMs: number }[] = []
  bob.subscribe(({ id }) => void heard.push({ id, atMs: Date.now() }))
  expect(await eventually(() => heard.length >= 2)).toBe(true)
  expect(heard.map(({ id }) => id)).toEqual(['new', 'later'])
  expect(await letters(team)).toMatchObject([{ reason: 'expired' }])
})

test('work that takes longer than the claim idle time is not given to another', async () => {
  const team = newTeam()
  await using alice = await join(team, 'alice')
  const calls: string[] = []
  const work = (name: string) => async (): Promise<void> => {
    calls.push(name)
    await systemClock.sleep(900)
  }
  await using one = await join(team, 'bob', { claimIdleMs: 300 })
  await using two = await join(team, 'bob', { claimIdleMs: 300 })
  one.subscribe(work('one'))
  await publishMany(alice, 1)
  expect(await eventually(() => calls.length === 1)).toBe(true)
  two.subscribe(work('two'))
  await systemClock.sleep(800)
  await one.close()
  await systemClock.sleep(400)
  expect(calls).toEqual(['one'])
})

test('a connection that breaks under load and comes back: every message is worked on once', async () => {
  const team = newTeam()
  const proxy = await startTcpProxy(server.url)
  await using alice = await join(team, 'alice')
  await using bob = await join(team, 'bob', { redis: proxy.url, claimIdleMs: 1_000 })
  const heard: string[] = []
  bob.subscribe(({ id }) => void heard.push(id), { concurrency: 5 })
  const ids: string[] = []
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 40; n += 1) {
      const id = `${round}-${n}`
      ids.push(id)
      await alice.publish('bob', { type: 'hive.notification', id })
      if (n === 10) proxy.dropReplies(true)
      if (n === 20) proxy.cut(true)
      if (n === 30) {
        proxy.dropReplies(false)
        proxy.cut(false)
      }
    }
  }
  expect(await eventually(() => new Set(heard).size === ids.length)).toBe(true)
  await bob.close()
  await proxy.close()
  expect(heard.toSorted()).toEqual(ids.toSorted())
})

test.each([['*'], ['b}:c'], ['']])('publish() refuses the recipient %j before anything is sent', async (to) => {
  await using alice = await join(newTeam(), 'alice')
  await expect(alice.publish(to, { type: 'hive.notification' })).rejects.toMatchObject({ code: 'HIVE_MESSAGE_INVALID' })
})
