import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { readRows } from './rows.ts'
import { sizeOfTable } from './table-size.ts'

function open(sql: string): DatabaseSync {
  const database = new DatabaseSync(':memory:', { readBigInts: true, returnArrays: true })
  database.exec(sql)
  return database
}

function rowids(database: DatabaseSync): readonly unknown[] {
  const largestRecord = sizeOfTable(database, 't')?.largestRecord ?? Number.NaN
  const options = { largestRecord, table: 't', columns: ['a'], withoutRowid: false, primaryKey: [], encoding: 'UTF-8' }
  return Array.from(readRows(database, options), (row) => [...row])
}

const extremes = [-9_223_372_036_854_775_808n, -1n, 0n, 9_223_372_036_854_775_807n]

test.each([0, 1, 199, 200, 201, 399, 400, 401, 1_000])('%i rows come once each, in the order of rowids', (count) => {
  const database = open(`CREATE TABLE t(a);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${count})
    INSERT INTO t(rowid, a) SELECT i * 3, 'text ' || i FROM n WHERE ${count} > 0`)
  expect(rowids(database)).toStrictEqual(
    Array.from({ length: count }, (_, index) => [BigInt(index + 1) * 3n, `text ${index + 1}`]),
  )
})

test.each([
  '',
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) INSERT INTO t SELECT i FROM n;',
])('the least and the greatest rowid are read, and large records too', (more) => {
  const database = open(`CREATE TABLE t(a); ${more}`)
  database.exec('DELETE FROM t WHERE rowid IN (-1, 0)')
  for (const rowid of extremes) database.prepare('INSERT INTO t(rowid, a) VALUES (?, ?)').run(rowid, 'x')
  const small = rowids(database)
  database.prepare('UPDATE t SET a = zeroblob(100000) WHERE rowid = 0').run()
  const large = rowids(database)
  expect(small.slice(0, 3)).toStrictEqual(extremes.slice(0, 3).map((rowid) => [rowid, 'x']))
  expect(small.at(-1)).toStrictEqual([extremes[3], 'x'])
  expect(large.length).toBe(small.length)
  expect(large.slice(3)).toStrictEqual(small.slice(3))
})

test('rows and the largest record are known for ordinary tables only', () => {
  const database =
    open(`CREATE TABLE t(a); CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID; CREATE TABLE v(a, b AS (a + 1));
    INSERT INTO t VALUES (1), (zeroblob(100000)), (2); INSERT INTO w VALUES (1); INSERT INTO v VALUES (1)`)
  expect(sizeOfTable(database, 't')).toStrictEqual({ rows: 3, largestRecord: 100_004 })
  for (const table of ['w', 'v', 'none']) expect(sizeOfTable(database, table)).toBeUndefined()
})
