import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderDbCheckTerminal } from './db-check.ts'
import { sampleDbCheck, sampleReport, sampleResults, sampleWaitingReport } from './sample.fixture.ts'
import { displayWidth, wrap, wrapClauses } from './terminal-text.ts'
import { renderTerminal } from './terminal.ts'

const plain = { columns: 80, colour: false, unicode: true }

test('renderTerminal() says gate, verdict, facts and time, then the headline and what to do', () => {
  expect(renderTerminal(sampleWaitingReport, plain)).toMatchInlineSnapshot(`
    "hive gate   example-hive   4f2c1e9 on feature/pg, base main 9a0b7d2

      ✓ code quality  pass   212 tests, 0 failed, 0 skipped                     14 s
      ✓ migration     pass   8 databases, 184,220 rows, every value proved     9.2 s
                             12 orphans, 2 views accepted in hive.yml
      ✓ performance   pass   p95 write 31.4 ms [30.2, 33.0], target < 50 ms     48 s
                             1,098 messages/s delivered, target > 1,000
      … acceptance    waits  /approve by the Product Agent

      Ready for acceptance: 3 of 4 gates passed.
      report   .hive/runs/20261122T091500Z/report.html
      next     push, and ask the Product Agent for /approve"
  `)
})

test('renderTerminal() names every verdict by glyph and word, also without UTF-8', () => {
  expect(renderTerminal(sampleReport, { ...plain, unicode: false })).toMatchInlineSnapshot(`
    "hive gate   example-hive   4f2c1e9 on feature/pg, base main 9a0b7d2

      ok   code quality  pass       212 tests, 0 failed, 0 skipped              14 s
      ok   migration     pass       8 databases, 184,220 rows,                 9.2 s
                                    every value proved
                                    12 orphans, 2 views accepted in hive.yml
      ERR  protocol      error      could not start Redis: redis-server is    310 ms
                                    not on PATH, wanted 7.0 or newer
      skip integration   skipped    no scenario is written before phase 2
      FAIL performance   fail       p95 write 61.4 ms [58.9, 64.0],             48 s
                                    target < 50 ms
                                    1,098 messages/s delivered, target > 1,000
      ?    chaos         undecided  0 of 200 kills lost a message              5 min
                                    50 Redis kills not run: time limit of 5
                                    min reached
      wait acceptance    waits      /approve by the Product Agent

      Not ready: protocol could not be measured, performance failed, chaos is
      undecided.
      report   .hive/runs/20261122T091500Z/report.html
      next     install Redis 7.0 or newer, or set HIVE_REDIS_URL; npx agent-hive
               doctor says what else is missing
      next     the slow part is INSERT INTO messages (src/store.ts:88)"
  `)
})

test('renderTerminal() stays within the columns at every width, in both alphabets', () => {
  for (const unicode of [true, false]) {
    for (let columns = 60; columns <= 140; columns += 4) {
      const lines = renderTerminal(sampleReport, { columns, colour: false, unicode }).split('\n')
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
    }
  }
})

test('renderTerminal() adds colour only where it is wanted, and no cursor movement ever', () => {
  const coloured = renderTerminal(sampleReport, { ...plain, colour: true })
  expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(sampleReport, plain))
  expect(coloured.replaceAll(/\p{Cc}\[[0-9;]*m/gu, '')).not.toContain('\u001b')
  expect(renderTerminal(sampleReport, plain)).not.toContain('\u001b')
})

test('renderTerminal() makes outside text inert', () => {
  const summary = 'a\u001b[2J\u202eb\r\nfake line'
  const text = renderTerminal(
    { ...sampleReport, project: 'p\u0007', results: [{ ...sampleResults.codeQuality, summary }] },
    plain,
  )
  expect(text).toContain('hive gate   p[U+0007]')
  expect(text).toContain('a[U+202E]b')
  expect(text).not.toContain('\u001b')
})

test('wrap() and wrapClauses() break at spaces, commas and, where they must, inside words', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrap('abcdefghijk', 8)).toEqual(['abcdefgh', 'ijk'])
  expect(wrapClauses('p95 61.4 ms [58.9, 64.0], target < 50 ms', 28)).toEqual([
    'p95 61.4 ms [58.9, 64.0],',
    'target < 50 ms',
  ])
  expect(wrapClauses('other programs used 19.4 % of the CPU meanwhile, at most 15 %', 30)).toEqual([
    'other programs used 19.4 % of',
    'the CPU meanwhile, at most 15',
    '%',
  ])
  expect(displayWidth('日本✓é')).toBe(6)
})

test('renderDbCheckTerminal() shows snapshot, proof, decisions and the next command', () => {
  expect(renderDbCheckTerminal(sampleDbCheck, plain)).toMatchInlineSnapshot(`
    "snapshot   412 MB, 23 tables, 1,204,611 rows; the source is untouched
    server     PostgreSQL 18.4, private, temporary
    proved     1,204,606 of 1,204,611 rows, every value                         14 s
    decide     users.age: 1 × '' in an INTEGER column  null | quarantine | text
               chat_file.chat_id: 4 orphans            keep | null | quarantine
               events.created_at: no time zone         zone
    left out   view daily_totals: uses julianday()
               virtual table docs_fts: FTS5 is an extension of SQLite
    wrote      hive-decisions.yml, hive-report.html
    next       npx agent-hive db copy app.db --to postgresql://… --decisions
               hive-decisions.yml

    ✗ 5 rows would not arrive as they are."
  `)
  const wide = Array.from({ length: 60 }, (_, index) => ({ subject: `t.c${index}`, problem: 'x', options: ['null'] }))
  const many = renderDbCheckTerminal({ ...sampleDbCheck, decisions: wide }, plain)
  expect(many).toContain('40 decisions more: see the report')
  for (let columns = 50; columns <= 120; columns += 7) {
    const lines = renderDbCheckTerminal(sampleDbCheck, { columns, colour: false, unicode: false }).split('\n')
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
  }
})
