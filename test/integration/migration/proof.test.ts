import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VerifyDocument } from '../../../src/migration/index.ts'
import { buildDatabase, migrate, openBench, type Bench } from './support.ts'

const isFull = process.env['HIVE_TEST_PROFILE'] === 'full'
const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

let bench: Bench
beforeAll(async () => {
  console.info(`seed ${seed}`)
  bench = await openBench()
})
afterAll(() => bench.close())

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => value.isWellFormed()),
  fc.constantFrom('', ' ', 'a', 'a ', '0', '1.0', '\0', '\u{1F600}', '\uFFFD', '2026-01-01 00:00:00'),
)
const storedValue = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  fc.double({ noNaN: true }),
  text,
  fc.uint8Array({ maxLength: 12 }),
)
const declaredType = fc.constantFrom(
  '',
  'INTEGER',
  'TEXT',
  'REAL',
  'BLOB',
  'NUMERIC',
  'DATETIME',
  'BOOLEAN',
  'JSON',
  'VARCHAR(5)',
)

test('random values of every storage class come back, and the proof says so', async () => {
  let number = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(declaredType, { minLength: 1, maxLength: 5 }),
      fc.array(fc.array(storedValue, { minLength: 5, maxLength: 5 }), { maxLength: 12 }),
      fc.constantFrom('none', 'rowid', 'first'),
      async (types, rows, key) => {
        number += 1
        const schema = `random_${number}`
        const path = buildDatabase(join(bench.folder, `${schema}.db`), (database) => {
          const columns = types.map((type, index) => `c${index} ${type}`)
          if (key === 'rowid') columns.unshift('id INTEGER PRIMARY KEY')
          if (key === 'first') columns.push('PRIMARY KEY (c0)')
          database.exec(`CREATE TABLE t (${columns.join(', ')})`)
          const names = types.map((_, index) => `c${index}`).join(', ')
          const insert = database.prepare(
            `INSERT OR IGNORE INTO t (${names}) VALUES (${types.map(() => '?').join(', ')})`,
          )
          for (const row of rows) {
            // An INTEGER PRIMARY KEY takes integers only.
            const [first] = row
            if (key === 'first' && types[0] === 'INTEGER' && first !== null && typeof first !== 'bigint') continue
            insert.run(...row.slice(0, types.length))
          }
        })
        const run = await migrate(bench, path, { schema })
        const [table] = run.verify.sources[0]?.tables ?? []
        await bench.query(`DROP SCHEMA ${schema} CASCADE`)
        expect(table).toMatchObject({ differences: 0, rowsQuarantined: 0, rowsTarget: table?.rowsSource })
        expect(run.verify.verdict).toBe('pass')
      },
    ),
    { seed, numRuns: isFull ? 400 : 25, endOnFailure: false },
  )
}, 300_000)

const rowsInTable = 60

/** A table with a key, one without, and a text key; values of every type that a plan can have. */
const faultySource = `
  CREATE TABLE keyed (id INTEGER PRIMARY KEY AUTOINCREMENT, r REAL, n INTEGER, s TEXT, b BLOB, f BOOLEAN, at TIMESTAMP, d DECIMAL(10, 2), m);
  CREATE TABLE loose (r REAL, s TEXT, b BLOB, at TIMESTAMP, n INTEGER);
  CREATE TABLE named (k TEXT PRIMARY KEY, n INTEGER, s TEXT NOT NULL, keyed_id INTEGER REFERENCES keyed (id)) WITHOUT ROWID;
  WITH RECURSIVE i(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM i WHERE x < ${rowsInTable - 1})
    INSERT INTO keyed (id, r, n, s, b, f, at, d, m) SELECT x - 5, x / 7.0, x * 1000000007, 'text ' || x, randomblob(8), x % 2,
      datetime(1700000000 + x, 'unixepoch'), x + 0.25, CASE x % 3 WHEN 0 THEN x WHEN 1 THEN 'm' || x ELSE x + 0.5 END FROM i;
  INSERT INTO loose SELECT r, s, b, at, n FROM keyed;
  INSERT INTO named SELECT s, n, 'v' || id, id FROM keyed;`

interface Fault {
  readonly name: string
  readonly sql: readonly string[]
  readonly table: string
  /** Column that must be named, where the fault is in one. */
  readonly column?: string
}

/** `at` is `WHERE` for one row of the table. */
function faultsFor(schema: string, random: (below: number) => number): readonly Fault[] {
  const table = (name: string): string => `${schema}.${name}`
  const where = {
    keyed: `id = ${random(rowsInTable) - 5}`,
    loose: `s = 'text ${random(rowsInTable)}'`,
    named: `k = 'text ${random(rowsInTable)}'`,
  }
  const set = (name: keyof typeof where, column: string, value: string): Fault => ({
    name: `${name}.${column} = ${value}`,
    sql: [`UPDATE ${table(name)} SET ${column} = ${value} WHERE ${where[name]}`],
    table: name,
    column,
  })
  const id = random(rowsInTable - 1) - 5
  return [
    // One unit in the last place: float8send gives the bits, and the next number is one more.
    set(
      'keyed',
      'r',
      `(SELECT ('x' || encode(float8send(r), 'hex'))::bit(64)::bigint)::text::float8 * 0 + CASE WHEN r = 0 THEN 5e-324 ELSE r * (1 + 2.220446049250313e-16) END`,
    ),
    set('loose', 'r', 'CASE WHEN r = 0 THEN 5e-324 ELSE r * (1 + 2.220446049250313e-16) END'),
    set('keyed', 's', `s || ' '`),
    set('loose', 's', `s || ' '`),
    set('named', 's', `''`),
    set('keyed', 's', 'NULL'),
    set('keyed', 'n', 'n # 1'),
    set('loose', 'n', 'n # (1::bigint << 40)'),
    set('keyed', 'b', 'set_bit(b, 5, 1 - get_bit(b, 5))'),
    set('loose', 'b', 'NULL'),
    set('keyed', 'f', 'NOT f'),
    set('keyed', 'at', `at + interval '1 hour'`),
    set('loose', 'at', `at + interval '1 microsecond'`),
    set('keyed', 'd', 'd + 0.00000001'),
    set('keyed', 'm', `m || '.0'`),
    set('keyed', 'id', 'id + 1000'),
    set('keyed', 'id', 'id - 1000'),
    ...(['keyed', 'loose', 'named'] as const).flatMap((name): Fault[] => [
      {
        name: `${name}: row dropped`,
        sql: [`DELETE FROM ${table(name)} WHERE ${where[name]}`],
        table: name,
      },
    ]),
    {
      name: 'loose: duplicate',
      sql: [`INSERT INTO ${table('loose')} SELECT * FROM ${table('loose')} WHERE ${where.loose}`],
      table: 'loose',
    },
    {
      name: 'keyed: row beyond the largest key',
      sql: [`INSERT INTO ${table('keyed')} (id, s) VALUES (5000, 'new')`],
      table: 'keyed',
    },
    {
      name: 'keyed: row before the smallest key',
      sql: [`INSERT INTO ${table('keyed')} (id, s) VALUES (-5000, 'new')`],
      table: 'keyed',
    },
    { name: 'named: surplus row', sql: [`INSERT INTO ${table('named')} VALUES ('zzz', 1, 'x')`], table: 'named' },
    {
      name: 'keyed: two rows swapped',
      sql: [
        `UPDATE ${table('keyed')} a SET s = b.s FROM ${table('keyed')} b WHERE (a.id, b.id) IN ((${id}, ${id + 1}), (${id + 1}, ${id}))`,
      ],
      table: 'keyed',
      column: 's',
    },
    {
      name: 'sequence set back',
      sql: [`SELECT setval('${schema}.keyed_id_seq', 3, true)`],
      table: 'keyed',
      column: 'id',
    },
    {
      name: 'key dropped',
      sql: [`ALTER TABLE ${table('named')} DROP CONSTRAINT named_fkey`],
      table: 'named',
      column: 'named_fkey',
    },
    {
      name: 'not null dropped',
      sql: [`ALTER TABLE ${table('named')} ALTER s DROP NOT NULL`],
      table: 'named',
      column: 's',
    },
    { name: 'column dropped', sql: [`ALTER TABLE ${table('keyed')} DROP m`], table: 'keyed', column: 'm' },
    { name: 'type narrowed', sql: [`ALTER TABLE ${table('keyed')} ALTER r TYPE real`], table: 'keyed', column: 'r' },
    { name: 'table dropped', sql: [`DROP TABLE ${table('loose')}`], table: 'loose' },
  ]
}

test('every seeded fault is found and named, and a clean copy raises none', async () => {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
  const path = buildDatabase(join(bench.folder, 'faults.db'), faultySource)
  const clean = await migrate(bench, path, { schema: 'clean' })
  expect(clean.verify.verdict).toBe('pass')
  await bench.query('DROP SCHEMA clean CASCADE')
  const rounds = isFull ? 30 : 1
  for (let round = 0; round < rounds; round += 1) {
    const count = faultsFor('x', () => 0).length
    for (let index = 0; index < count; index += 1) {
      const schema = `fault_${round}_${index}`
      const fault = faultsFor(schema, random)[index]
      if (fault === undefined) continue
      const run = await migrate(bench, path, {
        schema,
        beforeVerify: async () => {
          // Foreign keys would refuse some faults; a superuser is the worst that can happen to a copy.
          await bench.query('SET session_replication_role = replica')
          for (const sql of fault.sql) await bench.query(sql)
        },
      })
      await bench.query(`DROP SCHEMA ${schema} CASCADE`)
      expect(foundIn(run.verify, fault), `${fault.name}, seed ${seed}`).toBe(true)
      expect(run.verify.verdict).toBe('fail')
    }
  }
}, 900_000)

function foundIn(verify: VerifyDocument, fault: Fault): boolean {
  const table = verify.sources[0]?.tables.find(({ name }) => name === fault.table)
  if (table === undefined || table.differences === 0) return false
  const moved = table.differing.some(({ column }) => column === '*')
  return fault.column === undefined || moved || table.differing.some(({ column }) => column === fault.column)
}
