import { expect, test } from 'vitest'
import { judgeMigration } from './migration.ts'
import type { DatabaseFacts } from './migration.ts'

const none = { orphans: [], quarantined: [], notCarried: [] }

function database(changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    path: 'data/agents.db',
    schema: 'agents',
    tables: 2,
    rows: 1_200,
    rowsProved: 1_200,
    valuesProved: 9_600,
    differences: 0,
    differing: [],
    quarantined: [],
    orphans: [],
    notCarried: [],
    pendingDecisions: [],
    ...changes,
  }
}

test('judgeMigration() passes when every value is proved', () => {
  const judged = judgeMigration([database()], none)
  expect(judged).toMatchObject({ verdict: 'pass', summary: '1 database, 1,200 rows, every value proved', findings: [] })
})

test('judgeMigration() fails on no database at all', () => {
  expect(judgeMigration([], none)).toMatchObject({
    verdict: 'fail',
    summary: 'no database was found, so nothing is proved',
  })
})

test('judgeMigration() names table, key and column of a value that differs', () => {
  const judged = judgeMigration(
    [database({ differences: 30, rowsProved: 1_199, differing: [{ table: 'tasks', key: '17', column: 'title' }] })],
    none,
  )
  expect(judged.verdict).toBe('fail')
  expect(judged.summary).toBe('1 database, 1,200 rows, 30 differences')
  expect(judged.findings[0]?.message).toBe(
    'agents.tasks, key 17, column title: PostgreSQL holds another value than SQLite',
  )
  expect(judged.findings[1]?.message).toContain('29 more differences')
})

test('judgeMigration() fails when a row was not proved, even without a difference', () => {
  const judged = judgeMigration([database({ rowsProved: 1_199 })], none)
  expect(judged).toMatchObject({ verdict: 'fail', summary: '1 database, 1,200 rows, 1 row not proved' })
})

test('judgeMigration() accepts orphans by exact count, and fails on one more', () => {
  const orphans = [{ table: 'tasks', columns: ['agent_id'], count: 12, exampleKeys: ['4'] }]
  const accept = (count: number) => ({ ...none, orphans: [{ table: 'agents.tasks', count, reason: 'deleted agents' }] })
  expect(judgeMigration([database({ orphans })], accept(12))).toMatchObject({
    verdict: 'pass',
    summary: '1 database, 1,200 rows, every value proved; 12 orphans accepted in hive.yml',
  })
  expect(judgeMigration([database({ orphans })], accept(11)).verdict).toBe('fail')
})

test('judgeMigration() fails on an object that was not carried over until it is accepted by name', () => {
  const notCarried = [{ kind: 'view', name: 'busy', reason: 'uses julianday', suggestion: 'rewrite it' }]
  expect(judgeMigration([database({ notCarried })], none).findings[0]?.code).toBe('MIGRATION_NOT_CARRIED')
  const accepted = { ...none, notCarried: [{ object: 'agents.busy', reason: 'rewritten by hand' }] }
  expect(judgeMigration([database({ notCarried })], accepted).verdict).toBe('pass')
})

test('judgeMigration() fails on quarantined rows and on decisions that nobody took', () => {
  const quarantined = [{ table: 'tasks', count: 1 }]
  const pendingDecisions = [{ subject: 'tasks.age', message: "1 × ''", hint: 'decide' }]
  expect(judgeMigration([database({ quarantined })], none).verdict).toBe('fail')
  expect(judgeMigration([database({ pendingDecisions })], none).verdict).toBe('fail')
})

test('judgeMigration() passes with quarantined rows that are accepted by exact count, and proves all others', () => {
  const quarantined = [{ table: 'tasks', count: 2 }]
  const accept = (count: number) => ({ ...none, quarantined: [{ table: 'tasks', count, reason: 'unreadable dates' }] })
  const facts = database({ quarantined, rowsProved: 1_198 })
  expect(judgeMigration([facts], accept(2))).toMatchObject({
    verdict: 'pass',
    summary: '1 database, 1,200 rows, every value proved; 2 quarantined rows accepted in hive.yml',
  })
  expect(judgeMigration([facts], accept(1)).verdict).toBe('fail')
  expect(judgeMigration([database({ quarantined, rowsProved: 1_197 })], accept(2)).verdict).toBe('fail')
})

test('judgeMigration() warns of an acceptance that describes nothing, without failing', () => {
  const judged = judgeMigration([database()], { ...none, notCarried: [{ object: 'ghost', reason: 'old' }] })
  expect(judged.verdict).toBe('pass')
  expect(judged.findings).toMatchObject([{ code: 'MIGRATION_ACCEPTANCE_UNUSED', severity: 'warning' }])
})
