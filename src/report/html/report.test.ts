import { sampleLoad } from '../sample-load.fixture.ts'
import { expect, test } from 'vitest'
import type { Evidence } from '../../evidence/index.ts'
import { sampleDbCheck, sampleReport, sampleResults, sampleWaitingReport, slowWrite } from '../sample.fixture.ts'
import { chartSizes, placeLabels } from './chart.ts'
import { sharedFolder } from './database-table.ts'
import { renderDbCheckHtml } from './db-check.ts'
import { binOnLogAxis, latencyHistogram } from './histogram.ts'
import { anchor, html } from './markup.ts'
import { measureBar } from './measure-bar.ts'
import { renderHtml } from './report.ts'
import { thinSeries } from './throughput.ts'

const pages = {
  report: renderHtml(sampleReport),
  waiting: renderHtml(sampleWaitingReport),
  check: renderDbCheckHtml(sampleDbCheck),
}

/** What a reader sees, without markup. */
function text(page: string): string {
  return page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

test.each(Object.entries(pages))('the %s page has no script, no request and a strict policy', (_name, page) => {
  expect(page).toMatch(/^<!doctype html>/)
  expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:;`)
  expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\/|url\(|@import|src=/i)
  expect(page.match(/ id="([^"]+)"/g)?.length).toBe(new Set(page.match(/ id="([^"]+)"/g)).size)
  expect(Buffer.byteLength(page)).toBeLessThan(200_000)
})

test('renderHtml() answers first whether the commit is ready, and why', () => {
  expect(text(pages.report)).toContain(
    'Not ready Protocol could not be measured, performance failed, chaos is undecided; 3 of 7 gates passed (1 skipped).',
  )
  expect(pages.waiting).toContain('Ready for acceptance</h1>')
  expect(renderHtml({ ...sampleWaitingReport, dirty: true })).toContain('never published')
})

test('renderHtml() escapes everything that comes from outside', () => {
  const evil = `"><svg onload=alert(1)>\u202e</style></title><!--`
  const result: Evidence = {
    ...sampleResults.performance,
    summary: evil,
    environment: { os: evil },
    findings: [{ code: 'HIVE_X', severity: 'error', message: evil, hint: evil, location: { path: evil } }],
    measures: [{ name: 'm', unit: evil.slice(0, 40), value: 1 }],
  }
  const page = renderHtml({
    ...sampleReport,
    project: evil,
    branch: evil,
    results: [result],
    listedOnly: [{ gate: evil, note: evil }],
    nextSteps: [`${evil} \`${evil}\``],
  })
  expect(page).not.toContain('<svg onload')
  expect(page).not.toContain('\u202e')
  expect(page.match(/<\/style>/g)).toHaveLength(1)
  expect(page).not.toContain('<!--')
})

test('renderHtml() stays under a megabyte for any evidence and says what is left out', () => {
  const result: Evidence = {
    ...sampleResults.performance,
    findings: Array.from({ length: 2_000 }, () => ({
      code: 'HIVE_X',
      severity: 'error' as const,
      message: '<'.repeat(4_000),
    })),
  }
  const series = Array.from({ length: 7_200 }, (_, atS) => ({
    atS,
    warmup: atS < 30,
    writesPerS: 1_100 + (atS % 7),
    deliveredPerS: 1_090,
  }))
  const page = renderHtml({ ...sampleReport, results: [result], load: { ...sampleLoad, series } })
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000)
  expect(page).toContain('1,900 further findings are left out here')
})

test('an empty or failed measurement says so in place of the chart', () => {
  const { load: _load, migration: _migration, ...without } = sampleReport
  expect(renderHtml(without)).toContain('No load was measured.')
  expect(renderHtml(without)).toContain('No database was measured.')
  const nothing = renderHtml({ ...sampleReport, load: { ...sampleLoad, writes: 0, histogram: [], series: [] } })
  expect(nothing).toContain('No latency was measured.')
  expect(nothing).toContain('No throughput was measured.')
  expect(nothing).not.toContain('class="chart')
})

test('charts are drawn for extreme measurements without a number that is none', () => {
  const extremes = [
    {
      ...sampleLoad,
      histogram: [{ fromMs: 0, toMs: 0.001, count: 1 }],
      percentiles: { p50: 0, p90: 0, p95: 0, p99: 0, max: 0 },
    },
    { ...sampleLoad, histogram: [{ fromMs: 5, toMs: 5, count: 3 }] },
    {
      ...sampleLoad,
      histogram: [{ fromMs: 0, toMs: 60_000, count: 9 }],
      series: [{ atS: 0, warmup: true, writesPerS: 0, deliveredPerS: 0 }],
    },
    { ...sampleLoad, targets: { p95WriteMs: 0, deliveredPerS: 0 } },
  ]
  for (const load of extremes) expect(renderHtml({ ...sampleReport, load })).not.toMatch(/NaN|Infinity|undefined/)
})

test('every chart has its numbers in a folded table', () => {
  expect(pages.report.match(/<figure>/g)).toHaveLength(2)
  expect(pages.report.match(/<summary>Numbers of this chart<\/summary>/g)).toHaveLength(2)
  expect(pages.report.match(/role="img" aria-label="[^"]{40,}"/g)).toHaveLength(4)
})

test('binOnLogAxis() keeps every write and spreads wide buckets evenly', () => {
  const bins = binOnLogAxis(sampleLoad.histogram, 64)
  expect(bins.reduce((sum, bin) => sum + bin.share, 0)).toBeCloseTo(1, 9)
  const even = binOnLogAxis([{ fromMs: 1, toMs: 16, count: 8 }], 4)
  expect(even.map((bin) => bin.share)).toEqual([0.25, 0.25, 0.25, 0.25].map((share) => expect.closeTo(share, 9)))
  expect(even.map((bin) => bin.fromMs)).toEqual([1, 2, 4, 8].map((from) => expect.closeTo(from, 9)))
  expect(binOnLogAxis([], 4)).toEqual([])
})

test('thinSeries() means groups of seconds and keeps short series as they are', () => {
  expect(thinSeries(sampleLoad.series, 100)).toEqual({ points: sampleLoad.series, each: 1 })
  const { points, each } = thinSeries(sampleLoad.series, 10)
  expect([points.length, each]).toEqual([10, 4])
  expect(points[9]?.writesPerS).toBe(sampleLoad.series.slice(36).reduce((sum, point) => sum + point.writesPerS, 0) / 4)
})

test('placeLabels() puts a label that meets another one row lower', () => {
  const labels = [
    { x: 100, text: 'p95 61 ms' },
    { x: 10, text: 'p50 24 ms' },
    { x: 120, text: 'p99 88 ms' },
  ]
  expect(placeLabels(labels).map(({ label, row }) => [label.text, row])).toEqual([
    ['p50 24 ms', 0],
    ['p95 61 ms', 0],
    ['p99 88 ms', 1],
  ])
})

test('the axis of latency leaves room for the label of the last mark, on a phone as well', () => {
  const percentiles = { ...sampleLoad.percentiles, p99: 241 }
  for (const size of chartSizes) {
    const { markup } = latencyHistogram({ ...sampleLoad, percentiles }, size)
    const x = Number(/<text class="label" x="([\d.]+)" y="[\d.]+">p99/.exec(markup)?.[1])
    expect(x + 50).toBeLessThan(size.width)
  }
})

test('measureBar() draws only where a length from zero says something', () => {
  expect(measureBar(slowWrite)?.markup).toContain('<svg')
  expect(measureBar({ name: 'x', unit: '', value: 0, target: { op: '==', value: 0 } })).toBeUndefined()
  expect(measureBar({ name: 'x', unit: '', value: 4 })).toBeUndefined()
})

test('renderDbCheckHtml() shows decisions, what is left out and the proof', () => {
  expect(pages.check).toContain('5 rows would not arrive as they are</h1>')
  expect(pages.check).toContain('4 orphans')
  expect(pages.check).toContain('docs_fts')
  const clean = renderDbCheckHtml({ ...sampleDbCheck, verdict: 'pass', decisions: [], notCarried: [] })
  expect(clean).toContain('Every value would arrive</h1>')
  expect(clean).not.toContain('To decide</h2>')
})

test('sharedFolder() is what all absolute paths have in common', () => {
  expect(sharedFolder(['/a/b/x.db', '/a/b/c/y.db'])).toBe('/a/b/')
  expect(sharedFolder(['/a/x.db', '/b/y.db'])).toBe('/')
  expect(sharedFolder(['/a/b/x.db'])).toBe('/a/b/')
  expect(sharedFolder(['data/x.db', 'data/y.db'])).toBe('')
  expect(sharedFolder([])).toBe('')
})

test('html() escapes text and joins markup', () => {
  expect(html`<p title="${'"'}">${['<', html`<b>${1}</b>`, false, undefined]}</p>`.markup).toBe(
    '<p title="&quot;">&lt;<b>1</b></p>',
  )
  expect(anchor('gate', 'a b"c')).toBe('gate-a-b-c')
})
