import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../src/environment/index.ts'
import {
  applyMigrations,
  type MessageRow,
  migrations,
  openBatchWriter,
  openClient,
  openOutbox,
  type OutboxRow,
} from '../../../src/store/index.ts'

let server: PostgresServer
let url: string
beforeAll(async () => {
  server = await startPostgres({ env: process.env })
  url = (await server.createDatabase('store')).url
  await withClient(url, async (client) => void (await applyMigrations(client)))
})
afterAll(() => server.close())

async function withClient<T>(
  to: string,
  work: (client: Awaited<ReturnType<typeof openClient>>) => Promise<T>,
): Promise<T> {
  const client = await openClient(to)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const row = (id: string, change: Partial<MessageRow> = {}): MessageRow => ({
  source: 'alice',
  id,
  type: 'hive.request',
  recipient: 'bob',
  hash: `hash-${id}`,
  event: JSON.stringify({ id }),
  ...change,
})

test('applyMigrations() run by twenty at once applies each migration once', async () => {
  const database = await server.createDatabase('twenty')
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => withClient(database.url, (client) => applyMigrations(client))),
  )
  expect(outcomes.flatMap(({ applied }) => applied)).toEqual(migrations.map(({ name }) => name))
  expect(new Set(outcomes.map(({ version }) => version)).size).toBe(1)
  await database.drop()
})

test('down takes back what up made, and up works again', async () => {
  const database = await server.createDatabase('down')
  await withClient(database.url, async (client) => {
    await applyMigrations(client)
    const tables = async (): Promise<number> =>
      (
        await client.query(
          `SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'hive' AND relkind IN ('r', 'v') AND relname <> 'schema_migrations'`,
        )
      ).rowCount ?? 0
    const before = await tables()
    for (const migration of migrations.toReversed()) await client.query(migration.down)
    expect(await tables()).toBe(0)
    await client.query('DELETE FROM hive.schema_migrations')
    await applyMigrations(client)
    expect(await tables()).toBe(before)
  })
  await database.drop()
})

test('applyMigrations() refuses a database that is ahead, or whose history differs', async () => {
  const database = await server.createDatabase('ahead')
  await withClient(database.url, async (client) => {
    await applyMigrations(client)
    const changed = migrations.map(({ version, name, up, down }) => ({ version, name, up: `${up} -- edited`, down }))
    await expect(applyMigrations(client, changed)).rejects.toMatchObject({ code: 'HIVE_STORE_SCHEMA' })
    await client.query(`INSERT INTO hive.schema_migrations (version, name, sha256) VALUES (999999, 'later', 'x')`)
    await expect(applyMigrations(client)).rejects.toMatchObject({ code: 'HIVE_STORE_SCHEMA' })
  })
  await database.drop()
})

test('a failing migration leaves nothing of itself', async () => {
  const database = await server.createDatabase('failing')
  const broken = [{ version: 1, name: 'broken', up: 'CREATE TABLE hive.half (a int); SELECT 1/0', down: '' }]
  await withClient(database.url, async (client) => {
    await expect(applyMigrations(client, broken)).rejects.toMatchObject({ code: 'HIVE_STORE_SCHEMA' })
    expect((await client.query(`SELECT to_regclass('hive.half') AS half`)).rows).toEqual([{ half: null }])
  })
  await database.drop()
})

test('a batch writer stores each row once and says what a repetition is', async () => {
  const stored: OutboxRow[] = []
  const writer = await openBatchWriter({ url, team: 'once', onStored: (rows) => stored.push(...rows) })
  const first = await Promise.all([writer.write(row('a')), writer.write(row('a')), writer.write(row('b'))])
  const later = await Promise.all([writer.write(row('a')), writer.write(row('b', { hash: 'other' }))])
  await writer.close()
  expect(first.map(({ kind }) => kind)).toEqual(['stored', 'duplicate', 'stored'])
  expect(later).toEqual([{ kind: 'duplicate', seq: stored[0]?.seq }, { kind: 'conflict' }])
  expect(stored.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('rows that PostgreSQL refuses are found by bisecting, and only their senders are told', async () => {
  const stored: OutboxRow[] = []
  const writer = await openBatchWriter({ url, team: 'poison', onStored: (rows) => stored.push(...rows) })
  const poison = new Map([
    [13, row('p13', { event: '{' })],
    [14, row('p14', { event: '"\\u00"' })],
    [77, row('p77', { id: 'x'.repeat(4_000) + Array.from({ length: 4_000 }, (_, n) => n * 7919).join('') })],
  ])
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => writer.write(poison.get(index) ?? row(`m${index}`))),
  )
  await writer.close()
  const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [index] : []))
  expect(refused).toEqual([13, 14, 77])
  for (const index of refused) {
    const outcome = outcomes[index]
    expect(outcome?.status === 'rejected' && outcome.reason).toMatchObject({ code: 'HIVE_MESSAGE_REFUSED' })
  }
  expect(stored.map(({ id }) => id)).toEqual(
    Array.from({ length: 100 }, (_, index) => `m${index}`).filter((_id, index) => !poison.has(index)),
  )
})

test('after a lost connection the next write opens another', async () => {
  const writer = await openBatchWriter({ url, team: 'lost', onStored: () => {} })
  await writer.write(row('before'))
  await withClient(server.url, (client) =>
    client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      new URL(url).pathname.slice(1),
    ]),
  )
  const during = await writer.write(row('during')).then(
    ({ kind }) => kind,
    (error: unknown) => (error as { code: string }).code,
  )
  expect(['stored', 'HIVE_STORE_UNREACHABLE']).toContain(during)
  await expect(writer.write(row('after'))).resolves.toMatchObject({ kind: 'stored' })
  await writer.close()
})

test('two sweepers share the outbox without meeting, and what was not published stays', async () => {
  const team = 'sweep'
  const writer = await openBatchWriter({ url, team, onStored: () => {} })
  await Promise.all(Array.from({ length: 20 }, (_, index) => writer.write(row(`s${index}`))))
  await writer.close()
  const outboxes = await Promise.all([openOutbox({ url, team }), openOutbox({ url, team })])
  const seen: string[] = []
  const take = async (rows: readonly OutboxRow[]): Promise<readonly string[]> => {
    seen.push(...rows.map(({ seq }) => seq))
    await new Promise((resolve) => setTimeout(resolve, 50))
    return rows.slice(0, 5).map(({ seq }) => seq)
  }
  await Promise.all(outboxes.map((outbox) => outbox.sweep(0, take)))
  expect(new Set(seen).size).toBe(seen.length)
  const left = await outboxes[0].sweep(0, (rows) => Promise.resolve(rows.map(({ seq }) => seq)))
  expect(left).toEqual({ found: 15, published: 15 })
  expect(await outboxes[1].sweep(0, () => Promise.resolve([]))).toEqual({ found: 0, published: 0 })
  for (const outbox of outboxes) await outbox.close()
})

test('another run of Redis queues recent messages again, the same run does not', async () => {
  const team = 'runs'
  const outbox = await openOutbox({ url, team })
  expect(await outbox.noteRedisRun('run-1', 60_000)).toBe(0)
  const writer = await openBatchWriter({ url, team, onStored: () => {} })
  await Promise.all(['a', 'b'].map((id) => writer.write(row(id))))
  await writer.close()
  await outbox.sweep(0, (rows) => Promise.resolve(rows.map(({ seq }) => seq)))
  expect(await outbox.noteRedisRun('run-1', 60_000)).toBe(0)
  expect(await outbox.noteRedisRun('run-2', 60_000)).toBe(2)
  expect(await outbox.sweep(0, () => Promise.resolve([]))).toEqual({ found: 2, published: 0 })
  await outbox.close()
})

test('a database that is not there is a fault with its own code', async () => {
  await expect(openClient('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
    code: 'HIVE_STORE_UNREACHABLE',
  })
})
