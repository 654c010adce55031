import { expect, test } from 'vitest'
import type { RunFacts } from '../coordination/facts.ts'
import { parseBundle, receiveEvidence } from './evidence-artifact.ts'

const sha = 'a'.repeat(40)
const run: RunFacts = {
  id: 7,
  attempt: 2,
  event: 'pull_request',
  path: '.github/workflows/hive-gates.yml',
  completed: true,
  headSha: sha,
  headBranch: 'feature',
  repository: 'acme/shop',
  createdAt: '2026-11-23T09:00:00Z',
  startedAt: '2026-11-23T09:00:00Z',
  url: 'https://github.com/acme/shop/actions/runs/7',
}

const result = {
  schemaVersion: 1,
  gate: 'migration',
  verdict: 'pass',
  summary: 'all proved',
  commit: sha,
  testedTree: 'b'.repeat(40),
  event: 'pull_request',
  runAttempt: 2,
  configHash: 'c'.repeat(64),
  startedAt: '2026-11-23T09:00:00Z',
  durationMs: 1,
  environment: {},
  measures: [],
  findings: [],
  artifacts: [],
}
const bundle = { schemaVersion: 1, repository: 'Acme/Shop', headSha: sha, runId: '7', results: [result] }
const read = (document: unknown) =>
  parseBundle(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), run)

test('parseBundle() takes what matches the record of the run', () => {
  expect(read(bundle)).toMatchObject({ kind: 'bundle', bundle: { runId: '7' } })
})

const forgeries: readonly (readonly [string, unknown, string])[] = [
  ['another repository', { ...bundle, repository: 'mallory/shop' }, 'EVIDENCE_MISMATCH'],
  ['another run', { ...bundle, runId: '8' }, 'EVIDENCE_MISMATCH'],
  ['a local run', { ...bundle, runId: 'local' }, 'EVIDENCE_MISMATCH'],
  ['another head', { ...bundle, headSha: 'd'.repeat(40) }, 'EVIDENCE_MISMATCH'],
  ['a result of another commit', { ...bundle, results: [{ ...result, commit: 'd'.repeat(40) }] }, 'EVIDENCE_MISMATCH'],
  ['a result of another event', { ...bundle, results: [{ ...result, event: 'push' }] }, 'EVIDENCE_MISMATCH'],
  ['a result of an earlier attempt', { ...bundle, results: [{ ...result, runAttempt: 1 }] }, 'EVIDENCE_MISMATCH'],
  ['a gate twice', { ...bundle, results: [result, result] }, 'EVIDENCE_GATE_TWICE'],
  ['an unknown field', { ...bundle, admin: true }, 'EVIDENCE_SCHEMA'],
  ['an unknown verdict', { ...bundle, results: [{ ...result, verdict: 'success' }] }, 'EVIDENCE_SCHEMA'],
  ['null for absent', { ...bundle, results: [{ ...result, baseRef: null }] }, 'EVIDENCE_SCHEMA'],
  ['a gate that is a path', { ...bundle, results: [{ ...result, gate: '../x' }] }, 'EVIDENCE_SCHEMA'],
  ['no JSON', '{"a":', 'EVIDENCE_NOT_JSON'],
  ['nothing', '', 'EVIDENCE_NOT_JSON'],
  ['endless nesting', '['.repeat(200_000), 'EVIDENCE_TOO_DEEP'],
  ['brackets in a string', JSON.stringify({ a: '['.repeat(1_000) }), 'EVIDENCE_SCHEMA'],
]

test.each(forgeries)('parseBundle() refuses %s', (_name, document, reason) => {
  expect(read(document)).toMatchObject({ kind: 'refused', reason })
})

test('receiveEvidence() looks at the newest artifact of the name and trusts no announced size', async () => {
  const asked: number[] = []
  const reader = {
    artifacts: async () => [
      { id: 1, sizeBytes: 10, expired: false },
      { id: 5, sizeBytes: 10, expired: false },
    ],
    artifactZip: async (id: number) => {
      asked.push(id)
      return undefined
    },
  }
  expect(await receiveEvidence(reader, run)).toMatchObject({ kind: 'refused', reason: 'EVIDENCE_TOO_LARGE' })
  expect(asked).toEqual([5])
  const expired = { ...reader, artifacts: async () => [{ id: 1, sizeBytes: 10, expired: true }] }
  expect(await receiveEvidence(expired, run)).toMatchObject({ reason: 'EVIDENCE_EXPIRED' })
})
