import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock, systemIds } from '../../../src/core/index.ts'
import { type RedisServer, startRedis } from '../../../src/environment/index.ts'
import {
  connectRedisBus,
  createLibrary,
  type OutgoingMessage,
  type RedisBus,
  teamKeys,
} from '../../../src/protocol/index.ts'

let server: RedisServer
beforeAll(async () => {
  server = await startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })
})
afterAll(() => server.close())

const newTeam = (): string => `bus-${systemIds.short(8)}`
const connect = (options: Partial<Parameters<typeof connectRedisBus>[0]> = {}): Promise<RedisBus> =>
  connectRedisBus({ redisUrl: server.url, team: newTeam(), ...options })
const message = (id: string, change: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  source: 'alice',
  id,
  hash: 'h',
  event: JSON.stringify({ id }),
  recipients: ['reader'],
  ...change,
})
const ids = (deliveries: readonly { readonly event: string }[]): readonly string[] =>
  deliveries.map(({ event }) => (JSON.parse(event) as { id: string }).id)

test('a consumer killed in the middle of a batch: what it had not settled goes to another, nothing else', async () => {
  const team = newTeam()
  const bus = await connect({ team, claimIdleMs: 200 })
  await bus.publish(Array.from({ length: 12 }, (_, index) => message(`m${index}`)))
  const script = fileURLToPath(new URL('./consumer-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, server.url, team], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(String(said)).toBe('10 taken, 5 settled\n')

  const seen: string[] = []
  const started = performance.now()
  while (seen.length < 7 && performance.now() - started < 10_000) {
    const { deliveries } = await bus.receive({ agent: 'reader', consumer: 'heir', max: 100, reclaim: true })
    seen.push(...ids(deliveries))
    const settle = deliveries.map(({ token }) => ({ token, outcome: 'done' as const }))
    const { settled } = await bus.receive({ agent: 'reader', consumer: 'heir', max: 0, settle })
    expect(settled).not.toContain(false)
    await systemClock.sleep(20)
  }
  // The two that nobody had taken come at once, the five of the dead consumer after the claim idle time.
  expect(seen).toEqual(['m10', 'm11', 'm5', 'm6', 'm7', 'm8', 'm9'])
  expect(await bus.depth('reader')).toBe(0)
  await bus.close()
})

test('a library that the server has lost is loaded again', async () => {
  const bus = await connect()
  await bus.publish([message('before')])
  await bus.redis.call('FUNCTION', ['FLUSH'])
  expect(await bus.publish([message('after')])).toMatchObject([{ kind: 'published' }])
  await bus.close()
})

test('two releases of the library stand side by side and share what they know', async () => {
  const team = newTeam()
  const [old, next] = await Promise.all([
    connect({ team }),
    connect({
      team,
      library: createLibrary({
        dedupeWindowMs: 300_000,
        lua: `${(await import('../../../src/protocol/redis/library.lua.ts')).luaSource}\n-- next`,
      }),
    }),
  ])
  await old.publish([message('shared')])
  expect(await next.publish([message('shared')])).toMatchObject([{ kind: 'duplicate' }])
  await Promise.all([old.close(), next.close()])
})

test('a repeated id is known across the change of buckets, and forgotten after two windows', async () => {
  const library = createLibrary({ dedupeWindowMs: 300 })
  const bus = await connect({ library })
  const kinds: string[] = []
  const published = performance.now()
  await bus.publish([message('rotating')])
  // One window is promised; a slow machine may only make the pause longer, so look well inside it.
  while (performance.now() - published < 250) {
    kinds.push((await bus.publish([message('rotating')]))[0]?.kind ?? '')
    await systemClock.sleep(50)
  }
  expect(kinds.length).toBeGreaterThan(0)
  expect(new Set(kinds)).toEqual(new Set(['duplicate']))
  await systemClock.sleep(650)
  expect(await bus.publish([message('rotating')])).toMatchObject([{ kind: 'published' }])
  await bus.close()
})

test('settling works when memory is full, publishing is refused and loses nothing', async () => {
  const bus = await connect()
  await bus.publish([message('held')])
  const { deliveries } = await bus.receive({ agent: 'reader', consumer: 'one', max: 10 })
  await bus.redis.config('SET', 'maxmemory', '1mb')
  try {
    await expect(bus.publish([message('refused')])).rejects.toMatchObject({ code: 'HIVE_PROTOCOL_REDIS' })
    const settle = deliveries.map(({ token }) => ({ token, outcome: 'done' as const }))
    const { settled } = await bus.receive({ agent: 'reader', consumer: 'one', max: 10, settle })
    expect(settled).toEqual([true])
  } finally {
    await bus.redis.config('SET', 'maxmemory', '0')
  }
  expect(await bus.publish([message('refused')])).toMatchObject([{ kind: 'published' }])
  await bus.close()
})

test('settling half of a large batch out of order settles exactly that half', async () => {
  const bus = await connect()
  await bus.publish(Array.from({ length: 400 }, (_, index) => message(`m${index}`)))
  const { deliveries } = await bus.receive({ agent: 'reader', consumer: 'one', max: 400 })
  const odd = deliveries.filter((_delivery, index) => index % 2 === 1).toReversed()
  const settle = [...odd, ...odd.slice(0, 3)].map(({ token }) => ({ token, outcome: 'done' as const }))
  const { settled } = await bus.receive({ agent: 'reader', consumer: 'one', max: 0, settle })
  expect(settled.filter(Boolean).length).toBe(200)
  expect(settled.slice(200)).toEqual([false, false, false])
  const own = await bus.receive({ agent: 'reader', consumer: 'one', max: 500, ownFrom: '-' })
  expect(ids(own.deliveries)).toEqual(ids(deliveries.filter((_delivery, index) => index % 2 === 0)))
  await bus.close()
})

test('a reply stops near a mebibyte and the rest follows', async () => {
  const bus = await connect()
  const event = (id: string): string => JSON.stringify({ id, data: 'x'.repeat(200_000) })
  await bus.publish(Array.from({ length: 120 }, (_, index) => message(`m${index}`, { event: event(`m${index}`) })))
  const first = await bus.receive({ agent: 'reader', consumer: 'one', max: 500 })
  expect(first.deliveries.length).toBeLessThanOrEqual(50)
  const seen = [...ids(first.deliveries)]
  for (;;) {
    const { deliveries } = await bus.receive({ agent: 'reader', consumer: 'one', max: 500 })
    if (deliveries.length === 0) break
    seen.push(...ids(deliveries))
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `m${index}`))
  await bus.close()
})

test('twenty connections that load and publish at once lose and repeat nothing', async () => {
  const team = newTeam()
  const flusher = await connect({ team })
  await flusher.redis.call('FUNCTION', ['FLUSH'])
  await flusher.close()
  const buses = await Promise.all(Array.from({ length: 20 }, () => connect({ team })))
  await Promise.all(
    buses.map(async (bus, sender) => {
      // Everyone also repeats what its neighbour sends.
      const mine = [sender, (sender + 1) % 20].flatMap((who) =>
        Array.from({ length: 25 }, (_, index) =>
          message(`m${index}`, { source: `agent-${who}`, event: JSON.stringify({ id: `${who}:${index}` }) }),
        ),
      )
      for (const part of mine) await bus.publish([part])
    }),
  )
  const seen: string[] = []
  for (;;) {
    const { deliveries } = await (buses[0] as RedisBus).receive({ agent: 'reader', consumer: 'one', max: 500 })
    if (deliveries.length === 0) break
    seen.push(...ids(deliveries))
  }
  expect(seen.length).toBe(500)
  expect(new Set(seen).size).toBe(500)
  await Promise.all(buses.map((bus) => bus.close()))
})

test('many inboxes read in one tick: one that is broken fails alone, the others lose nothing', async () => {
  const team = newTeam()
  const bus = await connect({ team })
  const agents = Array.from({ length: 120 }, (_, index) => `agent-${index}`)
  await bus.publish(agents.map((agent) => message(agent, { recipients: [agent] })))
  await bus.redis.set(teamKeys(team).inbox('agent-7'), 'no stream')
  const results = await Promise.allSettled(agents.map((agent) => bus.receive({ agent, consumer: 'one', max: 10 })))
  const failed = results.flatMap((result, index) => (result.status === 'rejected' ? [agents[index]] : []))
  expect(failed).toEqual(['agent-7'])
  const heard = results.flatMap((result) => (result.status === 'fulfilled' ? ids(result.value.deliveries) : []))
  expect(heard).toEqual(agents.filter((agent) => agent !== 'agent-7'))
  await bus.close()
})

test('settling in an inbox that is gone is refused, and the inbox works again', async () => {
  const team = newTeam()
  const bus = await connect({ team })
  await bus.publish([message('before')])
  const { deliveries } = await bus.receive({ agent: 'reader', consumer: 'one', max: 10 })
  await bus.redis.del(teamKeys(team).inbox('reader'))
  await bus.publish([message('after')])
  const settle = deliveries.map(({ token }) => ({ token, outcome: 'done' as const }))
  const next = await bus.receive({ agent: 'reader', consumer: 'one', max: 10, settle })
  expect([next.settled, ids(next.deliveries)]).toEqual([[false], ['after']])
  await bus.close()
})
