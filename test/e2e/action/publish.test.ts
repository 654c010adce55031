import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Finding } from '../../../src/evidence/index.ts'
import { zipOf } from '../../support/github/index.ts'
import { evidence, hiveYml, setStage, type RunShape } from './stage.ts'

const failed = { 'hive / code-quality': 'failure', 'hive / readiness': 'failure' }

/**
 * What a job that ran a stranger's code may upload, and the reason that stands in the failing Check. The other ways
 * to forge are in `evidence-artifact.test.ts` and `zip.test.ts`, without the process around them.
 */
const forgeries: readonly (readonly [string, RunShape, string])[] = [
  ['of another head', { forge: (bundle) => ({ ...bundle, headSha: 'c'.repeat(40) }) }, 'EVIDENCE_MISMATCH'],
  ['that is not JSON', { forge: () => '{"schemaVersion":1' }, 'EVIDENCE_NOT_JSON'],
  ['that is too big', { zip: Buffer.alloc(5 * 1024 * 1024) }, 'EVIDENCE_TOO_LARGE'],
  ['that is a zip bomb', { zip: bomb() }, 'EVIDENCE_ZIP_RATIO'],
  ['that is not there', { noArtifact: true, conclusion: 'cancelled' }, 'EVIDENCE_MISSING'],
]

test.each(forgeries)('an artifact %s becomes a failing Check that names why', async (_name, shape, reason) => {
  await using stage = await setStage()
  const result = await stage.publish(stage.gatesRun(shape))
  expect(result.outputs['reason-code'], result.stdout).toBe(reason)
  expect(stage.checks()).toMatchObject(failed)
  const check = stage.repo.checkRuns(stage.head()).find(({ name }) => name === 'hive / code-quality')
  expect(check?.summary).toContain(reason)
  expect(stage.statusComment()).toMatch(/Code quality \| \S+ error/)
  expect(result.leftFiles).toEqual([])
  expect(stage.github.violations()).toEqual([])
})

test('evidence that contradicts its own measures does not pass', async () => {
  await using stage = await setStage()
  const measures = [{ name: 'tests failed', unit: 'tests', value: 3, target: { op: '==' as const, value: 0 } }]
  await stage.publish(stage.gatesRun({ results: [evidence(hiveYml, { commit: stage.head(), measures })] }))
  expect(stage.checks()).toMatchObject(failed)
  expect(stage.github.violations()).toEqual([])
})

const performance = hiveYml.replace(
  '  acceptance: {}',
  '  performance:\n    targets: { p95WriteMs: 50, deliveredPerS: 1000 }\n  acceptance: {}',
)
const measuresFor = (target: number, p95 = 61) => [
  { name: 'p95 write', unit: 'ms', value: p95, target: { op: '<' as const, value: target } },
  { name: 'delivered', unit: 'messages/s', value: 1_100, target: { op: '>' as const, value: 1_000 } },
]

test('a target below that of the default branch is undecided, in the evidence and in the head', async () => {
  await using stage = await setStage({
    config: performance,
    headFiles: { 'hive.yml': performance.replace('p95WriteMs: 50', 'p95WriteMs: 80') },
  })
  const results = (p95: number) => [
    evidence(performance, { commit: stage.head() }),
    evidence(performance, {
      commit: stage.head(),
      gate: 'performance',
      summary: 'p95 write 61 ms',
      measures: measuresFor(p95),
    }),
  ]
  await stage.publish(stage.gatesRun({ results: results(80) }))
  expect(stage.checks()).toMatchObject({
    'hive / performance': 'action_required',
    'hive / readiness': 'action_required',
  })
  expect(stage.statusComment()).toContain('gate definition changed')
  // The head weakens the gate although this evidence does not: readiness waits for an admin all the same.
  stage.repo.pushCommit({ branch: 'feature', files: { 'd.txt': 'd' }, author: 'eve' })
  const measures = measuresFor(50, 41)
  await stage.publish(
    stage.gatesRun({
      results: [
        evidence(performance, { commit: stage.head() }),
        evidence(performance, { commit: stage.head(), gate: 'performance', measures }),
      ],
    }),
  )
  expect(stage.checks()).toMatchObject({ 'hive / performance': 'success', 'hive / readiness': 'action_required' })
  const hash = /\/accept-policy ([0-9a-f]{12})/.exec(stage.statusComment())?.[1] ?? ''
  const stranger = await stage.say('pat', `/accept-policy ${hash}`)
  expect(stranger.result.outputs['reason-code']).toBe('ADMIN_MISSING')
  await stage.say('ada', `/accept-policy ${hash}`)
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toMatchObject({ 'hive / acceptance': 'success', 'hive / readiness': 'success' })
  expect(stage.github.violations()).toEqual([])
})

test('a run of another workflow, of an old head, or of an older attempt is not published', async () => {
  await using stage = await setStage()
  const foreign = await stage.publish(stage.gatesRun({ path: '.github/workflows/evil.yml' }))
  expect(JSON.parse(foreign.outputs['result'] ?? '')).toMatchObject({ kind: 'ignored' })
  const early = stage.gatesRun()
  const late = stage.gatesRun({
    results: [evidence(hiveYml, { commit: stage.head(), verdict: 'fail', summary: '1 command, 1 failed' })],
  })
  await stage.publish(late)
  await stage.publish(early)
  expect(stage.checks()).toMatchObject(failed)
  const old = stage.gatesRun()
  stage.repo.pushCommit({ branch: 'feature', files: { 'e.txt': 'e' }, author: 'eve' })
  await stage.publish(old)
  expect(stage.checks()).toEqual({})
  expect(stage.github.violations()).toEqual([])
})

test('one head in two pull requests is undecided: a Check would speak for both', async () => {
  await using stage = await setStage()
  stage.repo.pushCommit({ branch: 'release', files: { 'g.txt': 'g' } })
  const second = stage.repo.openPull({ head: 'feature', base: 'release', author: 'eve' })
  await stage.publish()
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'action_required' })
  expect(stage.repo.checkRuns(stage.head()).find(({ name }) => name === 'hive / readiness')?.title).toContain(
    `#${second.number}`,
  )
  stage.github.advance(15_000)
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'action_required' })
  expect(stage.github.violations()).toEqual([])
})

test('a gate that reads another Check stands as that Check does, and only while it does', async () => {
  const config = hiveYml.replace('  acceptance: {}', '  ci:\n    check: CI / test\n  acceptance: {}')
  await using stage = await setStage({ config })
  const app = { id: 7, slug: 'other-ci', name: 'Other CI' }
  await stage.publish()
  expect(stage.statusComment()).toMatch(/Ci \| ⏳ waits/)
  stage.repo.addCheckRun({ sha: stage.head(), name: 'CI / test', app, conclusion: 'failure' })
  await stage.sync()
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  expect(stage.statusComment()).toMatch(/Ci \| ❌ fail/)
  stage.repo.addCheckRun({ sha: stage.head(), name: 'CI / test', app })
  await stage.sync()
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'in_progress' })
  expect(stage.github.violations()).toEqual([])
})

test('a later green does not hide an earlier red', async () => {
  await using stage = await setStage()
  await stage.publish(
    stage.gatesRun({
      results: [evidence(hiveYml, { commit: stage.head(), verdict: 'fail', summary: '1 command, 1 failed' })],
    }),
  )
  const again = stage.gatesRun()
  await stage.publish(again)
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'success' })
  expect(stage.statusComment()).toContain('passed after 1 attempt on this commit that did not')
  stage.github.clearRequests()
  await stage.publish(again)
  expect(stage.github.counts().writes).toBe(0)
  expect(stage.github.violations()).toEqual([])
})

test('a run that was filtered away replaces nothing', async () => {
  await using stage = await setStage()
  await stage.publish()
  await stage.publish(stage.gatesRun({ noArtifact: true, conclusion: 'skipped' }))
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'success', 'hive / readiness': 'in_progress' })
  expect(stage.github.violations()).toEqual([])
})

test('a push is published on the default branch alone: elsewhere it would pass a head without acceptance', async () => {
  await using stage = await setStage()
  const results = (commit: string) => [evidence(hiveYml, { commit, event: 'push' })]
  await stage.publish(stage.gatesRun({ event: 'push', headBranch: 'main', results: results(stage.head()) }))
  expect(stage.checks()).toEqual({})
  const main = stage.repo.head()
  await stage.publish(stage.gatesRun({ event: 'push', headBranch: 'main', headSha: main, results: results(main) }))
  expect(stage.checks(main)).toEqual({ 'hive / code-quality': 'success', 'hive / readiness': 'success' })
  const group = stage.gatesRun({
    event: 'merge_group',
    headSha: main,
    results: [evidence(hiveYml, { commit: main, event: 'merge_group' })],
  })
  await stage.publish(group)
  expect(stage.checks(main)).toMatchObject({ 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

test('a requested run announces readiness, so that a required Check always reports', async () => {
  await using stage = await setStage()
  await stage.publish(stage.gatesRun({ status: 'queued' }))
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'in_progress' })
  expect(stage.statusComment()).toBe('')
  await stage.publish()
  expect(stage.statusComment()).not.toBe('')
  expect(stage.github.violations()).toEqual([])
})

test('findings become annotations, fifty a request, and their text is inert', async () => {
  await using stage = await setStage()
  const findings = Array.from({ length: 120 }, (_, line): Finding => ({
    code: 'LINT',
    severity: 'error',
    message: '@everyone <img src=x> ::error::x\n/approve',
    location: { path: 'src/store.ts', startLine: line + 1 },
  }))
  const result = await stage.publish(
    stage.gatesRun({ results: [evidence(hiveYml, { commit: stage.head(), verdict: 'fail', findings })] }),
  )
  const check = stage.repo.checkRuns(stage.head()).find(({ name }) => name === 'hive / code-quality')
  expect(check?.annotations).toHaveLength(100)
  expect(check?.text).toContain('20 more findings')
  expect(stage.statusComment()).not.toMatch(/@everyone|<img|^\/approve/m)
  expect(JSON.parse(result.outputs['result'] ?? '')).toMatchObject({ reads: 9, writes: 5 })
  expect(stage.github.violations()).toEqual([])
})

test('a fork’s pull request is found by its head, and its run is its pusher’s', async () => {
  await using stage = await setStage()
  const fork = stage.github.fork(stage.repo, 'mallory')
  fork.pushCommit({ branch: 'patch', files: { 'f.txt': 'f' }, author: 'mallory' })
  const pull = stage.repo.openPull({ head: 'patch', from: fork, author: 'mallory' })
  const headSha = pull.pull.headSha
  const run = stage.repo.addWorkflowRun({
    workflow: { name: 'Hive gates', path: '.github/workflows/hive-gates.yml' },
    event: 'pull_request',
    headSha,
    from: fork,
    headBranch: 'patch',
    actor: 'mallory',
  })
  const bundle = {
    schemaVersion: 1,
    repository: 'acme/shop',
    headSha,
    runId: String(run.id),
    results: [evidence(hiveYml, { commit: headSha })],
  }
  const id = stage.github.world.nextId()
  stage.repo.state.artifacts.set(id, {
    id,
    name: 'hive-evidence',
    zip: zipOf({ 'evidence.json': JSON.stringify(bundle) }),
    run,
    expired: false,
    createdAt: stage.github.now(),
  })
  const result = await stage.publish(run)
  expect(JSON.parse(result.outputs['result'] ?? '')).toMatchObject({ kind: 'published', pull: pull.number })
  expect(stage.checks(headSha)).toMatchObject({ 'hive / code-quality': 'success', 'hive / readiness': 'in_progress' })
  expect(stage.github.violations()).toEqual([])
})

/** 7 MiB of zeros in 7 kB, with an honest directory; the reader refuses before it unpacks. */
function bomb(): Buffer {
  const size = 7 * 1024 * 1024
  const archive = zipOf({ 'evidence.json': deflateRawSync(Buffer.alloc(size)) })
  const central = archive.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
  archive.writeUInt16LE(8, central + 10)
  archive.writeUInt32LE(size, central + 24)
  return archive
}
