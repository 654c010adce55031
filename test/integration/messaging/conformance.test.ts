import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConformanceReport, requirements, runConformance } from '../../../src/conformance/index.ts'
import { systemClock, systemIds } from '../../../src/core/index.ts'
import { type RedisServer, startRedis } from '../../../src/environment/index.ts'
import { connectRedisBus, createLibrary } from '../../../src/protocol/index.ts'
import { luaSource } from '../../../src/protocol/redis/library.lua.ts'
import { mutants } from './mutants.ts'

/** Never a given server: its settings are changed here, and it is stopped. */
const startPrivateRedis = (): Promise<RedisServer> => startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })

let server: RedisServer
beforeAll(async () => {
  server = await startPrivateRedis()
})
afterAll(() => server.close())

function run(options: Partial<Parameters<typeof runConformance>[0]> = {}): Promise<ConformanceReport> {
  return runConformance({
    redisUrl: server.url,
    signal: new AbortController().signal,
    progress: () => {},
    clock: systemClock,
    ids: systemIds,
    ...options,
  })
}

const only = (id: string) => requirements.filter((requirement) => requirement.id === id)

test('runConformance() passes every requirement and leaves no key behind', async () => {
  const { results, durability, redisVersion } = await run()
  expect(results.filter(({ status }) => status !== 'pass')).toEqual([])
  expect(results.length).toBeGreaterThanOrEqual(10)
  expect(redisVersion).toBe(server.version)
  expect(durability).toMatch(/^memory: /)
  const bus = await connectRedisBus({ redisUrl: server.url, team: 'look' })
  const keys = await bus.redis.keys('*')
  await bus.close()
  expect(keys).toEqual([])
})

test.each(mutants)('$id fails where $broken', async ({ id, edits }) => {
  let lua = luaSource
  for (const [from, to] of edits) {
    expect(lua, 'the mutant no longer applies').toContain(from)
    lua = lua.replaceAll(from, () => to)
  }
  const { results } = await run({ requirements: only(id), library: createLibrary({ lua }) })
  expect(results.map(({ status }) => status)).toEqual(['fail'])
})

test.each([
  ['HMP-015', 'maxmemory-policy', 'allkeys-lru', 'noeviction'],
  ['HMP-016', 'appendonly', 'no', 'yes'],
])('%s fails on a server whose %s is %s', async (id, name, bad, good) => {
  const { redis, close } = await connectRedisBus({ redisUrl: server.url, team: 'setting' })
  await redis.config('SET', name, bad)
  try {
    const { results } = await run({ requirements: only(id) })
    expect(results.map(({ status }) => status)).toEqual(['fail'])
    expect(results[0]?.detail).toContain(`${name} `)
  } finally {
    await redis.config('SET', name, good)
    await close()
  }
})

test('every requirement has a mutant that it kills', () => {
  const killed = new Set([...mutants.map(({ id }) => id), 'HMP-015', 'HMP-016'])
  expect(requirements.filter(({ id }) => !killed.has(id)).map(({ id }) => id)).toEqual([])
})

test('a server that goes away makes errors of what is left, never passes', async () => {
  const own = await startPrivateRedis()
  const killer = await connectRedisBus({ redisUrl: own.url, team: 'killer' })
  const report = await run({
    redisUrl: own.url,
    progress: ({ done }) => {
      if (done === 4) void killer.redis.call('SHUTDOWN', ['NOSAVE']).catch(() => {})
    },
  })
  const statuses = report.results.map(({ status }) => status)
  expect(statuses.slice(0, 4)).toEqual(['pass', 'pass', 'pass', 'pass'])
  // The one that ran while the server went down may have come through; from then on nothing can.
  expect(new Set(statuses.slice(6))).toEqual(new Set(['error']))
  await killer.close()
  await own.close()
})

test('a server that is not there is a fault', async () => {
  await expect(run({ redisUrl: 'redis://127.0.0.1:1' })).rejects.toMatchObject({ code: 'HIVE_PROTOCOL_REDIS' })
})
