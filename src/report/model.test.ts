import { sampleLoad } from './sample-load.fixture.ts'
import { expect, test } from 'vitest'
import type { Evidence } from '../evidence/index.ts'
import { evidenceSchema, loadDocumentSchema, migrationDocumentSchema } from '../evidence/index.ts'
import { describeMeasure, formatChange, formatInterval, standingOf } from './measures.ts'
import { describeLocation } from './location.ts'
import * as model from './model.ts'
import { sampleMigration, sampleReport, sampleResults, sampleWaitingReport, slowWrite } from './sample.fixture.ts'

const { codeQuality, performance, chaos, integration } = sampleResults
const acceptance: Evidence = { ...chaos, gate: 'acceptance', summary: 'waits for the Product Agent' }
const reportOf = (...results: Evidence[]): model.GateReport => ({ ...sampleReport, results, listedOnly: [] })

test('the sample evidence is valid evidence', () => {
  for (const result of sampleReport.results) expect(evidenceSchema.safeParse(result).error).toBeUndefined()
  expect(loadDocumentSchema.safeParse(sampleLoad).success).toBe(true)
  expect(migrationDocumentSchema.safeParse(sampleMigration).success).toBe(true)
})

test('exitCodeOfReport(): error before fail before undecided; acceptance is not counted; nothing proves nothing', () => {
  expect(model.exitCodeOfReport(sampleReport)).toBe(2)
  expect(model.exitCodeOfReport(reportOf(codeQuality, performance, chaos))).toBe(1)
  expect(model.exitCodeOfReport(reportOf(codeQuality, chaos))).toBe(3)
  expect(model.exitCodeOfReport(reportOf(codeQuality, acceptance))).toBe(0)
  expect(model.exitCodeOfReport(reportOf(codeQuality, integration))).toBe(0)
  expect(model.exitCodeOfReport(reportOf())).toBe(3)
})

test('readinessOf() and headlineOf() name every reason, the worst first', () => {
  expect(model.headlineOf(sampleReport)).toBe(
    'Not ready: protocol could not be measured, performance failed, chaos is undecided',
  )
  expect(model.headlineOf(sampleWaitingReport)).toBe('Ready for acceptance: 3 of 4 gates passed')
  expect(model.headlineOf(reportOf(codeQuality, integration))).toBe('Ready: 2 of 2 gates passed (1 skipped)')
  expect(model.headlineOf(reportOf(codeQuality))).toBe('Ready: 1 of 1 gate passed')
  expect(model.headlineOf(reportOf())).toBe('Not ready: no gate ran')
  expect(model.readinessOf({ ...reportOf(acceptance) }).kind).toBe('not-ready')
  expect(model.readinessOf(reportOf(codeQuality, acceptance))).toEqual({
    kind: 'waiting',
    reasons: ['acceptance waits'],
  })
})

test('a run of some gates says which did not run, and never that the commit is ready', () => {
  const partial = { ...reportOf(codeQuality), notRun: ['migration', 'performance'] }
  expect(model.headlineOf(partial)).toBe('Passed so far: 1 of 1 gate passed; not run: migration, performance')
  expect(model.readinessOf({ ...partial, results: [performance] }).kind).toBe('not-ready')
})

test('countStandings() counts listed gates as waiting', () => {
  expect(model.countStandings(sampleReport)).toEqual({
    pass: 2,
    fail: 1,
    undecided: 1,
    error: 1,
    skipped: 1,
    waits: 1,
    total: 7,
  })
})

test('describeCheckout() says what is known', () => {
  expect(model.describeCheckout(sampleReport)).toBe('4f2c1e9 on feature/pg, base main 9a0b7d2')
  const { commit: _commit, branch: _branch, baseRef: _ref, baseCommit: _base, ...bare } = sampleReport
  expect(model.describeCheckout({ ...bare, dirty: true })).toBe('no commit with uncommitted changes')
})

test('factsOf() splits the summary and drops the verdict that stands beside it', () => {
  expect(model.factsOf(integration)).toEqual(['no scenario is written before phase 2'])
  expect(model.splitFacts('a; b · c\nd;e')).toEqual(['a', 'b', 'c', 'd;e'])
})

test('findingsOf() puts errors first and describeLocation() names the place', () => {
  const all = model.findingsOf(sampleReport.results)
  expect(all.map((finding) => finding.severity)).toEqual(['error', 'error', 'warning', 'note'])
  expect(all.map(describeLocation)).toEqual([undefined, 'src/store.ts:88–94', undefined, 'hive.yml:61'])
})

test('splitCode() takes pairs of backticks only', () => {
  expect(model.splitCode('run `a b` or `c')).toEqual([
    { code: false, text: 'run ' },
    { code: true, text: 'a b' },
    { code: false, text: ' or ' },
    { code: false, text: 'c' },
  ])
})

test('standingOf() judges by the interval and describeMeasure() writes it out', () => {
  const write = slowWrite
  expect(describeMeasure(write)).toBe('p95 write 61.4 ms [58.9, 64.0], target < 50 ms')
  expect(standingOf(write)).toBe('missed')
  expect(standingOf({ ...write, interval: [48, 64] })).toBe('unclear')
  expect(standingOf({ ...write, interval: [40, 49] })).toBe('met')
  expect(standingOf({ name: 'rows', unit: 'rows', value: 2 })).toBe('none')
  expect(standingOf({ name: 'rows', unit: 'rows', value: 2, target: { op: '>=', value: 2 } })).toBe('met')
  expect(standingOf({ name: 'rows', unit: 'rows', value: 2, target: { op: '<=', value: 1 } })).toBe('missed')
  expect(describeMeasure({ name: 'size', unit: 'bytes', value: 4_096, target: { op: '<', value: 8_000 } })).toBe(
    'size 4.1 kB, target < 8 kB',
  )
  expect(describeMeasure({ name: 'time', unit: 's', value: 200 })).toBe('time 3 min 20 s')
  expect(formatInterval([1_071.4, 1_120])).toBe('[1,071, 1,120]')
  expect([
    formatChange(write),
    formatChange({ ...write, baseline: 61.4 }),
    formatChange({ ...write, baseline: 0 }),
  ]).toEqual(['+39 %', '±0 %', ''])
})
