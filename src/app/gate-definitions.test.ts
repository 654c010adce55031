import { expect, test } from 'vitest'
import { parseConfig } from '../config/index.ts'
import { weakerDefinitions } from './gate-definitions.ts'

const base = `version: 1
project: shop
roles: { product: [pat#1] }
gates:
  code-quality:
    commands: [{ run: npm test }]
  ci:
    check: CI / test
  performance:
    targets: { p95WriteMs: 50, deliveredPerS: 1000 }
  acceptance: {}
`
const parse = (text: string) => parseConfig(text, 'hive.yml')
const headSha = 'a'.repeat(40)
const compare = (head: string, changedWorkflows: readonly string[] = []) =>
  weakerDefinitions({ base: parse(base), head: parse(head), headSha, changedWorkflows })

test('weakerDefinitions() finds nothing in a head that demands as much or more', () => {
  expect(compare(base)).toBeUndefined()
  expect(compare(base.replace('p95WriteMs: 50', 'p95WriteMs: 40'))).toBeUndefined()
  expect(compare(base.replace('  acceptance: {}', '  protocol: {}\n  acceptance: {}'))).toBeUndefined()
  expect(compare(base.replace('pat#1', 'eve#2'))).toBeUndefined()
})

const weaker: readonly (readonly [string, string, string])[] = [
  ['p95WriteMs: 50', 'p95WriteMs: 51', 'performance: target p95 write 51 ms, was 50 ms'],
  ['deliveredPerS: 1000', 'deliveredPerS: 999', 'performance: target 999 messages/s, was 1000 messages/s'],
  ['run: npm test', 'run: "true"', 'code-quality: other commands'],
  ['check: CI / test', 'check: CI / lint', 'ci: another Check'],
  ['  code-quality:\n', '  code-quality:\n    required: false\n', 'code-quality: no longer required'],
  ['  code-quality:\n', '  code-quality:\n    skip: { reason: later }\n', 'code-quality: skipped (later)'],
  ['  code-quality:\n', '  code-quality:\n    when: nightly\n', 'code-quality: runs at nightly, was push'],
  ['  code-quality:\n    commands: [{ run: npm test }]\n', '', 'code-quality: removed'],
]

test.each(weaker)('weakerDefinitions() names %j → %j', (from, to, change) => {
  expect(base).toContain(from)
  expect(compare(base.replace(from, to))?.changes).toContain(change)
})

test('weakerDefinitions() hashes what is accepted: the same change again, but not another one', () => {
  const first = compare(base.replace('p95WriteMs: 50', 'p95WriteMs: 60'))
  const again = weakerDefinitions({
    base: parse(base),
    head: parse(base.replace('p95WriteMs: 50', 'p95WriteMs: 60')),
    headSha: 'b'.repeat(40),
    changedWorkflows: [],
  })
  const other = compare(base.replace('p95WriteMs: 50', 'p95WriteMs: 70'))
  expect(first?.hash).toMatch(/^[0-9a-f]{12}$/)
  expect(again?.hash).toBe(first?.hash)
  expect(other?.hash).not.toBe(first?.hash)
})

test('weakerDefinitions() binds a changed workflow to its commit, and takes a lost hive.yml as weaker', () => {
  const change = (sha: string) =>
    weakerDefinitions({
      base: parse(base),
      head: parse(base),
      headSha: sha,
      changedWorkflows: ['.github/workflows/hive-gates.yml'],
    })?.hash
  expect(change(headSha)).not.toBe(change('b'.repeat(40)))
  expect(weakerDefinitions({ base: parse(base), headSha, changedWorkflows: [] })?.changes).toEqual([
    'hive.yml is missing or invalid in this head',
  ])
})
