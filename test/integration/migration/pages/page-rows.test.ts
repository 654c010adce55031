import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { SnapshotReader } from '../../../../src/migration/sqlite/table-reader.ts'
import { firstDifference, randomPlan, readByPages, readBySqlite } from './both-readers.ts'
import {
  randomFrom,
  randomShape,
  writeRandomDatabase,
} from '../../../../src/migration/sqlite/random-database.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'hive-pages-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const isFull = process.env['HIVE_TEST_PROFILE'] === 'full'
const firstSeed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

function tablesOf(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true, returnArrays: true })
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 't %'").all()
  database.close()
  return (rows as unknown as readonly [string][]).map(([name]) => name)
}

test('random databases give byte for byte what SQLite gives', () => {
  const seen = { pages: 0, sqlite: 0, rows: 0 }
  for (let seed = firstSeed; seed < firstSeed + (isFull ? 1_000 : 60); seed += 1) {
    const random = randomFrom(seed)
    const path = join(folder, `${seed}.db`)
    writeRandomDatabase(path, { random, shape: randomShape(random) })
    const reader = new SnapshotReader(path)
    for (const name of tablesOf(path)) {
      const table = randomPlan(reader, { name, random })
      const pages = readByPages(path, table)
      expect(firstDifference(pages.rows, readBySqlite(reader, table)), `seed ${seed}, table ${name}`).toBeUndefined()
      seen[pages.note === undefined ? 'pages' : 'sqlite'] += 1
      seen.rows += pages.viaPages
    }
    reader.close()
    rmSync(path)
  }
  expect(seen.pages).toBeGreaterThan(seen.sqlite)
  expect(seen.sqlite).toBeGreaterThan(0)
  expect(seen.rows).toBeGreaterThan(1_000)
}, 300_000)

test.each([512, 4_096])('a tree of several levels in pages of %i bytes is read in order', (pageSize) => {
  const path = join(folder, `deep-${pageSize}.db`)
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE "t 0"(id INTEGER PRIMARY KEY, a TEXT, b REAL);
    INSERT INTO "t 0" SELECT value * 3 - 60000, printf('%0100d', value), value / 2.0 FROM
      (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 40000) SELECT value FROM n);`)
  database.close()
  const reader = new SnapshotReader(path)
  const column = (name: string, declared: string, type: string) =>
    ({ name, declared, target: name, type, conversion: 'identity', reason: '' }) as const
  const table = {
    name: 't 0',
    target: 't',
    key: ['id'],
    columns: [column('id', 'INTEGER', 'bigint'), column('a', 'TEXT', 'text'), column('b', 'REAL', 'double precision')],
  }
  const pages = readByPages(path, table)
  expect(pages.viaPages).toBe(40_000)
  expect(firstDifference(pages.rows, readBySqlite(reader, table))).toBeUndefined()
  reader.close()
})
