import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/core/index.ts'
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../../../src/environment/index.ts'
import { agentAt, drain, eventually, openTestGateway, request, type TestGateway } from './support.ts'

let postgres: PostgresServer
let redis: RedisServer
let servers: { readonly postgresUrl: string; readonly redisUrl: string }
let shared: TestGateway

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres({ env: process.env }), startRedis({ env: process.env })])
  servers = { postgresUrl: (await postgres.createDatabase('gateway')).url, redisUrl: redis.url }
  shared = await openTestGateway(servers)
})
afterAll(async () => {
  await shared.gateway.close()
  await Promise.all([postgres.close(), redis.close()])
})

test('a message is stored, delivered with its event, and gone after its acknowledgement', async () => {
  const [alice, bob] = [shared.agent(0), shared.agent(1)]
  const sent = await alice.send({ id: 'first', recipient: bob.name, data: { text: 'é \u{1F41D}' }, correlationid: 'c' })
  expect(sent.status).toBe(202)
  expect(sent.body).toMatchObject({ id: 'first', receipt: 'archive', sequence: expect.any(Number) as number })
  const { messages } = await bob.receive({ waitMs: 5_000 })
  expect(messages.map(({ event }) => event)).toMatchObject([
    { id: 'first', source: alice.name, recipient: bob.name, data: { text: 'é \u{1F41D}' }, correlationid: 'c' },
  ])
  const ack = messages.map(({ token }) => token)
  expect(await bob.receive({ ack, max: 0 })).toEqual({ messages: [], acked: 1, stale: [] })
  expect(await bob.receive({ ack, max: 0 })).toEqual({ messages: [], acked: 0, stale: ack })
})

test('a waiting receive is woken by the message it waits for', async () => {
  const [alice, bob] = [shared.agent(0), shared.agent(2)]
  const waiting = bob.receive({ waitMs: 20_000 })
  const started = performance.now()
  await alice.send({ id: 'wake', recipient: bob.name })
  expect((await waiting).messages.map(({ event }) => event.id)).toEqual(['wake'])
  expect(performance.now() - started).toBeLessThan(1_900)
})

test('a receive that finds nothing comes back after its time', async () => {
  const started = performance.now()
  expect(await shared.agent(3).receive({ waitMs: 150 })).toEqual({ messages: [], acked: 0, stale: [] })
  expect(performance.now() - started).toBeGreaterThanOrEqual(145)
})

test('ten equal posts at once are one message with one sequence; other content is refused', async () => {
  const [alice, bob] = [shared.agent(0), shared.agent(4)]
  const event = { id: 'same', recipient: bob.name, data: { n: 1 } }
  const answers = await Promise.all(Array.from({ length: 10 }, () => alice.send(event)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  expect(new Set(answers.map(({ body }) => body['sequence'])).size).toBe(1)
  expect(answers.filter(({ body }) => body['duplicate'] === true).length).toBe(9)
  const other = await alice.send({ ...event, data: { n: 2 } })
  expect([other.status, other.body['code']]).toEqual([409, 'HIVE_MESSAGE_ID_REUSED'])
  expect(await drain(bob, 1)).toEqual(['same'])
})

test('twenty publishers at once: every message arrives once, in the order of its sender', async () => {
  await using own = await openTestGateway(servers, { agents: 20 })
  const reader = own.agent(0)
  const receiving = drain(reader, 20 * 40)
  await Promise.all(
    Array.from({ length: 20 }, async (_, sender) => {
      const agent = own.agent(sender)
      for (let n = 0; n < 40; n += 1) {
        const { status } = await agent.send({ id: `${sender}-${n}`, recipient: reader.name })
        if (status !== 202) throw new Error(`send answered ${status}`)
      }
    }),
  )
  const ids = await receiving
  expect(ids.length).toBe(800)
  for (let sender = 0; sender < 20; sender += 1) {
    const mine = ids.filter((id) => id.startsWith(`${sender}-`))
    expect(mine).toEqual(Array.from({ length: 40 }, (_, n) => `${sender}-${n}`))
  }
})

test('a broadcast reaches everyone but its sender', async () => {
  await using own = await openTestGateway(servers, { agents: 4 })
  await own.agent(0).send({ id: 'all', type: 'hive.broadcast', recipient: '*' })
  const counts = await Promise.all(
    [1, 2, 3].map(async (index) => (await own.agent(index).receive({ waitMs: 5_000 })).messages.length),
  )
  expect(counts).toEqual([1, 1, 1])
  expect((await own.agent(0).receive()).messages).toEqual([])
})

test('a message that is not acknowledged is delivered again, and the old token is stale', async () => {
  await using own = await openTestGateway(servers, { tuning: { claimIdleMs: 150, recheckMs: 50, maxDeliveries: 2 } })
  const bob = own.agent(1)
  await own.agent(0).send({ id: 'slow', recipient: bob.name })
  const first = await bob.receive({ waitMs: 5_000 })
  const second = await bob.receive({ waitMs: 5_000 })
  expect(second.messages.map(({ event }) => event.id)).toEqual(['slow'])
  const tokens = [...first.messages, ...second.messages].map(({ token }) => token)
  expect(await bob.receive({ ack: tokens, max: 0 })).toMatchObject({ acked: 1, stale: tokens.slice(0, 1) })
})

test('a rejected message is buried and the next one follows', async () => {
  const [alice, bob] = [shared.agent(0), shared.agent(5)]
  for (const id of ['poison', 'good']) await alice.send({ id, recipient: bob.name })
  const first = await bob.receive({ waitMs: 5_000, max: 1 })
  const next = await bob.receive({ waitMs: 5_000, reject: first.messages.map(({ token }) => token) })
  expect(next.messages.map(({ event }) => event.id)).toEqual(['good'])
})

test('a full queue is answered with 429 and Retry-After', async () => {
  await using own = await openTestGateway(servers, { tuning: { maxQueued: 0 } })
  const answer = await own.agent(0).send({ id: 'busy', recipient: 'agent-1' })
  expect([answer.status, answer.body['code']]).toEqual([429, 'HIVE_GATEWAY_BUSY'])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a full inbox is answered with 429 until its agent has read', async () => {
  await using own = await openTestGateway(servers, {
    tuning: { maxInboxDepth: 3, sweepEveryMs: 50, sweepOlderThanMs: 0 },
  })
  const [alice, bob] = [own.agent(0), own.agent(1)]
  const statuses: number[] = []
  for (let n = 0; n < 8 && statuses.at(-1) !== 429; n += 1) {
    statuses.push((await alice.send({ id: `m${n}`, recipient: bob.name })).status)
  }
  expect(statuses.at(-1)).toBe(429)
  const accepted = statuses.length - 1
  expect(await drain(bob, accepted)).toEqual(Array.from({ length: accepted }, (_, n) => `m${n}`))
  // What waited in the outbox is in the inbox before anything newer.
  const taken = await eventually(async () => (await alice.send({ id: 'later', recipient: bob.name })).status === 202)
  expect([taken, await drain(bob, 1)]).toEqual([true, ['later']])
})

test('readiness and metrics say what is', async () => {
  const ready = await request(shared.gateway.url, '/readyz', { method: 'GET' })
  expect([ready.status, ready.body]).toEqual([200, { status: 'ready', redis: true, postgres: true, draining: false }])
  const metrics = await (await fetch(`${shared.gateway.url}/metrics`)).text()
  expect(metrics).toContain(`hive_gateway_stored_total ${shared.gateway.stats().stored}\n`)
  for (const token of Object.values(shared.tokens)) expect(metrics).not.toContain(token)
})

test('closing ends waits, publishes what was accepted and takes nothing new', async () => {
  const own = await openTestGateway(servers)
  const waiting = own.agent(1).receive({ waitMs: 30_000 })
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => own.agent(0).send({ id: `last-${n}`, recipient: 'agent-2' })),
  )
  await own.gateway.close()
  expect((await waiting).messages).toEqual([])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  await expect(own.agent(0).send({ id: 'after', recipient: 'agent-2' })).rejects.toThrow()
  await using next = await openTestGateway(servers, { team: own.team, tokens: own.tokens })
  const reader = agentAt(next.gateway.url, { name: 'agent-2', token: own.tokens['agent-2'] ?? '' })
  expect((await drain(reader, 50)).length).toBe(50)
})

test('an abort closes the gateway', async () => {
  const stop = new AbortController()
  const own = await openTestGateway(servers, { signal: stop.signal })
  stop.abort()
  await own.gateway.close()
  await expect(own.agent(0).receive()).rejects.toThrow()
})

test('a port that is taken, and servers that are not there, have their codes and leave nothing open', async () => {
  await expect(openTestGateway(servers, { port: shared.gateway.port })).rejects.toMatchObject({
    code: 'HIVE_PORT_IN_USE',
  })
  const nowhere = 'redis://127.0.0.1:1'
  await expect(openTestGateway({ ...servers, redisUrl: nowhere })).rejects.toMatchObject({
    code: 'HIVE_PROTOCOL_REDIS',
  })
  const postgresUrl = 'postgres://nobody@127.0.0.1:1/none'
  await expect(openTestGateway({ ...servers, postgresUrl })).rejects.toMatchObject({ code: 'HIVE_STORE_UNREACHABLE' })
  await expect(openTestGateway(servers, { tokens: { a: 'short' } })).rejects.toMatchObject({
    code: 'HIVE_GATEWAY_TOKENS',
  })
})

test('over HTTP: a delayed message comes in its time, an expired one is a dead letter, a newer one replaces', async () => {
  await using own = await openTestGateway(servers, { tuning: { recheckMs: 60_000 } })
  const [alice, bob] = [own.agent(0), own.agent(1)]
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString()
  await alice.send({ id: 'old', recipient: bob.name, supersedekey: 'progress' })
  await alice.send({ id: 'new', recipient: bob.name, supersedekey: 'progress' })
  await alice.send({ id: 'brief', recipient: bob.name, expirytime: at(150) })
  await alice.send({ id: 'later', recipient: bob.name, notbefore: at(1_200) })
  expect(await eventually(() => own.gateway.stats().published === 4)).toBe(true)
  await systemClock.sleep(200)
  const first = await bob.receive({ waitMs: 1_000 })
  expect(first.messages.map(({ event }) => event.id)).toEqual(['new'])
  // The bell rang long ago, and the next look without one is a minute away.
  const second = await bob.receive({ waitMs: 5_000 })
  expect(second.messages.map(({ event }) => event.id)).toEqual(['later'])
  expect(own.gateway.stats().deadLettered).toBe(1)
})
