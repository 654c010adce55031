import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runMigration } from '../../../src/migration/index.ts'
import { buildDatabase, migrate, openBench, type Bench } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

test('a table with more columns than PostgreSQL takes', async () => {
  const names = Array.from({ length: 1_700 }, (_, index) => `c${index}`)
  const path = buildDatabase(
    join(bench.folder, 'wide.db'),
    `CREATE TABLE t (${names.join(', ')}); INSERT INTO t (c0) VALUES (1)`,
  )
  await expect(migrate(bench, path, { schema: 'wide' })).rejects.toMatchObject({
    code: 'HIVE_TABLE_TOO_WIDE',
    exitCode: 2,
  })
  const skipped = await migrate(bench, path, { schema: 'wide', decisions: { tables: { t: 'skip' } } })
  expect(skipped.sources[0]?.notCarried.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['table t'])
})

test('a field over 256 MB', async () => {
  const path = buildDatabase(
    join(bench.folder, 'huge.db'),
    'CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB); INSERT INTO t VALUES (7, zeroblob(268435457))',
  )
  await expect(migrate(bench, path, { schema: 'huge' })).rejects.toMatchObject({
    code: 'HIVE_SOURCE_FIELD_TOO_LARGE',
    data: { table: 't', column: 'a', key: '7', bytes: 268_435_457 },
  })
})

test('a collation that only the application knows', async () => {
  const path = buildDatabase(join(bench.folder, 'collation.db'), (database) => {
    database.exec(`CREATE TABLE t (a TEXT COLLATE BINARY UNIQUE); INSERT INTO t VALUES ('x'); PRAGMA writable_schema = on;
      UPDATE sqlite_schema SET sql = replace(sql, 'BINARY', 'german') WHERE name = 't'`)
  })
  await expect(migrate(bench, path, { schema: 'collation' })).rejects.toMatchObject({ exitCode: 2 })
})

test('a role without rights leaves nothing and is told so', async () => {
  const path = buildDatabase(join(bench.folder, 'rights.db'), 'CREATE TABLE t (a TEXT)')
  await bench.query(`CREATE ROLE weak LOGIN PASSWORD 'weak-password'`)
  const url = new URL(bench.url)
  url.username = 'weak'
  url.password = 'weak-password'
  await expect(migrate({ ...bench, url: url.href }, path, { schema: 'rights' })).rejects.toMatchObject({
    code: 'HIVE_TARGET_RIGHTS',
    exitCode: 2,
  })
})

test('a session that is ended during the copy', async () => {
  const path = buildDatabase(
    join(bench.folder, 'lost.db'),
    `CREATE TABLE t (a TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
     INSERT INTO t SELECT 'row number ' || i FROM n`,
  )
  const killer = new Client({ connectionString: bench.url })
  await killer.connect()
  let killed: Promise<unknown> | undefined
  try {
    const run = runMigration({
      sources: [{ path, schema: 'lost' }],
      target: bench.url,
      decisions: {},
      workFolder: join(bench.folder, 'lost-work'),
      signal: new AbortController().signal,
      progress: ({ step, done }) => {
        if (step !== 'copy t' || done === undefined || killed !== undefined) return
        killed = killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%'`,
        )
      },
    })
    await expect(run).rejects.toMatchObject({ code: 'HIVE_TARGET_LOST', exitCode: 2 })
  } finally {
    await killed
    await killer.end()
  }
  expect(await bench.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'lost'`)).toEqual([])
})

test('rows by the thousand are quarantined, kept whole, and the children of a quarantined parent stay', async () => {
  const path = buildDatabase(
    join(bench.folder, 'refused.db'),
    `CREATE TABLE p (id INTEGER PRIMARY KEY, n INTEGER, b BLOB); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id));
     WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 3000)
       INSERT INTO p SELECT x, CASE WHEN x % 2 THEN x ELSE 'odd ' || x END, randomblob(3) FROM i;
     INSERT INTO c SELECT id, id FROM p`,
  )
  const run = await migrate(bench, path, { schema: 'refused', decisions: { columns: { 'p.n': 'quarantine' } } })
  expect(run.copy.sources[0]?.tables.find(({ name }) => name === 'p')).toMatchObject({
    rowsRead: 3_000,
    rowsWritten: 1_500,
    rowsQuarantined: 1_500,
  })
  const [c, p] = run.verify.sources[0]?.tables ?? []
  expect([c?.differences, p?.differences, p?.rowsQuarantined, run.sources[0]?.rowsProved]).toEqual([0, 0, 1_500, 4_500])
  const lost = await migrate(bench, path, {
    schema: 'refused_again',
    decisions: { columns: { 'p.n': 'quarantine' } },
    beforeVerify: async () => {
      await bench.query(`DELETE FROM hive.quarantine WHERE row_key = '2'`)
    },
  })
  const found = lost.verify.sources[0]?.tables.find(({ name }) => name === 'p')
  expect(found).toMatchObject({ differences: 1, differing: [{ key: '2', target: 'absent' }] })
})
