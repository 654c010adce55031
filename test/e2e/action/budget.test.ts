import { expect, test } from 'vitest'
import type { Evidence } from '../../../src/evidence/index.ts'
import { evidence, hiveYml, setStage, type Stage } from './stage.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => `gate-${letter}`)

/** Ten gates: code-quality, eight more, acceptance. */
function tenGates(checks: 'one' | 'each'): string {
  const gates = names.map((name) => `  ${name}: { commands: [{ run: npm run ${name} }] }\n`).join('')
  return `${hiveYml.replace('  acceptance: {}\n', `${gates}  acceptance: {}\n`)}publish: { checks: ${checks} }\n`
}

const results = (stage: Stage, config: string, part: Partial<Evidence> = {}): Evidence[] =>
  ['code-quality', ...names].map((gate) => evidence(config, { commit: stage.head(), gate, ...part }))

test('with one Check, ten gates are published in eleven requests and approved in eight', async () => {
  const config = tenGates('one')
  await using stage = await setStage({ config })
  const run = stage.gatesRun({ results: results(stage, config) })
  await stage.publish(run)
  expect(stage.github.counts()).toMatchObject({ reads: 9, writes: 2 })
  expect(stage.checks()).toEqual({ 'hive / readiness': 'in_progress' })
  stage.github.advance(15_000)
  stage.github.clearRequests()
  await stage.say('pat', '/approve')
  expect(stage.github.counts()).toMatchObject({ reads: 5, writes: 3 })
  expect(stage.checks()).toEqual({ 'hive / readiness': 'success' })
  // Nothing of it is written again, by whatever event.
  stage.github.clearRequests()
  await stage.publish(run)
  await stage.sync()
  await stage.sync()
  expect(
    stage.github
      .requests()
      .filter(({ operation }) => /check-runs|comments/.test(operation ?? '') && !operation?.startsWith('GET')),
  ).toEqual([])
  expect(stage.github.violations()).toEqual([])
})

test('with a Check a gate, each gate costs one write more', async () => {
  const config = tenGates('each')
  await using stage = await setStage({ config })
  await stage.publish(stage.gatesRun({ results: results(stage, config) }))
  expect(stage.github.counts()).toMatchObject({ reads: 9, writes: 12 })
  stage.github.advance(15_000)
  stage.github.clearRequests()
  await stage.say('pat', '/approve')
  expect(stage.github.counts()).toMatchObject({ reads: 5, writes: 4 })
  expect(stage.github.violations()).toEqual([])
})

test('one Check remembers failures, attempts and approvals as many do, within the limits of GitHub', async () => {
  const config = tenGates('one')
  await using stage = await setStage({ config })
  // Text that zip cannot make small, and that grows when it is escaped.
  const noise = (seed: number): string =>
    Array.from({ length: 60 }, (_, index) => ((seed * 7_919 + index * 104_729) ** 3).toString(36)).join('<')
  const findings = Array.from({ length: 200 }, (_, index) => ({
    code: 'TEST_FAILED',
    severity: 'error' as const,
    message: `<!-- @all ${noise(index)}`,
    location: { path: 'src/store.ts', startLine: index + 1 },
  }))
  const red = { verdict: 'fail', summary: '200 tests failed', findings } as const
  await stage.publish(stage.gatesRun({ results: results(stage, config, red) }))
  expect(stage.checks()).toEqual({ 'hive / readiness': 'failure' })
  expect(stage.repo.checkRuns(stage.head())[0]?.annotations).toHaveLength(50)
  const explained = await stage.say('eve', '/explain gate-c')
  expect(explained.result.exitCode).toBe(0)
  expect(stage.replies()[0]).toContain('200 tests failed')
  await stage.publish(stage.gatesRun({ results: results(stage, config) }))
  expect(stage.checks()).toEqual({ 'hive / readiness': 'action_required' })
  stage.github.advance(15_000)
  await stage.say('sam', '/retest')
  stage.github.advance(5_000)
  await stage.publish(stage.gatesRun({ results: results(stage, config) }))
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toEqual({ 'hive / readiness': 'success' })
  const changed = config.replace('acceptance: {}', 'acceptance:\n    acceptance: { expires: 7d }')
  stage.repo.pushCommit({ files: { 'hive.yml': changed }, author: 'ada' })
  await stage.say('eve', '/status')
  await stage.say('eve', '/status')
  expect(stage.checks()).toEqual({ 'hive / readiness': 'in_progress' })
  expect(stage.github.violations()).toEqual([])
})

test('a pull request may pass from a Check a gate to one for all, and back', async () => {
  await using stage = await setStage()
  await stage.publish()
  const one = `${hiveYml}publish: { checks: one }\n`
  stage.repo.pushCommit({ files: { 'hive.yml': one }, author: 'ada' })
  await stage.publish(stage.gatesRun({ results: [evidence(one, { commit: stage.head(), verdict: 'fail' })] }))
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  stage.repo.pushCommit({ files: { 'hive.yml': hiveYml }, author: 'ada' })
  await stage.publish(stage.gatesRun({ results: [evidence(hiveYml, { commit: stage.head(), verdict: 'fail' })] }))
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'failure', 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})
