import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRedis } from '../../../src/environment/index.ts'
import { processIdsNaming, until } from './processes.ts'

let temp = ''
let env: Record<string, string | undefined> = {}
beforeEach(async () => {
  temp = await mkdtemp('/var/tmp/hive-redis-test-')
  env = { ...process.env, TMPDIR: temp, HIVE_REDIS_URL: undefined }
})
afterEach(() => rm(temp, { recursive: true, force: true }))

async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => {})
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}

test('startRedis() starts ten servers at once that share nothing, and leaves nothing of them', async () => {
  const servers = await Promise.all(Array.from({ length: 10 }, () => startRedis({ env })))
  await Promise.all(servers.map(({ url }, index) => withClient(url, (client) => client.set('k', index))))
  const values = await Promise.all(servers.map(({ url }) => withClient(url, (client) => client.get('k'))))
  expect(values).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  await Promise.all(servers.map((server) => server.close()))
  expect(await readdir(temp)).toEqual([])
  expect(await processIdsNaming(temp)).toEqual([])
})

test('a private server appends to a file, evicts nothing, listens on loopback and asks for its password', async () => {
  await using server = await startRedis({ env, settings: { appendfsync: 'always' } })
  expect(Number.parseInt(server.version, 10)).toBeGreaterThanOrEqual(7)
  const settings = await withClient(server.url, async (client) => {
    const found = await client.config('GET', 'append*', 'maxmemory-policy', 'bind', 'save')
    return Object.fromEntries(found.flatMap((value, at, all) => (at % 2 === 0 ? [[value, all[at + 1]]] : [])))
  })
  expect(settings).toMatchObject({
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    bind: '127.0.0.1',
    save: '',
  })
  const stranger = new URL(server.url)
  stranger.password = ''
  await expect(withClient(stranger.href, (client) => client.get('k'))).rejects.toThrow(/NOAUTH/)
  const commandLines = await processIdsNaming(temp, new URL(server.url).password)
  expect(commandLines).toEqual([])
})

test('a setting that Redis refuses is told with its own words and leaves nothing', async () => {
  await expect(startRedis({ env, settings: { 'no-such-setting': 'x' } })).rejects.toMatchObject({
    code: 'HIVE_REDIS_START',
    exitCode: 2,
  })
  expect(await readdir(temp)).toEqual([])
})

test('a killed server is HIVE_REDIS_STOPPED, and closing it still removes its folder', async () => {
  const server = await startRedis({ env })
  for (const pid of await processIdsNaming(temp, 'redis.conf')) process.kill(pid, 'SIGKILL')
  await until(() => server.whyStopped() !== undefined)
  expect(server.whyStopped()).toMatchObject({ code: 'HIVE_REDIS_STOPPED' })
  await server.close()
  expect(await readdir(temp)).toEqual([])
})

test('HIVE_REDIS_URL is used as it is; an unreachable one is named without its password', async () => {
  await using owner = await startRedis({ env })
  const given = await startRedis({ env: { ...env, HIVE_REDIS_URL: owner.url } })
  expect(given).toMatchObject({ origin: 'given', version: owner.version })
  await given.close()
  expect(await withClient(owner.url, (client) => client.ping())).toBe('PONG')

  const silent = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const url = `redis://:hunter2secret@127.0.0.1:${port}`
  const error: unknown = await startRedis({ env: { ...env, HIVE_REDIS_URL: url } }).catch((reason: unknown) => reason)
  silent.close()
  expect(error).toMatchObject({ code: 'HIVE_REDIS_UNREACHABLE', exitCode: 2 })
  expect(String(error)).not.toContain('hunter2secret')
})
