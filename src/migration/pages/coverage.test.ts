import { expect, test } from 'vitest'
import type { PlanTable } from '../documents.ts'
import { coverTable, hasRealAffinity, type TableFacts } from './coverage.ts'

const column = (name: string, declared: string, more: { isVirtual?: boolean; hasDefault?: boolean } = {}) => ({
  name,
  declared,
  isVirtual: false,
  hasDefault: false,
  ...more,
})

const facts: TableFacts = {
  encoding: 'UTF-8',
  rootPage: 2,
  withoutRowid: false,
  hasRowidName: true,
  rowidAlias: 'id',
  columns: [
    column('id', 'INTEGER'),
    column('sum', 'INTEGER', { isVirtual: true }),
    column('price', 'REAL'),
    column('state', 'TEXT', { hasDefault: true }),
  ],
}

function planOf(names: readonly string[], more: Partial<PlanTable> = {}): PlanTable {
  const columns = names.map(
    (name) => ({ name, declared: '', target: name, type: 'text', conversion: 'mixed-text', reason: '' }) as const,
  )
  return { name: 't', target: 't', key: [], columns, ...more }
}

test('an ordinary table is read by pages; what is computed takes no place in a record', () => {
  expect(coverTable(facts, planOf(['state', 'id', 'price']))).toEqual({
    kind: 'pages',
    rootPage: 2,
    storedColumns: 3,
    places: [
      { stored: 2, isReal: false, hasDefault: true },
      { isReal: false, hasDefault: false },
      { stored: 1, isReal: true, hasDefault: false },
    ],
  })
})

const orphans = [{ columns: ['id'], parent: 'p', parentColumns: ['id'], action: 'null' as const }]

test.each([
  ['text in UTF-16', { ...facts, encoding: 'UTF-16le' }, planOf(['id'])],
  ['WITHOUT ROWID', { ...facts, withoutRowid: true }, planOf(['id'])],
  ['no root page', { ...facts, rootPage: 0 }, planOf(['id'])],
  ['no name for the rowid', { ...facts, hasRowidName: false }, planOf(['id'])],
  ['a virtual column', facts, planOf(['id', 'sum'])],
  ['a column that is not there', facts, planOf(['gone'])],
  ['decided orphans', facts, planOf(['id'], { orphans })],
])('%s is left to SQLite, with the reason', (_, given, table) => {
  const coverage = coverTable(given, table)
  expect(coverage.kind).toBe('sqlite')
  expect(coverage.kind === 'sqlite' ? coverage.reason : '').not.toBe('')
})

test.each([
  ['REAL', true],
  ['double precision', true],
  ['FLOAT', true],
  ['FLOATING POINT', false],
  ['REAL TEXT', false],
  ['BLOB REAL', false],
  ['NUMERIC', false],
  ['', false],
])('a column of %s has real affinity: %s', (declared, isReal) => {
  expect(hasRealAffinity(declared)).toBe(isReal)
})
