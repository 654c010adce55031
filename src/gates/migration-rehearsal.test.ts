import { expect, test } from 'vitest'
import type { Rehearsal } from './migration-rehearsal.ts'
import { judgeMigration, type DatabaseFacts } from './migration.ts'

const none = { orphans: [], quarantined: [], notCarried: [] }
const accepted = {
  kind: 'accepted',
  finishedAt: '2026-01-01T10:00:05.000Z',
  server: 'PostgreSQL 18.0',
  signer: 'ed25519:abc',
  isNamed: true,
} as const

function database(rehearsal: Partial<Rehearsal>, changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    path: 'app.profile.json',
    schema: 'app',
    tables: 2,
    rows: 1_200,
    rowsProved: (rehearsal.proof ?? accepted).kind === 'accepted' ? 1_200 : 0,
    valuesProved: 0,
    differences: 0,
    differing: [],
    quarantined: [],
    orphans: [],
    notCarried: [],
    pendingDecisions: [],
    rehearsal: { rows: 400, samePlan: true, proof: accepted, ...rehearsal },
    ...changes,
  }
}

test('judgeMigration() passes on an accepted proof, and says who made it where', () => {
  const judged = judgeMigration([database({ proof: accepted })], none)
  expect(judged).toMatchObject({
    verdict: 'pass',
    summary: '1 database, 1,200 rows, every value proved (1 database proved elsewhere)',
  })
  expect(judged.findings[0]?.message).toContain(
    '2026-01-01T10:00:05.000Z, signed by ed25519:abc; without the data nobody',
  )
  expect(judged.findings[0]?.hint).toBeUndefined()
})

test('judgeMigration() asks for the signer to be named where any may sign', () => {
  const judged = judgeMigration([database({ proof: { ...accepted, isNamed: false } })], none)
  expect(judged.verdict).toBe('pass')
  expect(judged.findings[0]?.hint).toContain('name signer: ed25519:abc')
})

test('judgeMigration() is undecided without a proof, and fails on a refused one', () => {
  const refused = { kind: 'refused', code: 'HIVE_PROOF_TOOL', message: 'another version', hint: 'again' } as const
  expect(judgeMigration([database({ proof: { kind: 'missing' } })], none).verdict).toBe('undecided')
  const judged = judgeMigration([database({ proof: refused })], none)
  expect(judged).toMatchObject({
    verdict: 'fail',
    summary: '1 database, 1,200 rows, 1,200 rows not proved (1 proof refused)',
    findings: [{ code: 'HIVE_PROOF_TOOL', severity: 'error', location: { path: 'app.profile.json' } }],
  })
})

test('judgeMigration() never lets a missing proof hide a failure, nor another database', () => {
  const missing = database({ proof: { kind: 'missing' } })
  expect(judgeMigration([missing, database({}, { rowsProved: 1_199 })], none).verdict).toBe('fail')
  expect(judgeMigration([{ ...missing, differences: 1 }], none).verdict).toBe('fail')
  expect(judgeMigration([missing, database({})], none).verdict).toBe('undecided')
})

test('judgeMigration() warns where the made-up rows lead to another plan', () => {
  const judged = judgeMigration([database({ samePlan: false })], none)
  expect(judged.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning MIGRATION_REHEARSAL_DIFFERS',
    'note MIGRATION_PROVED_ELSEWHERE',
  ])
})
