import { expect, test } from 'vitest'
import type { Evidence } from '../../../src/evidence/index.ts'
import { evidence, hiveYml, setStage, type Stage, type StageOptions } from './stage.ts'

const config = hiveYml.replace(
  '  acceptance: {}',
  `  service:
    commands: [{ run: npm run service }]
    paths: ['service/**']
  performance: {}
  whole: { commands: [{ run: npm run e2e }], when: merge-queue }
  soak: { commands: [{ run: npm run soak }], when: nightly }
  acceptance: {}`,
)

const measures: Evidence['measures'] = [
  { name: 'p95 write', unit: 'ms', value: 31, target: { op: '<', value: 50 } },
  { name: 'delivered', unit: 'messages/s', value: 1_100, target: { op: '>', value: 1_000 } },
]

/** Passing evidence of these gates for a commit. */
function results(commit: string, gates: readonly string[], part: Partial<Evidence> = {}): Evidence[] {
  return gates.map((gate) =>
    evidence(config, { commit, gate, ...(gate === 'performance' ? { measures } : {}), ...part }),
  )
}

const setTimed = (options: StageOptions = {}): Promise<Stage> => setStage({ config, ...options })

function titleOf(stage: Stage, name = 'readiness', sha = stage.head()): string {
  return stage.repo.checkRuns(sha).findLast((run) => run.name === `hive / ${name}`)?.title ?? ''
}

test('a draft waits for what runs when it is ready, and says so', async () => {
  await using stage = await setTimed({ draft: true })
  await stage.publish(stage.gatesRun({ results: results(stage.head(), ['code-quality']) }))
  expect(stage.checks()).toEqual({
    'hive / code-quality': 'success',
    'hive / service': 'skipped',
    'hive / acceptance': 'in_progress',
    'hive / readiness': 'in_progress',
  })
  expect(titleOf(stage)).toContain('performance (runs when the pull request is ready for review)')
  expect(stage.statusComment()).toContain('runs when the pull request is ready for review')
  expect(stage.statusComment()).toContain('runs in the merge queue')
  expect(stage.github.violations()).toEqual([])
})

test('a run that began on a draft is not blamed for what it left out; one that began later is', async () => {
  await using stage = await setTimed({ draft: true })
  const early = stage.gatesRun({ results: results(stage.head(), ['code-quality']) })
  stage.github.advance(5_000)
  stage.repo.setDraft(stage.number, false)
  await stage.publish(early)
  expect(stage.checks()).not.toHaveProperty('hive / performance')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'in_progress' })
  stage.github.advance(5_000)
  await stage.publish(stage.gatesRun({ results: results(stage.head(), ['code-quality']) }))
  expect(stage.checks()).toMatchObject({ 'hive / performance': 'failure', 'hive / readiness': 'failure' })
  await stage.say('sam', '/retest performance')
  await stage.publish(stage.gatesRun({ results: results(stage.head(), ['code-quality', 'performance']) }))
  stage.github.advance(15_000)
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toMatchObject({ 'hive / performance': 'success', 'hive / readiness': 'success' })
  expect(stage.github.violations()).toEqual([])
})

test('a change elsewhere needs no gate of a path, and a push that touches it does', async () => {
  await using stage = await setTimed()
  const gates = ['code-quality', 'performance']
  await stage.publish(stage.gatesRun({ results: results(stage.head(), gates) }))
  expect(stage.checks()).toMatchObject({ 'hive / service': 'skipped' })
  expect(stage.repo.checkRuns(stage.head()).find(({ name }) => name === 'hive / service')?.summary).toContain(
    'no changed file under service/\\*\\*',
  )
  stage.github.advance(15_000)
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'success' })
  stage.repo.pushCommit({ branch: 'feature', files: { 'service/.env': 'A=1\n' }, author: 'eve' })
  await stage.publish(stage.gatesRun({ results: results(stage.head(), gates) }))
  expect(stage.checks()).toMatchObject({ 'hive / service': 'failure', 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

test('paths that the pull request itself narrows excuse nothing', async () => {
  const narrowed = config.replace("['service/**']", "['nothing/**']")
  await using stage = await setTimed({ headFiles: { 'hive.yml': narrowed, 'service/a.ts': '' } })
  await stage.publish(stage.gatesRun({ results: results(stage.head(), ['code-quality', 'performance']) }))
  expect(stage.checks()).toMatchObject({ 'hive / service': 'failure', 'hive / readiness': 'failure' })
  expect(stage.statusComment()).toContain('service: other paths')
  expect(stage.github.violations()).toEqual([])
})

test('what was measured against another base counts for this one no more', async () => {
  await using stage = await setTimed()
  stage.repo.pushCommit({ branch: 'release', files: { 'r.txt': 'r' } })
  const gates = ['code-quality', 'performance']
  await stage.publish(stage.gatesRun({ results: results(stage.head(), gates, { baseRef: 'main' }) }))
  stage.github.advance(15_000)
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'success' })
  stage.repo.changeBase(stage.number, 'release')
  await stage.say('eve', '/status')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'in_progress' })
  expect(titleOf(stage)).toContain('Waits for code-quality, performance')
  // A run of before, published late, brings nothing back.
  await stage.publish(stage.gatesRun({ results: results(stage.head(), gates, { baseRef: 'main' }) }))
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'in_progress' })
  expect(stage.github.violations()).toEqual([])
})

const elsewhere: readonly (readonly [string, readonly string[], string])[] = [
  ['push', ['code-quality', 'service'], 'Ready: 2 of 2 gates passed'],
  ['schedule', ['code-quality', 'service', 'performance', 'whole', 'soak'], 'Ready: 5 of 5 gates passed'],
  [
    'workflow_dispatch',
    ['code-quality', 'service', 'performance', 'whole'],
    'Not ready: soak failed, 4 of 5 gates passed',
  ],
]

test.each(elsewhere)('the event %s asks the default branch for what it runs', async (event, gates, title) => {
  await using stage = await setTimed()
  const headSha = stage.repo.head('main')
  const run = stage.gatesRun({ headSha, event, headBranch: 'main', results: results(headSha, gates, { event }) })
  await stage.publish(run)
  expect(titleOf(stage, 'readiness', headSha)).toBe(title)
  expect(stage.github.violations()).toEqual([])
})

test('a start by hand on another branch is not published', async () => {
  await using stage = await setTimed()
  const event = 'workflow_dispatch'
  const all = results(stage.head(), ['code-quality', 'service', 'performance', 'whole', 'soak'], { event })
  const result = await stage.publish(stage.gatesRun({ event, results: all }))
  expect(JSON.parse(result.outputs['result'] ?? '')).toMatchObject({ kind: 'ignored' })
  expect(stage.checks()).toEqual({})
  expect(stage.github.violations()).toEqual([])
})
