import { expect, test } from 'vitest'
import { configHash, planHash, policyHash } from './hash.ts'
import { parseConfig } from './parse.ts'

const text = `version: 1
project: demo
roles: { product: ["octocat#1"] }
agents: { dev: { role: Dev } }
plan: { phases: [{ id: p, name: P, tasks: [{ id: t, name: T, agent: dev, estimate: 1h }] }] }
gates:
  performance: { targets: { p95WriteMs: 50 } }
  acceptance: {}
migration: { sources: [a.db] }
`

function changes(from: string, to: string): { config: boolean; policy: boolean; plan: boolean } {
  expect(text).toContain(from)
  const [before, after] = [parseConfig(text, 'a'), parseConfig(text.replace(from, to), 'b')]
  return {
    config: configHash(before) !== configHash(after),
    policy: policyHash(before) !== policyHash(after),
    plan: planHash(before) !== planHash(after),
  }
}

test('an edited estimate or a renamed account changes no hash', () => {
  expect(changes('estimate: 1h', 'estimate: 2h')).toEqual({ config: false, policy: false, plan: false })
  expect(changes('octocat#1', 'renamed#1')).toEqual({ config: false, policy: false, plan: false })
})

test('a default that is written out changes no hash', () => {
  expect(changes('{ p95WriteMs: 50 }', '{ deliveredPerS: 1000 }')).toEqual({
    config: false,
    policy: false,
    plan: false,
  })
})

test('each hash changes with what it stands for', () => {
  expect(changes('p95WriteMs: 50', 'p95WriteMs: 60')).toEqual({ config: true, policy: false, plan: false })
  expect(changes('octocat#1', 'octocat#2')).toEqual({ config: false, policy: true, plan: false })
  expect(changes('acceptance: {}', 'acceptance: { acceptance: { requireSha: true } }')).toEqual({
    config: true,
    policy: true,
    plan: false,
  })
  expect(changes('[a.db]', '[a.db, b.db]')).toEqual({ config: true, policy: false, plan: true })
})
