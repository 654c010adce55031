import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copySnapshotsIntoExisting, inspectSnapshots, takeSnapshots } from '../../../../src/migration/index.ts'
import { openBench, type Bench } from '../support.ts'
import { openApplication } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const readAndInsert = (role: string): string => `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${role};
  GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}`

test('with --state the target stays free of a schema hive, for a role that may only read and insert', async () => {
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, size INTEGER);
      INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 70000), (3, 'three', NULL), (4, CAST(x'ff' AS TEXT), 4)`,
    postgres: 'CREATE TABLE item (id serial PRIMARY KEY, name varchar(10), size smallint)',
    grants: readAndInsert,
  })
  const denied = await app.hive('db', 'copy', app.path, '--to', app.url)
  expect(denied).toMatchObject({ code: 2 })
  expect(denied.stderr).toMatch(/HIVE_EXISTING_RIGHTS.*schema hive[\s\S]*--state DIR/)
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url, '--state', 'state')
  expect([copied.code, copied.stdout]).toEqual([1, expect.stringContaining('in state/hive-quarantine.jsonl')])
  const lines = (await readFile(join(app.folder, 'state/hive-quarantine.jsonl'), 'utf8')).trim().split('\n')
  const refused = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ code }) => code !== null)
  expect(refused.map((entry) => [entry['row_key'], entry['column_name'], entry['value']])).toEqual([
    ['2', 'size', Buffer.from('70000').toString('base64')],
    ['4', 'name', Buffer.from([0xff]).toString('base64')],
  ])
  expect(await app.query("SELECT nspname FROM pg_namespace WHERE nspname = 'hive'")).toEqual([])
  const verified = await app.hive('db', 'verify', app.path, '--to', app.url, '--state', 'state')
  expect([verified.code, verified.stdout]).toEqual([1, expect.stringContaining('proved     2 of 4 rows')])
  expect(verified.stdout).not.toContain('differ')
  await app.query("UPDATE item SET name = 'one ' WHERE id = 1")
  const changed = await app.hive('db', 'verify', app.path, '--to', app.url, '--state', 'state')
  expect(changed.stdout).toContain('1  name: one → one ')
  const again = await app.hive('db', 'copy', app.path, '--to', app.url, '--state', 'state')
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('HIVE_EXISTING_ROWS')])
  const broken = await app.hive('db', 'verify', app.path, '--to', app.url, '--state', 'nothing')
  expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('HIVE_EXISTING_STATE')])
  await writeFile(join(app.folder, 'state/hive-copy.json'), '{"plan": 1}')
  const foreign = await app.hive('db', 'verify', app.path, '--to', app.url, '--state', 'state')
  expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('hive-copy.json: plan is not understood')])
  await app.close()
})

test('rows whose parents are refused are refused too, all the way down a cycle', async () => {
  const links = 'parent_id int REFERENCES node (id)'
  for (const [kind, key] of [
    ['deferrable', `${links} DEFERRABLE INITIALLY DEFERRED`],
    ['nullable', links],
  ] as const) {
    const app = await openApplication(bench, {
      sqlite: `CREATE TABLE node (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES node (id), name TEXT);
        INSERT INTO node VALUES (1, 2, 'child of a refused one'), (2, 5, 'much too long'), (3, 1, 'grandchild'),
          (4, 6, 'stays'), (5, NULL, 'root'), (6, 4, 'stays too'), (7, 77, 'orphan'), (8, 7, 'below it')`,
      postgres: `CREATE TABLE node (id int PRIMARY KEY, ${key}, name varchar(9));
        CREATE TABLE other (id int)`,
    })
    await app.query('ALTER TABLE node ALTER name TYPE varchar(30)')
    await app.query("ALTER TABLE node ADD CHECK (name <> 'much too long')")
    const copied = await app.hive('db', 'copy', app.path, '--to', app.url)
    expect([kind, copied.code, copied.stderr.includes('HIVE') ? copied.stderr : '']).toEqual([kind, 1, ''])
    expect(await app.query('SELECT id, parent_id FROM node ORDER BY id')).toEqual([
      [4, 6],
      [5, null],
      [6, 4],
    ])
    expect(
      await app.query('SELECT row_key, column_name, code FROM hive.quarantine WHERE code IS NOT NULL ORDER BY 1'),
    ).toEqual([
      ['1', 'parent_id', 'HIVE_ORPHAN'],
      ['2', 'name', 'HIVE_VALUE_MISFIT'],
      ['3', 'parent_id', 'HIVE_ORPHAN'],
      ['7', 'parent_id', 'HIVE_ORPHAN'],
      ['8', 'parent_id', 'HIVE_ORPHAN'],
    ])
    expect(await app.query('SELECT count(*)::int FROM hive.quarantine')).toEqual([[15]])
    const verified = await app.hive('db', 'verify', app.path, '--to', app.url)
    expect([verified.code, verified.stdout]).toEqual([1, expect.stringContaining('proved     3 of 8 rows')])
    expect(verified.stdout).not.toContain('differ')
    await app.close()
  }
})

test('among thousands of rows exactly those are refused that break a rule of the server', async () => {
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE reading (id INTEGER PRIMARY KEY, device TEXT, value INTEGER);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000)
        INSERT INTO reading SELECT i, 'd' || CASE WHEN i % 1000 = 0 THEN i - 1 ELSE i END, i % 3500 - 1 FROM n`,
    postgres: `CREATE TABLE reading (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, device text UNIQUE, value int CHECK (value >= 0));
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 4321 THEN RETURN NULL; END IF; RETURN NEW; END $$;
      CREATE TRIGGER swallow BEFORE INSERT ON reading FOR EACH ROW EXECUTE FUNCTION swallow()`,
  })
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url)
  expect(copied.code).toBe(1)
  // 3500 and 7000 have the value −1; the thousands repeat the device of the row before, which stays.
  expect(
    await app.query('SELECT DISTINCT row_key::int FROM hive.quarantine WHERE code IS NOT NULL ORDER BY 1'),
  ).toEqual([[1000], [2000], [3000], [3500], [4000], [4321], [5000], [6000], [7000]])
  expect(await app.query('SELECT count(*)::int FROM reading')).toEqual([[6991]])
  const verified = await app.hive('db', 'verify', app.path, '--to', app.url)
  expect([verified.code, verified.stdout]).toEqual([1, expect.stringContaining('proved     6,991 of 7,000 rows')])
  await app.close()
})

test('a server that goes away in the middle leaves nothing behind', async () => {
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE item (id INTEGER PRIMARY KEY); INSERT INTO item VALUES (1), (2), (3);
      CREATE TABLE zone (id INTEGER PRIMARY KEY); INSERT INTO zone VALUES (1)`,
    postgres: `CREATE TABLE item (id int PRIMARY KEY); CREATE TABLE zone (id int PRIMARY KEY);
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
      CREATE TRIGGER die BEFORE INSERT ON zone FOR EACH ROW EXECUTE FUNCTION die()`,
  })
  const lost = await app.hive('db', 'copy', app.path, '--to', app.url, '--state', 'state')
  expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining('HIVE_TARGET_LOST')])
  expect(await app.query('SELECT count(*)::int FROM item')).toEqual([[0]])
  expect(await readdir(join(app.folder, 'state'))).toEqual([])
  await app.query('DROP TRIGGER die ON zone')
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url, '--state', 'state')
  expect(copied.code).toBe(0)
  await app.close()
})

test('an interrupt in the middle of a table leaves nothing behind', async () => {
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE item (id INTEGER PRIMARY KEY);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO item SELECT i FROM n`,
    postgres: 'CREATE TABLE item (id int PRIMARY KEY)',
  })
  const controller = new AbortController()
  const steps: string[] = []
  const work = {
    signal: controller.signal,
    progress: ({ step, done }: { readonly step: string; readonly done?: number }): void => {
      if (done === undefined) steps.push(step)
      if (step === 'copy item' && (done ?? 0) >= 4_000) controller.abort(new Error('interrupted'))
    },
  }
  const sources = [{ path: app.path }]
  const snapshots = await takeSnapshots(sources, { ...work, workFolder: join(app.folder, 'work') })
  const inventories = await inspectSnapshots(snapshots, work)
  const state = join(app.folder, 'state')
  const copy = { ...work, target: app.url, sources, snapshots, inventories, decisions: {}, state }
  await expect(copySnapshotsIntoExisting({ ...copy, existingRows: 'refuse' })).rejects.toThrow('interrupted')
  expect(steps.at(-1)).toBe('copy item')
  expect(await app.query('SELECT count(*)::int FROM item')).toEqual([[0]])
  expect(await readdir(state)).toEqual([])
  await app.close()
})

test('decisions leave out what has no place, and make orphans and misfits NULL', async () => {
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE Person (personId INTEGER PRIMARY KEY, fullName TEXT, bossId INTEGER, legacy TEXT, size INTEGER);
      INSERT INTO Person VALUES (1, 'a', NULL, 'x', 1), (2, 'b', 1, NULL, 99999), (3, 'c', 50, NULL, 3);
      CREATE TABLE cache (k TEXT); INSERT INTO cache VALUES ('x')`,
    postgres: `CREATE TABLE person (person_id int PRIMARY KEY, full_name text, boss_id int REFERENCES person, size smallint)`,
  })
  const decisions = join(app.folder, 'd.yml')
  await writeFile(
    decisions,
    `columns: {Person.legacy: "null", Person.size: "null"}
foreignKeys: {"Person.bossId": "null"}
tables: {cache: skip}`,
  )
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url, '--into-existing', '--decisions', decisions)
  expect([copied.code, copied.stdout]).toEqual([0, expect.stringContaining('left out   column Person.legacy')])
  expect(copied.stdout).toContain('left out   table cache: skipped by decision, 1 row')
  expect(await app.query('SELECT * FROM person ORDER BY 1')).toEqual([
    [1, 'a', null, 1],
    [2, 'b', 1, null],
    [3, 'c', null, 3],
  ])
  const verified = await app.hive('db', 'verify', app.path, '--to', app.url)
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('proved     3 of 3 rows')])
  await app.close()
})
