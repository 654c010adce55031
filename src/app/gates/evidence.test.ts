import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRedactor, fault, sha256 } from '../../core/index.ts'
import { evidenceBundleSchema, evidenceSchema } from '../../evidence/index.ts'
import { bundleOf, faultOutcome, skippedEvidence, writeEvidence } from './evidence.ts'
import type { RunFacts } from './evidence.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-evidence-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const commit = 'a'.repeat(40)
const run: RunFacts = { checkout: { commit, testedTree: 'b'.repeat(40) }, event: 'local', configHash: 'c'.repeat(64) }
const times = { gate: 'migration', startedAt: new Date('2026-11-22T09:15:00Z'), durationMs: 12.4 }
const options = () => ({ run, times, folder, redact: createRedactor() })

test('writeEvidence() writes a document of the schema, with the SHA-256 of each file', async () => {
  await writeFile(join(folder, 'plan.json'), '{}')
  const judgement = { verdict: 'pass' as const, summary: '1 database', measures: [], findings: [] }
  const files = [{ name: 'plan', file: 'plan.json', mediaType: 'application/json' }]
  const evidence = await writeEvidence({ judgement, files, environment: { node: 'v24' } }, options())
  expect(evidence.artifacts).toEqual([
    { name: 'plan', path: 'migration/plan.json', mediaType: 'application/json', sha256: sha256('{}') },
  ])
  expect(evidence).toMatchObject({ commit, startedAt: '2026-11-22T09:15:00.000Z', durationMs: 12 })
  expect(evidenceSchema.parse(JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')))).toEqual(evidence)
})

test('faultOutcome() says error, never pass, and keeps secrets out of the evidence', async () => {
  const outcome = faultOutcome(fault('HIVE_GIT', { problem: 'postgresql://u:secret@h' }))
  const evidence = await writeEvidence(outcome, options())
  expect(evidence).toMatchObject({ verdict: 'error', findings: [{ code: 'HIVE_GIT', severity: 'error' }] })
  expect(JSON.stringify(evidence)).not.toContain('secret')
})

test('writeEvidence() says how many findings it cut', async () => {
  const findings = Array.from({ length: 700 }, () => ({
    code: 'TEST_FAILED',
    severity: 'error' as const,
    message: 'x'.repeat(5_000),
  }))
  const outcome = {
    judgement: { verdict: 'fail' as const, summary: 'x'.repeat(600), measures: [], findings },
    files: [],
    environment: {},
  }
  const evidence = await writeEvidence(outcome, options())
  expect(evidence.findings).toHaveLength(501)
  expect(evidence.findings.at(-1)?.message).toBe('200 more findings were left out of this document')
})

test('bundleOf() binds results to a commit, and makes none without one', () => {
  const skipped = skippedEvidence(run, 'protocol', { reason: 'no Redis yet', startedAt: times.startedAt })
  const bundle = bundleOf([skipped], { run, runId: 'local', repository: 'example/hive' })
  expect(evidenceBundleSchema.parse(bundle)).toMatchObject({
    headSha: commit,
    results: [{ verdict: 'skipped', summary: 'no Redis yet' }],
  })
  const unversioned = { ...run, checkout: { testedTree: 'unversioned' } }
  expect(bundleOf([], { run: unversioned, runId: 'local', repository: 'x/y' })).toBeUndefined()
})
