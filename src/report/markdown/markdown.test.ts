import { expect, test } from 'vitest'
import type { Evidence, Finding } from '../../evidence/index.ts'
import { sampleReport, sampleResults, sampleWaitingReport } from '../sample.fixture.ts'
import { renderCheckOutput } from './check-output.ts'
import { renderComment, renderJobSummary } from './comment.ts'
import { isRepositoryPath } from '../location.ts'
import { sentence, table, tableWithin } from './parts.ts'

const marker = '<!-- agent-hive:gates -->'
const { performance } = sampleResults

const worst = '<img src=x> @all #1 | `x` [a](http://b) --> \u202e /approve 日本 '.repeat(60)
const finding: Finding = {
  code: 'HIVE_X',
  severity: 'error',
  message: worst,
  hint: worst,
  location: { path: worst.slice(0, 900), startLine: 3 },
}
const huge: Evidence = {
  ...performance,
  summary: worst.slice(0, 500),
  findings: Array.from({ length: 2_000 }, () => finding),
  measures: Array.from({ length: 200 }, (_, index) => ({
    name: `m ${index}`,
    unit: '|<@x>'.repeat(8),
    value: index,
    target: { op: '<' as const, value: 3 },
  })),
  environment: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, worst.slice(0, 300)])),
  artifacts: Array.from({ length: 100 }, (_, index) => ({
    name: `a ${index}`,
    path: worst.slice(0, 990),
    mediaType: 'x',
    sha256: 'a'.repeat(64),
  })),
}

test('renderComment() starts with the marker and answers on one screen', () => {
  const lines = renderComment(sampleReport, { marker }).split('\n')
  expect(lines[0]).toBe(marker)
  expect(lines[1]).toBe('### Not ready: 3 of 7 gates passed (1 skipped) for `4f2c1e9`')
  expect(lines.findIndex((line) => line.startsWith('<details>'))).toBeLessThan(20)
  expect(lines).toContain('| Acceptance | ⏳ waits | &#8203;/approve by the Product Agent |  |')
  expect(lines).toContain('- the slow part is `INSERT INTO messages` (`src/store.ts:88`)')
})

test('renderComment() breaks mentions and references of findings and links their places', () => {
  const text = renderComment(sampleReport, { marker, blobUrl: 'https://github.com/o/r/blob/abc' })
  expect(text).toContain('#&#8203;41 asks @&#8203;octocat')
  expect(text).toContain('[`src/store.ts:88–94`](https://github.com/o/r/blob/abc/src/store.ts#L88-L94)')
  expect(text).not.toMatch(/@\w/)
})

test('renderComment() says once what is the same for every gate', () => {
  const text = renderComment(sampleReport, { marker })
  expect(text.match(/\| configuration \|/g)).toHaveLength(1)
  expect(text).toContain('| performance | 48 s | k6 2.0.1, postgresql 18.4 (embedded), redis 7.0.15 |')
})

test('renderComment() shows changes since the last approval, and none where there are none', () => {
  expect(renderComment(sampleWaitingReport, { marker, changes: ['hive.yml: target @x'] })).toContain(
    '<details><summary>Changed since the last approval</summary>\n\n- hive.yml: target @&#8203;x',
  )
  expect(renderComment(sampleWaitingReport, { marker })).not.toContain('Changed since')
})

test('renderComment() and renderJobSummary() stay within GitHub’s limits for any evidence, and say what is left out', () => {
  const report = {
    ...sampleReport,
    results: Array.from({ length: 50 }, (_, index) => ({ ...huge, gate: `gate-${index}` })),
    nextSteps: Array.from({ length: 100 }, () => worst),
  }
  const comment = renderComment(report, { marker, changes: Array.from({ length: 500 }, () => worst) })
  expect(comment.length).toBeLessThanOrEqual(60_000)
  expect(comment).toMatch(/[\d,]+ findings more are left out here/)
  expect(comment).toContain('gates more are left out here')
  const summary = renderJobSummary(report, { preview: true })
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_048_576)
  expect(summary).toMatch(/^> Preview: /)
})

test('renderComment() closes every fold that it opens, whatever is cut', () => {
  const text = renderComment({ ...sampleReport, results: [huge, { ...huge, gate: 'other' }] }, { marker })
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length)
  expect(text.match(/<img|<script/)).toBeNull()
})

test('renderCheckOutput() gives the verdict as title, measures and findings as summary, the rest as text', () => {
  const output = renderCheckOutput(performance)
  expect(output.title).toBe('p95 write 61.4 ms [58.9, 64.0], target < 50 ms')
  expect(output.summary).toContain('| p95 write | **61.4 ms** | \\[58.9, 64.0\\] | &lt; 50 ms | +39 % | ❌ missed |')
  expect(output.summary).toContain('**error** `HIVE_PERFORMANCE_P95` at `src/store.ts:88–94`')
  expect(output.text).toContain('| k6 | `2.0.1` |')
  expect(output.annotations).toEqual([
    {
      path: 'src/store.ts',
      start_line: 88,
      end_line: 94,
      annotation_level: 'failure',
      message: expect.stringContaining('→ the slow part'),
      title: 'HIVE_PERFORMANCE_P95',
    },
  ])
  expect(renderCheckOutput(sampleResults.protocol).title).toMatch(/^error: could not start Redis/)
  expect(renderCheckOutput(sampleResults.chaos).title).toMatch(/^undecided: 0 of 200/)
})

test('renderCheckOutput() shows further findings in the text, none twice and none lost without a word', () => {
  const findings = Array.from({ length: 14 }, (_, index) => ({
    ...finding,
    code: `HIVE_N${index}`,
    message: 'short',
    hint: 'short',
  }))
  const { summary, text } = renderCheckOutput({ ...performance, findings })
  const codes = (markdown: string): string[] => markdown.match(/HIVE_N\d+/g) ?? []
  expect([...codes(summary), ...codes(text)]).toEqual(findings.map((item) => item.code))
})

test('renderCheckOutput() stays within GitHub’s limits, in bytes', () => {
  for (const summary of [worst.slice(0, 500), '日'.repeat(500)]) {
    const output = renderCheckOutput({ ...huge, summary })
    expect(Buffer.byteLength(output.title)).toBeLessThanOrEqual(255)
    expect(Buffer.byteLength(output.summary)).toBeLessThanOrEqual(65_535)
    expect(Buffer.byteLength(output.text)).toBeLessThanOrEqual(65_535)
    expect(output.text).toContain('left out here')
  }
})

test('annotations name files of the repository only', () => {
  expect(['a/b.ts', 'a..b', '.x'].every(isRepositoryPath)).toBe(true)
  expect(['', '/etc/passwd', '../a', 'a/../../b', 'C:\\x', '\\\\s', 'a\u0000'].some(isRepositoryPath)).toBe(false)
  const outside: Finding = { ...finding, location: { path: '/root/x', startLine: 1 } }
  expect(renderCheckOutput({ ...performance, findings: [outside] }).annotations).toEqual([])
})

test('sentence() keeps code and the spaces around it', () => {
  expect(sentence('copy `/approve 4f2c1e9`, then wait @x')).toBe('copy `/approve 4f2c1e9`, then wait @&#8203;x')
})

test('table() leaves empty columns out and tableWithin() says how many rows are left out', () => {
  expect(table(['a', 'b', 'c'], [['1', '', '2']])).toBe('| a | c |\n|---|---|\n| 1 | 2 |')
  expect(tableWithin(['a'], ['12345', '12345', '12345'], { budget: 22, row: (text) => [text] })).toContain(
    '1 row more is left out here',
  )
})
