import { expect, test } from 'vitest'
import type { CheckFacts } from '../coordination/facts.ts'
import { compactEvidence, fitRecord, gateRecordSchema, readRecord, withRecord } from '../coordination/records.ts'
import type { DesiredCheck } from './check-writes.ts'
import { asOneCheck, withParts } from './one-check.ts'

const head = 'a'.repeat(40)
const hostile = '<!--@@--><'.repeat(50)

function gate(name: string, share: number): DesiredCheck {
  const record = fitRecord(
    {
      v: 1,
      kind: 'gate',
      run: 9_999_999_999,
      attempt: 3,
      findings: 200,
      attempts: Array.from({ length: 50 }, (_, run) => ({
        run,
        attempt: 1,
        verdict: 'fail',
        at: '2026-11-23T09:00:00Z',
      })),
      evidence: compactEvidence({
        schemaVersion: 1,
        gate: name,
        verdict: 'fail',
        summary: hostile.slice(0, 500),
        commit: head,
        testedTree: head,
        event: 'pull_request',
        configHash: 'b'.repeat(64),
        startedAt: '2026-11-23T09:00:00Z',
        durationMs: 1,
        environment: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`tool ${index}`, hostile])),
        measures: Array.from({ length: 200 }, (_, index) => ({ name: `m${index}`, unit: 'ms', value: index })),
        findings: Array.from({ length: 200 }, () => ({ code: 'TEST_FAILED', severity: 'error', message: hostile })),
        artifacts: [],
      }),
    },
    share,
  )
  const text = withRecord('A table.', record)
  return {
    name: `hive / ${name}`,
    conclusion: 'failure',
    title: 'failed',
    summary: '',
    text,
    annotations: [],
    renew: false,
  }
}

function readiness(): DesiredCheck {
  const record = { v: 1 as const, kind: 'readiness' as const, configHash: 'c'.repeat(64), head }
  return {
    name: 'hive / readiness',
    title: 'Waits',
    summary: '',
    text: withRecord('', record),
    annotations: [],
    renew: false,
  }
}

const standing = (check: DesiredCheck, app = 'github-actions'): CheckFacts => ({
  id: 7,
  headSha: head,
  name: check.name,
  app,
  externalId: '',
  completed: false,
  title: check.title,
  text: check.text,
  url: '',
})

test.each([1, 10, 50])('%i gates with hostile evidence fit into one Check, and are read back', (count) => {
  const gates = Array.from({ length: count }, (_, index) => gate(`gate-${index}`, 36_000 / (count + 1)))
  const [whole, ...more] = asOneCheck([...gates, readiness()], [])
  expect(more).toEqual([])
  expect(Buffer.byteLength(whole?.text ?? '')).toBeLessThan(65_535)
  const read = withParts(whole === undefined ? [] : [standing(whole)], 'github-actions')
  expect(read).toHaveLength(count + 1)
  for (const check of read.slice(1)) {
    expect(check).toMatchObject({ id: -7, conclusion: 'failure', title: 'failed' })
    expect(readRecord(check.text, gateRecordSchema)?.evidence?.verdict).toBe('fail')
  }
})

test('withParts() takes parts from our own Check alone, and asOneCheck() keeps those that a run says nothing of', () => {
  const [whole] = asOneCheck([gate('load', 4_000), readiness()], [])
  if (whole === undefined) throw new Error('no Check')
  expect(withParts([standing(whole, 'other-app')], 'github-actions')).toHaveLength(1)
  const [next] = asOneCheck([gate('unit', 4_000), readiness()], withParts([standing(whole)], 'github-actions'))
  const names = withParts(next === undefined ? [] : [standing(next)], 'github-actions').map(({ name }) => name)
  expect(names).toEqual(['hive / readiness', 'hive / load', 'hive / unit'])
})
