import { expect, test } from 'vitest'
import { isHiveError } from '../core/errors.ts'
import type { ConfigIssue } from './issue.ts'
import { parseConfig } from './parse.ts'

const head = 'version: 1\nproject: demo\n'
const gates = 'gates: { code-quality: { commands: [{ run: npm test }] } }\n'

function problemsOf(text: string): readonly string[] {
  try {
    parseConfig(head + text, 'hive.yml')
    return []
  } catch (error) {
    if (!isHiveError(error, 'HIVE_CONFIG_INVALID')) throw error
    return (error.data['issues'] as readonly ConfigIssue[]).map(({ path, message }) => `${path}: ${message}`)
  }
}

function plan(tasks: readonly string[]): string {
  const lines = tasks.map((task) => `        - { name: T, agent: dev, estimate: 1h, ${task} }\n`).join('')
  return `${gates}agents: { dev: { role: Dev } }\nplan:\n  phases:\n    - id: one\n      name: One\n      tasks:\n${lines}`
}

test('planRules() accepts needs across tasks in any order', () => {
  expect(problemsOf(plan(['id: a, needs: [b]', 'id: b, gates: [code-quality]']))).toEqual([])
})

test('planRules() names agents, tasks and gates that do not exist', () => {
  expect(problemsOf(plan(['id: schema', 'id: b, needs: [shema], gates: [performance]']))).toEqual([
    'plan.phases[0].tasks[1].needs[0]: found the task shema, which does not exist, wanted perhaps schema',
    'plan.phases[0].tasks[1].gates[0]: found the gate performance, which does not exist, wanted one of code-quality',
  ])
  expect(problemsOf(plan(['id: a']).replace('dev: { role: Dev }', ''))).toEqual([
    'plan.phases[0].tasks[0].agent: found the agent dev, which does not exist, wanted one of the agents, and there are none',
  ])
})

test('planRules() names the cycle, not the tasks behind it', () => {
  expect(
    problemsOf(plan(['id: z, needs: [a]', 'id: a, needs: [b]', 'id: b, needs: [c]', 'id: c, needs: [a]'])),
  ).toEqual(['plan.phases[0].tasks[1].needs: found a cycle, wanted none: a needs b needs c needs a'])
  expect(problemsOf(plan(['id: a, needs: [a]']))).toEqual([
    'plan.phases[0].tasks[0].needs: found a cycle, wanted none: a needs a',
  ])
})

test('planRules() wants ids that are unique over all phases', () => {
  const text = plan(['id: a', 'id: a']) + '    - { id: one, name: Again, tasks: [] }\n'
  expect(problemsOf(text)).toEqual([
    'plan.phases[0].tasks[1].id: found a twice, wanted it once',
    'plan.phases[1].id: found one twice, wanted it once',
  ])
})

test.each([
  ['gates: {}', ['gates: found no gate, wanted at least one']],
  ['gates: { mine: {} }', ['gates.mine: found neither commands nor check, wanted one of them']],
  [
    'gates: { mine: { check: CI / test, commands: [{ run: x }] } }',
    ['gates.mine.check: found commands and check, wanted one of them'],
  ],
  [
    'gates: { protocol: { commands: [{ run: x }], targets: {}, load: {}, acceptance: {} } }',
    [
      'gates.protocol.commands: found commands, wanted none: protocol is measured by Agent Hive, or read from a check',
      'gates.protocol.targets: found targets on the gate protocol, wanted it on performance only',
      'gates.protocol.load: found load on the gate protocol, wanted it on performance only',
      'gates.protocol.acceptance: found acceptance on the gate protocol, wanted it on acceptance only',
    ],
  ],
  ['gates: { migration: {} }', ['gates.migration: found no section migration, wanted its sources there']],
  [
    'gates: { acceptance: {} }',
    ['gates.acceptance: found nobody in roles.product, wanted at least 1, because the gate acceptance is required'],
  ],
  [
    'gates: { acceptance: { acceptance: { quorum: 2 } } }\nroles: { product: ["a#1"] }',
    ['roles.product: found 1 in roles.product, wanted at least 2, because the gate acceptance is required'],
  ],
  ['gates: { acceptance: { required: false } }', []],
  ['gates: { acceptance: { skip: { reason: later } } }', []],
  [
    'gates: { protocol: { skip: {} } }',
    ['gates.protocol.skip.reason: missing, wanted text (in quotes if it looks like a number)'],
  ],
  [
    'gates: { protocol: { skip: { reason: "  " } } }',
    ['gates.protocol.skip.reason: found the text "  ", wanted one line of text'],
  ],
  [
    'gates: { performance: { load: { duration: 0s, url: "http://me:hunter2@host/" } } }',
    [
      'gates.performance.load.duration: found 0s, wanted at least 1s',
      'gates.performance.load.url: found a URL with a user or password in it, wanted it without',
    ],
  ],
])('gateRules() on %s', (text, problems) => {
  expect(problemsOf(`${text}\n`)).toEqual(problems)
})

test('migrationRules() wants one amount an acceptance, and each once', () => {
  const text = `${gates}migration:
  sources: [a.db, a.db, { path: "x/*.db", schema: one }, { path: b.db, schema: hive }]
  decisions: { timeZone: Europe/Atens }
  accept:
    orphans:
      - { table: a.t, reason: old }
      - { table: a.t, reason: old, count: 1, atMost: 2 }
    notCarried: [{ object: a.v, reason: view }, { object: a.v, reason: view }]
`
  expect(problemsOf(text)).toEqual([
    'migration.sources[1]: found a.db twice, wanted it once',
    'migration.sources[2].schema: found one schema for the pattern "x/*.db", wanted one schema a database',
    'migration.sources[3].schema: found the schema hive, which is taken, wanted another name',
    'migration.decisions.timeZone: found the time zone "Europe/Atens", wanted an IANA name, perhaps Europe/Athens',
    'migration.accept.orphans[0]: found neither count nor atMost, wanted one of them',
    'migration.accept.orphans[1]: found a.t twice, wanted it once',
    'migration.accept.orphans[1].atMost: found count and atMost, wanted one of them',
    'migration.accept.notCarried[1].object: found a.v twice, wanted it once',
  ])
})

test('migrationRules() wants either a path or a profile, and proof and signer with a profile only', () => {
  const text = `${gates}migration:
  sources:
    - { schema: one }
    - { path: a.db, profile: a.json }
    - { path: b.db, proof: b.json, signer: "ed25519:${'a'.repeat(43)}" }
    - { profile: "*.json", proof: c.json }
    - { profile: d.json, proof: d.proof.json }
`
  expect(problemsOf(text)).toEqual([
    'migration.sources[0]: found neither path nor profile, wanted one of them',
    'migration.sources[1].profile: found path and profile, wanted one of them',
    'migration.sources[2].proof: found a proof without a profile, wanted both',
    'migration.sources[2].signer: found a signer without a profile, wanted both',
    'migration.sources[3].profile: found the pattern "*.json", wanted the path of one profile',
  ])
})

test('crossRules() checks sync times, zone, risks, success criteria, environments and accounts', () => {
  const text = `${gates}agents: { dev: { role: Dev, accounts: ["Octo#1"], operator: "octo#2" } }
roles: { product: ["octo#1", "octo#1"], admin: ["other#1"] }
sync: { times: ["09:00", "09:00"], zone: Mars/Olympus }
risks: [{ id: r, title: R, severity: low, owner: def }, { id: r, title: R, severity: low }]
success: [{ id: s, text: S, gate: code_quality }]
environments: { staging: { url: "staging.example" } }
`
  expect(problemsOf(text)).toEqual([
    'agents.dev.operator: found octo#2, wanted the id 1 that this login has above',
    'roles.product[1]: found octo#1 twice in one list, wanted it once',
    'roles.admin[0]: found other#1, wanted the login octo that this id has above',
    'sync.times[1]: found 09:00 twice, wanted it once',
    'sync.zone: found the time zone "Mars/Olympus", wanted an IANA name such as Europe/Athens',
    'risks[0].owner: found the agent def, which does not exist, wanted perhaps dev',
    'risks[1].id: found r twice, wanted it once',
    'success[0].gate: found the gate code_quality, which does not exist, wanted perhaps code-quality',
    'environments.staging.url: found no URL, wanted one that begins with http:// or https://',
  ])
})
