import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { PageFile } from '../pages/page-file.ts'
import { coverTable } from '../pages/coverage.ts'
import { randomFrom, randomShape, writeRandomDatabase } from './random-database.fixture.ts'
import { observeBy, type Observed } from './observe-rows.ts'
import { openSnapshot } from './open.ts'
import { readSchema } from './schema.ts'
import { SnapshotReader } from './table-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'hive-observe-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const isFull = process.env['HIVE_TEST_PROFILE'] === 'full'
const firstSeed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

interface Both {
  readonly table: string
  readonly pages: Observed
  readonly values: Observed
}

/** Every table that the page reader covers, observed by both readers. */
async function observeBoth(path: string): Promise<readonly Both[]> {
  const database = openSnapshot(path)
  const reader = new SnapshotReader(path)
  const pages = new PageFile(path, 'app.db')
  const both: Both[] = []
  for (const table of readSchema(database).tables) {
    const coverage = coverTable(reader.facts(table.name), table)
    if (coverage.kind === 'sqlite') continue
    const signal = new AbortController().signal
    const observation = { database, reader, pages, encoding: 'UTF-8', table, signal, progress: () => {} } as const
    both.push({
      table: table.name,
      pages: await observeBy(coverage, observation),
      values: await observeBy({ kind: 'sqlite', reason: 'to compare' }, observation),
    })
  }
  pages.close()
  reader.close()
  database.close()
  return both
}

test('random databases give the same evidence by pages and by values', async () => {
  let rows = 0
  for (let seed = firstSeed; seed < firstSeed + (isFull ? 1_000 : 60); seed += 1) {
    const random = randomFrom(seed)
    const path = join(folder, `${seed}.db`)
    writeRandomDatabase(path, { random, shape: randomShape(random) })
    for (const { table, pages, values } of await observeBoth(path)) {
      expect(pages, `seed ${seed}, table ${table}`).toStrictEqual(values)
      rows += pages.rows
    }
    rmSync(path)
  }
  expect(rows).toBeGreaterThan(1_000)
})

const looks = [
  '2024-02-29 12:34:56',
  '2024-02-29T12:34:56',
  '2023-02-29 12:34:56',
  '2024-02-29 24:00:00',
  '2024-02-29 1:34:56.0',
  '2024-02-29 12:34:56.5',
  '2024-02-29 12:34:56.500000',
  '2024-02-29 12:34:56.000000',
  '2024-02-29 12:34:56.0Z',
  '2024-02-29 12:34:56Z',
  '2024-02-29T12:34:56+02:00',
  '2024-02-29 12:34:56.1234567',
  '0000-01-01 00:00:00',
  '2024-02-29',
  '2024-02-30',
  '12:34:56',
  '',
  'é',
  '{"é":1}',
  '{"a":[1,2,{}]}',
  '{"a":}',
  '[1,]',
  '[]',
  '{',
  '[note]',
  '550e8400-e29b-41d4-a716-446655440000',
  '550E8400-E29B-41D4-A716-44665544000X',
  'a-b-c-d-e-f-g-h-i',
  '"text"',
  '7',
]
const odd = [
  "X'FF'",
  "CAST(X'FF41' AS TEXT)",
  "'a' || char(0) || 'b'",
  'char(65533)',
  'NULL',
  '0',
  '1',
  '2',
  '-1',
  '5.0',
  '-0.0',
]
const edges = ['9007199254740992', '9007199254740993', '9223372036854775807', '-9223372036854775808', '9e999', '1.5']

/** Ten of each, so that both the first rows, which are named, and those after them, which are counted, are met. */
test.each(['TEXT', 'TIMESTAMP', 'JSON', 'BOOLEAN', 'DATE', 'TIME', 'UUID', 'REAL', 'INTEGER', 'NUMERIC', 'BLOB', ''])(
  'values of every look in a column declared %s give the same evidence',
  async (declared) => {
    const path = join(folder, `looks-${declared}.db`)
    const database = new DatabaseSync(path)
    database.exec(`PRAGMA journal_mode = OFF; CREATE TABLE t(a ${declared}, b ${declared}, k TEXT PRIMARY KEY); BEGIN`)
    const values = [...looks.map((look) => `'${look}'`), ...odd, ...edges]
    for (let round = 0; round < 10; round += 1) {
      for (const value of values) database.exec(`INSERT INTO t VALUES (${value}, '2024-02-29 12:34:5${round}', NULL)`)
    }
    database.exec('COMMIT')
    database.close()
    const [both] = await observeBoth(path)
    expect(both?.pages).toStrictEqual(both?.values)
    expect(both?.pages.rows).toBe(values.length * 10)
    expect(both?.pages.nullKeys.count).toBe(values.length * 10)
  },
)
