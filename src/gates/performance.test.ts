import { expect, test } from 'vitest'
import { evidenceSchema } from '../evidence/index.ts'
import { judgePerformance } from './performance.ts'
import type { PerformanceFacts } from './performance.ts'

const targets = { p95WriteMs: 50, deliveredPerS: 1_000 }

interface Changes {
  readonly p95?: readonly [number, number, number]
  readonly rate?: readonly [number, number, number]
  readonly document?: Partial<PerformanceFacts['document']>
  readonly machine?: Partial<PerformanceFacts['machine']>
  readonly problems?: Partial<PerformanceFacts['problems']>
  readonly calibration?: NonNullable<PerformanceFacts['calibration']>
}

function factsWith(changes: Changes = {}): PerformanceFacts {
  const [p95, low, high] = changes.p95 ?? [31, 29, 33]
  const [rate, least, most] = changes.rate ?? [1_098, 1_090, 1_106]
  return {
    document: {
      schemaVersion: 1,
      offeredRate: 1_100,
      agents: 100,
      warmupS: 5,
      measuredS: 30,
      writes: 33_000,
      delivered: 32_940,
      failedRequests: 0,
      droppedIterations: 0,
      targets,
      percentiles: { p50: 12, p90: 25, p95, p99: 44, max: 90 },
      histogram: [],
      series: [],
      ...changes.document,
    },
    windows: Array.from({ length: 10 }, (_, index) => ({
      fromS: 5 + 3 * index,
      toS: 8 + 3 * index,
      delivered: 3_294,
      p95Ms: p95,
    })),
    estimates: {
      p95WriteMs: { value: p95, interval: [low, high], detectable: 0.08 },
      deliveredPerS: { value: rate, interval: [least, most], detectable: 0.01 },
    },
    machine: { observed: true, stealShare: 0.004, k6CpuShare: 0.2, busyShare: 0.7, ...changes.machine },
    problems: {
      failedWrites: 0,
      failedReads: 0,
      reasons: {},
      repeated: 0,
      malformed: 0,
      lastAnswerAtS: 35,
      ...changes.problems,
    },
    ...(changes.calibration === undefined ? {} : { calibration: changes.calibration }),
  }
}

const judge = (changes: Changes = {}) => judgePerformance(factsWith(changes), targets)
const codesOf = (changes: Changes) => judge(changes).findings.map(({ code }) => code)

test('both targets proved and nothing lost is a pass', () => {
  const judgement = judge()
  expect(judgement.verdict).toBe('pass')
  expect(judgement.findings).toEqual([])
  expect(judgement.summary).toBe(
    'p95 write 31 ms [29, 33], target < 50 ms · 1,098 messages/s delivered, target > 1,000',
  )
})

test('a p95 proved to be above its target fails, and the summary says so in numbers', () => {
  const judgement = judge({ p95: [61.4, 58.9, 64.04] })
  expect(judgement.verdict).toBe('fail')
  expect(judgement.summary).toBe(
    'p95 write 61.4 ms [58.9, 64.0], target < 50 ms · 1,098 messages/s delivered, target > 1,000',
  )
  expect(judgement.findings.map(({ code }) => code)).toEqual(['PERFORMANCE_LATENCY'])
})

const failures: [string, Changes, string][] = [
  ['too little delivered', { rate: [720, 700, 740] }, 'PERFORMANCE_DELIVERY'],
  ['exactly the target delivered, without noise', { rate: [1_000, 1_000, 1_000] }, 'PERFORMANCE_DELIVERY'],
  ['exactly the target latency, without noise', { p95: [50, 50, 50] }, 'PERFORMANCE_LATENCY'],
  ['one dropped write', { document: { droppedIterations: 1 } }, 'PERFORMANCE_WRITES_DROPPED'],
  ['one refused write', { problems: { failedWrites: 1, reasons: { 'HTTP 500': 1 } } }, 'PERFORMANCE_REQUESTS_FAILED'],
  ['one refused receive', { problems: { failedReads: 1, reasons: { 'HTTP 500': 1 } } }, 'PERFORMANCE_REQUESTS_FAILED'],
  ['a message that was altered', { problems: { malformed: 1 } }, 'PERFORMANCE_MESSAGES_MALFORMED'],
]

test.each(failures)('%s fails', (_name, changes, code) => {
  expect(judge(changes).verdict).toBe('fail')
  expect(codesOf(changes)).toEqual([code])
})

const undecided: [string, Changes, string][] = [
  ['a p95 on both sides of its target', { p95: [49.98, 47, 53] }, 'PERFORMANCE_UNDECIDED'],
  ['a rate on both sides of its target', { rate: [1_010, 995, 1_025] }, 'PERFORMANCE_UNDECIDED'],
  ['too few writes', { document: { writes: 400 } }, 'PERFORMANCE_TOO_FEW_WRITES'],
  ['too little offered', { document: { offeredRate: 900 }, rate: [899, 895, 903] }, 'PERFORMANCE_OFFERED_TOO_LITTLE'],
  ['stolen CPU time', { machine: { stealShare: 0.051 } }, 'PERFORMANCE_MACHINE_STOLEN'],
  [
    'stolen CPU time while the p95 is bad',
    { machine: { stealShare: 0.2 }, p95: [80, 75, 85] },
    'PERFORMANCE_MACHINE_STOLEN',
  ],
  [
    'stolen CPU time while writes were dropped',
    { machine: { stealShare: 0.2 }, document: { droppedIterations: 9 } },
    'PERFORMANCE_MACHINE_STOLEN',
  ],
  [
    'a bad p95 beside other programs',
    { machine: { othersCpuShare: 0.3 }, p95: [80, 75, 85] },
    'PERFORMANCE_MACHINE_CROWDED',
  ],
  [
    'dropped writes beside other programs',
    { machine: { othersCpuShare: 0.3 }, document: { droppedIterations: 9 } },
    'PERFORMANCE_MACHINE_CROWDED',
  ],
  ['a slow machine', { calibration: { p95Ms: 12.6, droppedIterations: 0 } }, 'PERFORMANCE_MACHINE_SLOW'],
  ['a machine that stands still', { calibration: { p95Ms: 2, droppedIterations: 1 } }, 'PERFORMANCE_MACHINE_SLOW'],
]

test.each(undecided)('%s is undecided', (_name, changes, code) => {
  expect(judge(changes).verdict).toBe('undecided')
  expect(codesOf(changes)).toEqual([code])
})

test('other programs can only slow a service down: what passes beside them passes', () => {
  expect(judge({ machine: { othersCpuShare: 0.6 } })).toMatchObject({ verdict: 'pass', findings: [] })
})

test('a refusal is a refusal on any machine', () => {
  const changes = { machine: { stealShare: 0.2 }, problems: { failedWrites: 3, reasons: { 'HTTP 503': 3 } } }
  expect(judge(changes).verdict).toBe('fail')
})

test('undecided says what the run could have told, and no number is rounded onto its target', () => {
  const { summary, findings } = judge({ p95: [49.98, 47, 53] })
  expect(findings[0]?.message).toBe(
    'p95 of a write, 49.98 ms, lies between 47 and 53, on both sides of 50 ms; this run can tell a difference of 8 %',
  )
  expect(summary).toContain('p95 write 49.98 ms [47, 53]')
})

test('a service that stopped is told apart from one that refused now and then', () => {
  const { findings } = judge({
    problems: { failedWrites: 900, reasons: { 'k6 error 1212': 900 }, lastAnswerAtS: 7.24 },
  })
  expect(findings[0]?.message).toBe(
    '900 requests failed under load (900 × k6 error 1212); no write was answered after 7.2 s',
  )
})

test('repeated messages are named and change no verdict', () => {
  expect(judge({ problems: { repeated: 4 } }).verdict).toBe('pass')
  expect(codesOf({ problems: { repeated: 4 } })).toEqual(['PERFORMANCE_MESSAGES_REPEATED'])
})

test('measures and findings are valid evidence, whatever the numbers', () => {
  for (const changes of [{}, ...failures.map(([, change]) => change), ...undecided.map(([, change]) => change)]) {
    const { verdict, summary, measures, findings } = judge(changes)
    const evidence = evidenceSchema.shape
    expect(evidence.verdict.parse(verdict)).toBe(verdict)
    expect(evidence.summary.parse(summary)).toBe(summary)
    expect(evidence.measures.parse(JSON.parse(JSON.stringify(measures)))).toEqual(measures)
    expect(evidence.findings.parse(findings)).toEqual(findings)
  }
})

test('no pass for any combination of a clean estimate with a loss', () => {
  const spoils: Changes[] = [...failures, ...undecided].map(([, changes]) => changes)
  for (const first of spoils) {
    for (const second of spoils) {
      const both = { ...first, ...second, document: { ...first.document, ...second.document } }
      expect(judge(both).verdict).not.toBe('pass')
    }
  }
})

test('judgePerformance() fails on any machine where even the fastest twentieth of the writes missed the target', () => {
  const calibration = { p95Ms: 30, droppedIterations: 0 }
  const histogram = (fastMs: number) => [
    { fromMs: fastMs, toMs: 70, count: 100 },
    { fromMs: 70, toMs: 90, count: 900 },
  ]
  const slow = (fastMs: number): PerformanceFacts =>
    factsWith({ p95: [80, 75, 85], calibration, document: { histogram: histogram(fastMs) } })
  expect(judgePerformance(slow(61), targets)).toMatchObject({
    verdict: 'fail',
    findings: [{ code: 'PERFORMANCE_LATENCY' }],
  })
  expect(judgePerformance(slow(10), targets).verdict).toBe('undecided')
})
