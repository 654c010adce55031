import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBench, type Bench } from '../support.ts'
import { fixture, openApplication, type Application } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

async function openFixture(name: string): Promise<Application> {
  return openApplication(bench, {
    sqlite: await fixture(`${name}.sqlite.sql`),
    postgres: await fixture(`${name}.postgres.sql`),
  })
}

/** Copies with decisions, expects every row to arrive, and has it proved. */
async function fill(app: Application, decisions: string, ...words: readonly string[]): Promise<string> {
  const file = join(app.folder, 'decisions.yml')
  await writeFile(file, decisions)
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url, '--decisions', file, ...words)
  expect([copied.code, copied.stderr.includes('HIVE_') ? copied.stderr : '']).toEqual([0, ''])
  const verified = await app.hive('db', 'verify', app.path, '--to', app.url)
  expect([verified.code, verified.stderr.includes('HIVE_') ? verified.stderr : verified.stdout]).toEqual([
    0,
    expect.stringMatching(/^proved/),
  ])
  return copied.stdout
}

test('Alembic: naive times need a zone, a cycle of foreign keys is filled, the identity goes on', async () => {
  const app = await openFixture('alembic')
  const undecided = await app.hive('db', 'copy', app.path, '--to', app.url)
  expect([undecided.code, undecided.stdout + undecided.stderr]).toEqual([
    3,
    expect.stringContaining('decide     timeZone'),
  ])
  expect(await app.query('SELECT count(*)::int FROM team')).toEqual([[0]])
  await fill(app, 'timeZone: Europe/Berlin')
  expect(
    await app.query("SELECT joined AT TIME ZONE 'UTC' = '2026-07-02 01:04:05', token::text FROM member WHERE id = 2"),
  ).toEqual([[true, '00000000-0000-0000-0000-000000000005']])
  expect(await app.query('SELECT lead_id FROM team')).toEqual([[1]])
  expect(await app.query('SELECT version_num FROM alembic_version')).toEqual([['4c5d6e7f8a9b']])
  expect(
    await app.query(`INSERT INTO ticket (state, title, cost, data, ratio, done, created)
      VALUES ('open', 't', 1, '{}', 1, true, now()) RETURNING id`),
  ).toEqual([['3']])
  await app.close()
})

test('Django: seeds of the migrations are refused, then replaced; deferred keys and jsonb are proved', async () => {
  const app = await openFixture('django')
  const file = join(app.folder, 'decisions.yml')
  await writeFile(file, 'timeZone: UTC')
  const refused = await app.hive('db', 'copy', app.path, '--to', app.url, '--decisions', file)
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.stderr).toContain('HIVE_EXISTING_ROWS')
  const printed = await fill(app, 'timeZone: UTC', '--existing-rows', 'replace')
  expect(printed).toContain('left out   ledger django_migrations')
  expect(await app.query("SELECT price::text, tags, opens::text FROM shop_product WHERE name = 'Lamp'")).toEqual([
    ['12.50', { n: 1.5, colour: ['red'] }, '09:30:00'],
  ])
  expect(await app.query('SELECT parent_id FROM shop_category ORDER BY id')).toEqual([[null], ['1']])
  expect(await app.query("INSERT INTO shop_category (name) VALUES ('new') RETURNING id")).toEqual([['3']])
  const again = await app.hive('db', 'copy', app.path, '--to', app.url, '--decisions', file)
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('HIVE_EXISTING_ROWS')])
  await app.close()
})

test('Prisma: milliseconds need a unit, enums and implicit relations are filled', async () => {
  const app = await openFixture('prisma')
  const undecided = await app.hive('db', 'copy', app.path, '--to', app.url, '--json')
  expect(undecided.code).toBe(3)
  const { pending } = JSON.parse(undecided.stdout) as { pending: readonly { key: string }[] }
  expect(pending.map(({ key }) => key)).toEqual(['User.createdAt', 'User.updatedAt'])
  await fill(
    app,
    `columns:
  User.createdAt: {type: timestamp, conversion: epoch-ms}
  User.updatedAt: {type: timestamp, conversion: epoch-ms}`,
  )
  expect(await app.query(`SELECT "createdAt"::text, role::text FROM "User" WHERE id = 'cm5a1'`)).toEqual([
    ['2026-01-02 03:04:05.123', 'ADMIN'],
  ])
  expect(await app.query('SELECT id FROM _prisma_migrations')).toEqual([['1']])
  expect(await app.query(`INSERT INTO "Tag" (name) VALUES ('new') RETURNING id`)).toEqual([[3]])
  await app.close()
})

test('Rails: a reference to a later row is filled, and what a trigger changed is found', async () => {
  const app = await openFixture('rails')
  await fill(app, '')
  expect(await app.query('SELECT parent_id FROM comments ORDER BY id')).toEqual([['3'], [null], [null]])
  expect(await app.query('SELECT version FROM schema_migrations')).toEqual([['20260101000000']])
  expect(
    await app.query("INSERT INTO articles (title, created_at, updated_at) VALUES ('x', now(), now()) RETURNING id"),
  ).toEqual([['6']])
  await app.close()

  const touched = await openFixture('rails')
  await touched.query('CREATE TRIGGER touch BEFORE INSERT ON articles FOR EACH ROW EXECUTE FUNCTION touch()')
  const copied = await touched.hive('db', 'copy', touched.path, '--to', touched.url)
  expect([copied.code, copied.stdout]).toEqual([
    0,
    expect.stringContaining('left out   target-trigger articles.touch: it fires'),
  ])
  const verified = await touched.hive('db', 'verify', touched.path, '--to', touched.url)
  expect(verified.code).toBe(1)
  expect(verified.stdout).toContain('differs    public.articles: 2 differences')
  expect(verified.stdout).toMatch(/1 {2}updated_at: /)
  await touched.close()
})
