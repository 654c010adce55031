import { DatabaseSync } from 'node:sqlite'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBench, type Bench } from '../support.ts'
import { openApplication } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

/** Declared type in SQLite, the application's type, and values of which some fit. */
const kinds: readonly (readonly [string, string, fc.Arbitrary<bigint | number | string | Uint8Array>])[] = [
  ['INTEGER', 'smallint', fc.integer({ min: -40_000, max: 40_000 }).map(BigInt)],
  ['INTEGER', 'boolean', fc.integer({ min: 0, max: 2 }).map(BigInt)],
  ['REAL', 'real', fc.oneof(fc.float({ noNaN: true }), fc.double({ noNaN: true }))],
  ['REAL', 'numeric(6,2)', fc.integer({ min: -2_000_000, max: 2_000_000 }).map((value) => value / 100)],
  [
    'NUMERIC',
    'numeric',
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt({ min: 0n, max: 1n << 60n })),
  ],
  ['TEXT', 'varchar(3)', fc.string({ unit: 'binary', maxLength: 5 }).filter((value) => value.isWellFormed())],
  ['TEXT', 'char(3)', fc.constantFrom('a', 'abc', 'ab ', 'abcd', 'äöü', '', '😀😀😀')],
  ['TEXT', 'mood', fc.constantFrom('happy', 'sad', 'none')],
  [
    'TEXT',
    'jsonb',
    fc.oneof(fc.json(), fc.constantFrom('"\\u0000"', '{"a":1,"a":2}', '1e400', '[-0.0, 1E2, 0.10]', '{', '"\\ud800"')),
  ],
  ['TEXT', 'json', fc.oneof(fc.json(), fc.constantFrom('"\\u0000"', '{', ' [1 ] '))],
  ['TEXT', 'uuid', fc.uuid().map((value) => value.replaceAll('-', ''))],
  [
    'TEXT',
    'timestamp(3)',
    fc.constantFrom('2026-01-01 00:00:00', '2026-01-01 00:00:00.123', '0001-01-01 00:00:00.1234', 'now'),
  ],
  [
    'TEXT',
    'timestamptz',
    fc.constantFrom('2026-03-29 02:30:00', '2026-10-25 02:30:00', '1850-01-01 00:00:00', '2026-07-01T12:00:00Z'),
  ],
  ['TEXT', 'date', fc.constantFrom('2026-02-29', '2024-02-29', '0000-00-00', '9999-12-31')],
  ['BLOB', 'bytea', fc.uint8Array({ maxLength: 5 })],
  ['TEXT', 'inet', fc.constantFrom('::1')],
]

test(`whatever is stored is proved in its column or kept in quarantine (seed ${seed})`, async () => {
  const columns = kinds.map(([declared], index) => `c${index} ${declared}`).join(', ')
  const targets = kinds.map(([, type], index) => `c${index} ${type}`).join(', ')
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE v (id INTEGER PRIMARY KEY, ${columns})`,
    postgres: `CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE TABLE v (id int PRIMARY KEY, ${targets})`,
  })
  const perKind = process.env['HIVE_TEST_PROFILE'] === 'full' ? 2_000 : 60
  const database = new DatabaseSync(app.path)
  let id = 0
  for (const [index, [, , values]] of kinds.entries()) {
    const insert = database.prepare(`INSERT INTO v (id, c${index}) VALUES (?, ?)`)
    for (const value of fc.sample(values, { seed, numRuns: perKind })) insert.run((id += 1), value)
  }
  database.close()
  const decisions = join(app.folder, 'd.yml')
  await writeFile(decisions, 'timeZone: Europe/Berlin')
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url, '--decisions', decisions, '--json')
  expect([copied.code, copied.stderr.includes('HIVE_') ? copied.stderr : '']).toEqual([1, ''])
  const verified = await app.hive('db', 'verify', app.path, '--to', app.url, '--json')
  expect(verified.code).toBe(1)
  const document = JSON.parse(verified.stdout) as {
    readonly sources: readonly [{ readonly tables: readonly [Record<string, unknown>] }]
  }
  const [table] = document.sources[0].tables
  expect(table['differing']).toEqual([])
  expect(Number(table['rowsTarget']) + Number(table['rowsQuarantined'])).toBe(id)
  // Each kind has values that fit, and what fits was not refused: but for inet, which takes none.
  const fits = await app.query(`SELECT ${kinds.map((_, index) => `count(c${index})::int`).join(', ')} FROM v`)
  expect((fits[0] ?? []).map((count) => Number(count) > 0)).toEqual(kinds.map(([, type]) => type !== 'inet'))
  await app.close()
})

test('several sources fill a schema each', async () => {
  const shop = 'CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO item VALUES (1, '
  const app = await openApplication(bench, {
    sqlite: `${shop}'a')`,
    postgres: 'CREATE SCHEMA other; CREATE SCHEMA app',
  })
  const other = join(app.folder, 'other.db')
  const database = new DatabaseSync(other)
  database.exec(`${shop}'b')`)
  database.close()
  for (const schema of ['app', 'other'])
    await app.query(`CREATE TABLE ${schema}.item (id serial PRIMARY KEY, name text)`)
  const copied = await app.hive('db', 'copy', app.path, other, '--to', app.ownerUrl)
  expect([copied.code, copied.stdout]).toEqual([0, expect.stringContaining('→ other: 1 table, 1 row')])
  expect(await app.query('SELECT name FROM app.item UNION ALL SELECT name FROM other.item')).toEqual([['a'], ['b']])
  const verified = await app.hive('db', 'verify', app.path, other, '--to', app.ownerUrl)
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('proved     2 of 2 rows')])
  await app.close()
})
