import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createLiveReport, describeRate } from './live.ts'
import type { LiveReport } from './live.ts'

interface Stage {
  readonly written: () => string
  readonly advance: (ms: number) => void
  readonly report: LiveReport
}

function stage(live: boolean, columns = 80): Stage {
  let nowMs = 0
  const stream = Object.assign(new PassThrough(), { isTTY: live, columns, rows: 24 })
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const report = createLiveReport({
    stream,
    traits: { columns, colour: false, unicode: true },
    live,
    gates: ['code-quality', 'migration'],
    clock: { monotonicMs: () => nowMs },
  })
  return { written: () => text, advance: (ms) => (nowMs += ms), report }
}

const copied = (done: number): { step: string; done: number; total: number; unit: string } => ({
  step: 'copy messages.db',
  done,
  total: 100_000,
  unit: 'rows',
})

test('createLiveReport() in a pipe writes one line a fact and moves no cursor', () => {
  const { written, advance, report } = stage(false)
  report.report({ gate: 'migration', kind: 'start' })
  report.report({ gate: 'migration', kind: 'progress', progress: copied(0) })
  for (let done = 1; done < 50; done += 1)
    report.report({ gate: 'migration', kind: 'progress', progress: copied(done) })
  advance(1_000)
  report.report({ gate: 'migration', kind: 'progress', progress: { step: 'too soon' } })
  advance(5_000)
  report.report({ gate: 'migration', kind: 'progress', progress: { step: 'verify\u001b[2J\n::error::x' } })
  advance(3_240)
  report.report({ gate: 'migration', kind: 'end', verdict: 'pass', summary: '8 databases; 12 orphans' })
  report.tick()
  report.stop()
  expect(written().split('\n')).toEqual([
    'migration     starts',
    'migration     copy messages.db',
    'migration     verify ::error::x',
    'migration     pass: 8 databases (9.2 s)',
    '',
  ])
})

test('createLiveReport() in a terminal redraws one line a gate, with rate and time left', () => {
  const { written, advance, report } = stage(true)
  report.report({ gate: 'code-quality', kind: 'start' })
  report.report({ gate: 'migration', kind: 'start' })
  report.report({ gate: 'migration', kind: 'progress', progress: copied(0) })
  advance(2_000)
  report.report({ gate: 'migration', kind: 'progress', progress: copied(40_000) })
  report.report({ gate: 'code-quality', kind: 'end', verdict: 'fail', summary: '3 of 212 tests failed' })
  report.tick()
  const screen = stripVTControlCharacters(written())
  expect(screen).toContain('✗ code quality')
  expect(screen).toContain('fail: 3 of 212 tests failed')
  expect(screen).toContain('copy messages.db: 40 %, 20,000 rows/s, 3 s left')
  report.stop()
  expect(written()).toContain('\u001b[2K')
  expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

test('createLiveReport() cuts long steps instead of wrapping them', () => {
  const { written, report } = stage(true, 50)
  report.report({ gate: 'migration', kind: 'start' })
  report.report({ gate: 'migration', kind: 'progress', progress: { step: 'x'.repeat(200) } })
  report.tick()
  report.stop()
  const lines = stripVTControlCharacters(written()).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50)
})

test('createLiveReport() cuts the name of a step before its numbers', () => {
  const { written, advance, report } = stage(true, 72)
  report.report({
    gate: 'migration',
    kind: 'progress',
    progress: { ...copied(0), step: 'copy a/long/path/messages.db' },
  })
  advance(2_000)
  report.report({
    gate: 'migration',
    kind: 'progress',
    progress: { ...copied(40_000), step: 'copy a/long/path/messages.db' },
  })
  report.tick()
  report.stop()
  expect(stripVTControlCharacters(written())).toMatch(/copy a[^:]*…: 40 %, 20,000 rows\/s, 3 s left/)
})

test('describeRate() measures from the beginning of the step and says what cannot be known not at all', () => {
  const since = { atMs: 0, done: 10_000 }
  expect(describeRate(copied(30_000), since, 2_000)).toBe('30 %, 10,000 rows/s, 7 s left')
  expect(describeRate(copied(30_000), since, 500)).toBe('30 %')
  expect(describeRate({ step: 'x', done: 30_000, unit: 'rows' }, since, 2_000)).toBe('30,000 rows, 10,000 rows/s')
  expect(describeRate(copied(100_000), since, 2_000)).toBe('100 %, 45,000 rows/s')
  expect(describeRate({ step: 'x' }, since, 2_000)).toBe('')
})

test('describeRate() gives no rate of a step that counts seconds, only what is left', () => {
  const text = describeRate({ step: 'load', done: 12, total: 35, unit: 's' }, { atMs: 0, done: 5 }, 7_000)
  expect(text).toBe('34 %, 23 s left')
})
