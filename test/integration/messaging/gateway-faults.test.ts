import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../../../src/environment/index.ts'
import { connectRedisBus, teamKeys } from '../../../src/protocol/index.ts'
import { openBatchWriter } from '../../../src/store/index.ts'
import { agentAt, drain, eventually, openTestGateway } from './support.ts'
import { startTcpProxy } from './tcp-proxy.ts'

let postgres: PostgresServer
let redis: RedisServer
let servers: { readonly postgresUrl: string; readonly redisUrl: string }

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres({ env: process.env }), startRedis({ env: process.env })])
  servers = { postgresUrl: (await postgres.createDatabase('faults')).url, redisUrl: redis.url }
})
afterAll(() => Promise.all([postgres.close(), redis.close()]))

const quick = { sweepEveryMs: 50, sweepOlderThanMs: 300, recheckMs: 200 }

/** What a gateway leaves behind that died between its commit and its XADD. */
async function commitOnly(team: string, ids: readonly string[]): Promise<void> {
  const writer = await openBatchWriter({ url: servers.postgresUrl, team, onStored: () => {} })
  const row = (id: string) => ({ source: 'agent-0', id, type: 'hive.request', recipient: 'agent-1' })
  await Promise.all(
    ids.map((id) => writer.write({ ...row(id), hash: 'h', event: JSON.stringify({ specversion: '1.0', ...row(id) }) })),
  )
  await writer.close()
}

test('what was committed and never published is swept into its inbox, in order', async () => {
  await using own = await openTestGateway(servers, { tuning: quick })
  await commitOnly(own.team, ['stray-1', 'stray-2', 'stray-3'])
  expect(await drain(own.agent(1), 3)).toEqual(['stray-1', 'stray-2', 'stray-3'])
  expect(own.gateway.stats().swept).toBe(3)
})

test('a gateway publishes what its predecessor left behind before it takes anything new', async () => {
  const team = `heir-${Date.now()}`
  await commitOnly(team, ['left-1', 'left-2'])
  await using own = await openTestGateway(servers, { team, tuning: { sweepEveryMs: 600_000 } })
  await own.agent(0).send({ id: 'new', recipient: 'agent-1' })
  expect(await drain(own.agent(1), 3)).toEqual(['left-1', 'left-2', 'new'])
})

test('Redis away: senders get 503; what was acknowledged before arrives after it is back, once and in order', async () => {
  const proxy = await startTcpProxy(servers.redisUrl)
  await using own = await openTestGateway({ ...servers, redisUrl: proxy.url }, { tuning: quick })
  const alice = own.agent(0)
  // Redis executes and the gateway never hears: committed, acknowledged, its publishing unknown.
  proxy.dropReplies(true)
  for (let n = 0; n < 5; n += 1) {
    expect((await alice.send({ id: `m${n}`, recipient: 'agent-1' })).status).toBe(202)
  }
  proxy.cut(true)
  proxy.dropReplies(false)
  expect(await eventually(async () => (await alice.send({ id: 'down', recipient: 'agent-1' })).status === 503)).toBe(
    true,
  )
  proxy.cut(false)
  expect(await eventually(async () => (await alice.send({ id: 'm5', recipient: 'agent-1' })).status === 202)).toBe(true)
  const ids = await drain(own.agent(1), 6)
  expect(ids.filter((id) => id !== 'down')).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'])
  await own.gateway.close()
  await proxy.close()
})

test('a batch whose reply was lost on the way from Redis is delivered after the reconnect, as the same try', async () => {
  const proxy = await startTcpProxy(servers.redisUrl)
  await using own = await openTestGateway({ ...servers, redisUrl: proxy.url })
  const bob = own.agent(1)
  await own.agent(0).send({ id: 'lost-reply', recipient: bob.name })
  expect(await eventually(() => own.gateway.stats().published === 1)).toBe(true)
  proxy.dropReplies(true)
  const unheard = bob.receive().then(
    () => 'answered',
    () => 'refused',
  )
  // The function has run when the entry is pending.
  const bus = await connectRedisBus({ redisUrl: servers.redisUrl, team: own.team })
  const pending = async (): Promise<boolean> =>
    bus.redis.xpending(teamKeys(own.team).inbox(bob.name), 'inbox').then(
      (reply) => reply[0] === 1,
      () => false,
    )
  expect(await eventually(pending)).toBe(true)
  proxy.cut(false)
  proxy.dropReplies(false)
  expect(await unheard).toBe('refused')
  let received = { messages: [] } as Pick<Awaited<ReturnType<typeof bob.receive>>, 'messages'>
  await eventually(async () => {
    received = await bob.receive({ waitMs: 500 }).catch(() => received)
    return received.messages.length > 0
  })
  expect(received.messages.map(({ event }) => event.id)).toEqual(['lost-reply'])
  expect(received.messages[0]?.token).toMatch(/^\d+-\d+\.1\./)
  await bus.close()
  await own.gateway.close()
  await proxy.close()
})

test('PostgreSQL away: senders get 503; the same id sent again afterwards is one message', async () => {
  const proxy = await startTcpProxy(servers.postgresUrl)
  await using own = await openTestGateway({ ...servers, postgresUrl: proxy.url }, { tuning: quick })
  const alice = own.agent(0)
  await alice.send({ id: 'before', recipient: 'agent-1' })
  // The commit happens and its answer is lost: the sender has no receipt and must be able to repeat.
  proxy.dropReplies(true)
  const unsure = alice.send({ id: 'unsure', recipient: 'agent-1' })
  const writer = await openBatchWriter({ url: servers.postgresUrl, team: 'look', onStored: () => {} })
  await writer.write({ source: 'a', id: String(Date.now()), type: 't', recipient: 'r', hash: 'h', event: '{}' })
  await writer.close()
  proxy.cut(true)
  proxy.dropReplies(false)
  const answer = await unsure
  expect([answer.status, answer.body['code']]).toEqual([503, 'HIVE_STORE_UNREACHABLE'])
  expect((await alice.send({ id: 'unsure', recipient: 'agent-1' })).status).toBe(503)
  proxy.cut(false)
  expect(await eventually(async () => (await alice.send({ id: 'unsure', recipient: 'agent-1' })).status === 202)).toBe(
    true,
  )
  expect(await drain(own.agent(1), 2)).toEqual(['before', 'unsure'])
  await own.gateway.close()
  await proxy.close()
})

test('a Redis that was restarted without its last messages gets them again, and keeps one of what it has', async () => {
  const own = await startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })
  const other = await startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })
  const team = `restart-${Date.now()}`
  const first = await openTestGateway({ ...servers, redisUrl: own.url }, { team })
  const tokens = first.tokens
  for (let n = 0; n < 4; n += 1) await first.agent(0).send({ id: `r${n}`, recipient: 'agent-1' })
  expect(await eventually(() => first.gateway.stats().published === 4)).toBe(true)
  await first.gateway.close()
  await own.close()
  // Another server under the same team: what an append-only file without its tail looks like from outside.
  await using second = await openTestGateway({ ...servers, redisUrl: other.url }, { team, tokens })
  const ids = await drain(agentAt(second.gateway.url, { name: 'agent-1', token: tokens['agent-1'] ?? '' }), 4)
  expect(ids).toEqual(['r0', 'r1', 'r2', 'r3'])
  await second.gateway.close()
  await other.close()
})

test('an archived message whose id was published past the gateway is a dead letter with a code, not lost', async () => {
  await using own = await openTestGateway(servers, { tuning: quick })
  const bus = await connectRedisBus({ redisUrl: servers.redisUrl, team: own.team })
  const rogue = { source: 'agent-0', id: 'twice', hash: 'other', event: '{"id":"twice"}', recipients: ['agent-1'] }
  await bus.publish([rogue])
  expect((await own.agent(0).send({ id: 'twice', recipient: 'agent-1', data: 'archived' })).status).toBe(202)
  expect(await eventually(async () => (await bus.deadLetters()).length > 0)).toBe(true)
  const letters = await bus.deadLetters()
  expect(letters).toMatchObject([{ agent: 'agent-1', reason: 'conflict', code: 'HIVE_MESSAGE_ID_REUSED' }])
  expect(JSON.parse(letters[0]?.event ?? '')).toMatchObject({ id: 'twice', data: 'archived' })
  expect(await eventually(() => own.gateway.stats().deadLettered === 1)).toBe(true)
  expect(own.gateway.stats().unpublished).toBe(0)
  await bus.close()
})
