import { expect, test } from 'vitest'
import { parseConfig } from '../config/index.ts'
import type { GateConfig } from '../config/index.ts'
import type { Evidence, Measure } from '../evidence/schema.ts'
import { judgeEvidence } from './evidence-judgement.ts'

const config = parseConfig(
  'version: 1\nproject: shop\ngates:\n  protocol: {}\n  performance:\n    targets: { p95WriteMs: 50, deliveredPerS: 1000 }\n',
  'hive.yml',
)
const gate = (id: string): GateConfig => {
  const found = config.gates.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no gate ${id}`)
  return found
}

const evidence = (part: Partial<Evidence>): Evidence => ({
  schemaVersion: 1,
  gate: 'protocol',
  verdict: 'pass',
  summary: '10 of 10 requirements',
  testedTree: 'b'.repeat(40),
  event: 'pull_request',
  configHash: 'c'.repeat(64),
  startedAt: '2026-11-23T09:00:00Z',
  durationMs: 1,
  environment: {},
  measures: [],
  findings: [],
  artifacts: [],
  ...part,
})

const latency = (value: number, target: Measure['target']): Measure => ({
  name: 'p95 write',
  unit: 'ms',
  value,
  ...(target === undefined ? {} : { target }),
})
const delivered: Measure = { name: 'delivered', unit: 'messages/s', value: 1_098, target: { op: '>', value: 1_000 } }

const cases: readonly (readonly [string, string, Partial<Evidence>, string])[] = [
  [
    'a pass that its measures bear out',
    'protocol',
    { measures: [{ name: 'passed', unit: 'n', value: 10, target: { op: '==', value: 10 } }] },
    'pass',
  ],
  [
    'a pass that misses a target',
    'protocol',
    { measures: [{ name: 'passed', unit: 'n', value: 9, target: { op: '==', value: 10 } }] },
    'fail',
  ],
  [
    'a pass with an error among its findings',
    'protocol',
    { findings: [{ code: 'LOST_MESSAGE', severity: 'error', message: 'lost' }] },
    'fail',
  ],
  ['a dirty tree', 'protocol', { testedTree: 'dirty' }, 'undecided'],
  ['a skip that the policy does not know', 'protocol', { verdict: 'skipped' }, 'undecided'],
  ['a failure', 'protocol', { verdict: 'fail' }, 'fail'],
  ['an error', 'protocol', { verdict: 'error' }, 'error'],
  ['proved targets', 'performance', { measures: [latency(41, { op: '<', value: 50 }), delivered] }, 'pass'],
  ['stricter targets', 'performance', { measures: [latency(21, { op: '<', value: 30 }), delivered] }, 'pass'],
  ['a lowered target', 'performance', { measures: [latency(61, { op: '<', value: 80 }), delivered] }, 'undecided'],
  ['a turned target', 'performance', { measures: [latency(61, { op: '>', value: 50 }), delivered] }, 'undecided'],
  ['no target', 'performance', { measures: [latency(61, undefined), delivered] }, 'undecided'],
  ['a measure left out', 'performance', { measures: [delivered] }, 'undecided'],
]

test.each(cases)('judgeEvidence() takes %s for what it is', (_name, id, part, standing) => {
  const judged = judgeEvidence(evidence({ gate: id, ...part }), gate(id))
  expect(judged.standing).toBe(standing)
  expect(judged.evidence.verdict).toBe(standing)
})
