import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBench, type Bench } from '../support.ts'
import { openApplication } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

interface Refused {
  readonly name: string
  readonly postgres: string
  readonly grants?: (role: string) => string
  readonly decisions?: string
  readonly code: number
  readonly says: string
}

const refused: readonly Refused[] = [
  {
    name: 'a schema that lacks a table',
    postgres: 'CREATE TABLE b (id int PRIMARY KEY)',
    code: 3,
    says: 'decide     a: 2 rows have no table to go to in schema public',
  },
  {
    name: 'a table that lacks a column',
    postgres: 'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)',
    code: 3,
    says: 'decide     a.extra: 1 value has no column to go to in a',
  },
  {
    name: 'a table with a NOT NULL column that nothing fills',
    postgres:
      'CREATE TABLE a (id int PRIMARY KEY, extra text, must text NOT NULL); CREATE TABLE b (id int PRIMARY KEY)',
    code: 2,
    says: 'a.must is NOT NULL without a default',
  },
  {
    name: 'a cycle of keys that cannot wait',
    postgres: 'CREATE TABLE a (id int PRIMARY KEY REFERENCES a, extra text); CREATE TABLE b (id int PRIMARY KEY)',
    code: 2,
    says: 'neither deferrable nor nullable',
  },
  {
    name: 'tables without the right to insert',
    postgres: 'CREATE TABLE a (id int PRIMARY KEY, extra text); CREATE TABLE b (id int PRIMARY KEY)',
    grants: (role) => `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    code: 2,
    says: 'the role lacks INSERT on public.a (and on 1 more tables)',
  },
  {
    name: 'a table under row-level security',
    postgres: `CREATE TABLE a (id int PRIMARY KEY, extra text); CREATE TABLE b (id int PRIMARY KEY);
      ALTER TABLE b ENABLE ROW LEVEL SECURITY`,
    code: 2,
    says: 'row-level security of public.b applies',
  },
  {
    name: 'a column whose type a decision is against',
    postgres: 'CREATE TABLE a (id int PRIMARY KEY, extra int); CREATE TABLE b (id int PRIMARY KEY)',
    decisions: 'columns: {a.extra: text}',
    code: 2,
    says: "the target's type integer is never altered",
  },
  {
    name: 'a table whose sequence is too short',
    postgres: `CREATE SEQUENCE short AS smallint; CREATE TABLE a (id int PRIMARY KEY DEFAULT nextval('short'), extra text);
      CREATE TABLE b (id int PRIMARY KEY)`,
    code: 2,
    says: 'the sequence short ends at 32767, and 40000 was given out',
  },
]

test.each(refused)('nothing is written into $name', async ({ postgres, grants, decisions, code, says }) => {
  const app = await openApplication(bench, {
    sqlite: `CREATE TABLE a (id INTEGER PRIMARY KEY, extra TEXT); INSERT INTO a VALUES (1, NULL), (40000, 'x');
      CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (1)`,
    postgres,
    ...(grants === undefined ? {} : { grants }),
  })
  const words = decisions === undefined ? [] : ['--decisions', join(app.folder, 'd.yml')]
  if (decisions !== undefined) await writeFile(join(app.folder, 'd.yml'), decisions)
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url, '--into-existing', ...words)
  expect([copied.code, copied.stdout + copied.stderr]).toEqual([code, expect.stringContaining(says)])
  expect(await app.query('SELECT count(*)::int FROM b')).toEqual([[0]])
  expect(await app.query("SELECT nspname FROM pg_namespace WHERE nspname = 'hive'")).toEqual([])
  await app.close()
})
