import { expect, test } from 'vitest'
import { readCreateStatement, readIndexPredicate, tokenize } from './create-statement.ts'

test('checks, collations, generated columns and deferred keys are found, comments and strings are not', () => {
  const statement = readCreateStatement(`CREATE TABLE "a,b" ( -- CHECK (comment)
    [check] TEXT DEFAULT 'CHECK (1)' COLLATE nocase CHECK ([check] <> ')'),
    n INTEGER CONSTRAINT positive CHECK (n > (0)) REFERENCES p DEFERRABLE INITIALLY DEFERRED,
    g INT GENERATED ALWAYS AS (n * 2) /* AS (x) */ STORED,
    m INT REFERENCES q NOT DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (n, m) REFERENCES r (x, y) ON DELETE CASCADE,
    CHECK (n < m), PRIMARY KEY (n))`)
  expect(statement.checks).toEqual([
    { expression: "[check] <> ')'" },
    { name: 'positive', expression: 'n > (0)' },
    { expression: 'n < m' },
  ])
  expect([...statement.collations]).toEqual([['check', 'NOCASE']])
  expect([...statement.generated]).toEqual([['g', 'n * 2']])
  expect(statement.deferred).toEqual([true, false, false])
})

test('a predicate is what follows the outermost WHERE', () => {
  expect(readIndexPredicate(`CREATE INDEX "WHERE" ON t (a, (b || 'WHERE x')) WHERE a IS NOT NULL`)).toBe(
    'a IS NOT NULL',
  )
  expect(readIndexPredicate('CREATE INDEX i ON t (a)')).toBeUndefined()
})

test('broken SQL is cut into something, and never hangs', () => {
  for (const sql of ["'open", '"open', '/* open', 'a'.repeat(100_000), '('.repeat(10_000), '--']) {
    expect(tokenize(sql).length).toBeLessThanOrEqual(10_000)
    expect(readCreateStatement(sql).checks).toEqual([])
  }
})
