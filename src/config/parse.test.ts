import { array, check, constantFrom, defaultReportMessage, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { isHiveError } from '../core/errors.ts'
import type { ConfigIssue } from './issue.ts'
import { parseConfig } from './parse.ts'

const smallest = 'version: 1\nproject: demo\ngates:\n  code-quality: { commands: [{ run: npm test }] }\n'

function issuesOf(text: string): readonly ConfigIssue[] {
  try {
    parseConfig(text, 'hive.yml')
  } catch (error) {
    if (isHiveError(error, 'HIVE_CONFIG_INVALID')) return error.data['issues'] as readonly ConfigIssue[]
    throw error
  }
  return []
}

function lineOf(issue: ConfigIssue | undefined): string {
  return issue === undefined ? '' : `${issue.line}:${issue.column} ${issue.path}: ${issue.message}`
}

test('parseConfig() fills in the defaults and freezes everything', () => {
  const config = parseConfig(`${smallest}  performance: {}\n  protocol: {}\n`, 'hive.yml')
  expect(config.sync).toEqual({ times: ['09:00', '13:00', '18:00'], zone: 'UTC' })
  expect(config.publish).toEqual({ checks: 'each', comment: 'always' })
  expect(config.gates).toEqual([
    {
      id: 'code-quality',
      required: true,
      when: 'push',
      paths: [],
      kind: 'commands',
      commands: [{ name: 'npm test', run: 'npm test', timeoutMs: 600_000 }],
    },
    {
      id: 'performance',
      required: true,
      when: 'ready',
      paths: [],
      kind: 'performance',
      targets: { p95WriteMs: 50, deliveredPerS: 1_000 },
      load: { agents: 100, ratePerS: 1_100, warmupMs: 5_000, durationMs: 30_000 },
    },
    { id: 'protocol', required: true, when: 'push', paths: [], kind: 'protocol' },
  ])
  expect(Object.isFrozen(config.gates[0]) && Object.isFrozen(config.sync.times)).toBe(true)
})

test('parseConfig() turns accounts and durations into values', () => {
  const config = parseConfig(
    `${smallest}roles: { product: ["octocat#583231"] }
agents:
  constructor: { role: Builds, accounts: ["hive-bot[bot]#42"] }
plan:
  hoursPerDay: 6
  phases: [{ id: one, name: One, tasks: [{ id: a, name: A, agent: constructor, estimate: 2d }] }]
`,
    'hive.yml',
  )
  expect(config.roles.product).toEqual([{ login: 'octocat', id: 583_231 }])
  expect(config.agents).toEqual([
    { id: 'constructor', role: 'Builds', accounts: [{ login: 'hive-bot[bot]', id: 42 }], capacity: 1 },
  ])
  expect(config.plan?.phases[0]?.tasks[0]).toMatchObject({ phase: 'one', estimateMs: 12 * 3_600_000, needs: [] })
})

test('parseConfig() reports every problem of the schema with its place', () => {
  const issues = issuesOf(`version: 1
project: demo
agnets: {}
gates:
  performance:
    targets: { p95WriteMs: fast }
    required: "yes"
  protocol:
  Bad: {}
migration:
  sources: [3, { path: x, shema: y }]
sync: { times: [9:00] }
`)
  expect(issues.map(lineOf)).toEqual([
    '3:1 agnets: found the unknown key agnets, wanted perhaps agents',
    '6:16 gates.performance.targets.p95WriteMs: found the text "fast", wanted a number',
    '7:5 gates.performance.required: found the text "yes", wanted true or false',
    '8:3 gates.protocol: found nothing, wanted a mapping ({} for all defaults)',
    '9:3 gates.Bad: found the key "Bad", wanted an id of at most 50 characters of a-z, 0-9, _ and -, beginning with a letter',
    '11:13 migration.sources[0]: found the number 3, wanted text (in quotes if it looks like a number), or a mapping',
    '11:27 migration.sources[1].shema: found the unknown key shema, wanted perhaps schema',
    '12:17 sync.times[0]: found the text "9:00", wanted a time of day such as 09:00',
  ])
})

test('parseConfig() shows the first five problems in its message and counts the rest', () => {
  const gates = Array.from({ length: 300 }, (_unused, index) => `  g${index}: 1\n`).join('')
  let caught: unknown
  try {
    parseConfig(`version: 1\nproject: x\ngates:\n${gates}`, 'hive.yml')
  } catch (error) {
    caught = error
  }
  expect(isHiveError(caught, 'HIVE_CONFIG_INVALID') && caught.message.split('\n')).toEqual([
    'could not use hive.yml: 300 problems',
    ...[4, 5, 6, 7, 8].map((line) => `  line ${line}: gates.g${line - 4}: found the number 1, wanted a mapping`),
    '  and 295 more',
  ])
  expect(isHiveError(caught) && caught.data).toMatchObject({ total: 300, issues: { length: 200 } })
})

test('parseConfig() refuses more than a mebibyte', () => {
  expect(() => parseConfig(`${smallest}#${'x'.repeat(1024 * 1024)}`, 'hive.yml')).toThrow('larger than 1048576 bytes')
})

/** Files as large as they may be, or a quarter of it where the machine is shared by the whole suite. */
const hostileBytes = 1024 * (process.env['HIVE_TEST_PROFILE'] === 'full' ? 1024 : 256)

function filled(head: string, line: (index: number) => string): string {
  const lines: string[] = []
  let size = head.length
  for (let index = 0; size < hostileBytes - 200; index += 1) {
    lines.push(line(index))
    size += line(index).length + 1
  }
  return `${head}${lines.join('\n')}\n`
}

const planHead = `${smallest}agents: { a: { role: A } }\nplan:\n  phases:\n  - id: p\n    name: P\n    tasks:\n`

// Each is made to hurt one part. Quadratic work would take minutes; a mebibyte takes a second or two.
test.each([
  ['unknown keys', filled(smallest, (index) => `unknown${index}: 1`)],
  [
    'unknown needs',
    filled(
      planHead,
      (index) => `    - {id: t${index}, name: N, agent: a, estimate: 1h, needs: [x${index}, y${index}, z${index}]}`,
    ),
  ],
  ['unknown gates', filled(smallest, (index) => `  code-qualtiy${index}: {}`)],
  [
    'a long cycle',
    filled(
      planHead,
      (index) => `    - {id: t${index}, name: N, agent: a, estimate: 1h, needs: [t${(index + 1) % 4_000}]}`,
    ),
  ],
  [
    'one need of all',
    filled(
      planHead,
      (index) => `    - {id: t${index}, name: N, agent: a, estimate: 1h, needs: [t${index === 0 ? 1 : 0}]}`,
    ),
  ],
  ['deep maps', 'a: '.repeat(hostileBytes / 4)],
])('parseConfig() stays quick on a large file of %s', (_name, text) => {
  const started = performance.now()
  expect(() => parseConfig(text, 'hive.yml')).toThrow(/could not (use|read) hive.yml/)
  expect(performance.now() - started).toBeLessThan(20_000)
})

/** Pieces of real files, so that the search reaches the rules and not only the YAML parser. */
const pieces = `version: 1|project: x|gates:|  performance: {}|  acceptance:|plan:|  phases:|    - id: a|
      tasks: [{id: a, name: b, agent: c, estimate: 1h, needs: [a]}]|*x|&x |!t |: |- |{|}|[|]|  |"|'|# |__proto__|<<: |1e999`
  .split('|')
  .concat('\n', '|\n', '\t', '\u0000', '\uFEFF')

test('parseConfig() throws nothing but catalogue errors, and every issue has a line', () => {
  const outcome = check(
    property(array(oneof(constantFrom(...pieces), string({ unit: 'binary' })), { maxLength: 30 }), (parts) => {
      const text = parts.join('')
      const places = placesOf(text)
      const lines = text.split(/\r?\n/).length
      return places.every(({ line, column }) => line >= 1 && line <= lines && column >= 1)
    }),
    { numRuns: process.env['HIVE_TEST_PROFILE'] === 'full' ? 20_000 : 2_000 },
  )
  expect(outcome.failed, `seed ${outcome.seed}: ${defaultReportMessage(outcome) ?? ''}`).toBe(false)
})

/** Where the problems of a text lie; rethrows what is no catalogue error. */
function placesOf(text: string): readonly { readonly line: number; readonly column: number }[] {
  try {
    parseConfig(text, 'hive.yml')
    return []
  } catch (error) {
    if (!isHiveError(error)) throw error
    const { issues, line = 0, column = 0 } = error.data as Partial<ConfigIssue> & { issues?: readonly ConfigIssue[] }
    return issues ?? [{ line, column }]
  }
}
