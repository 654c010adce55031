import { expect, test } from 'vitest'
import { statusSchema } from '../../../src/coordination/status-json.ts'
import { evidence, hiveYml, setStage, type Stage } from './stage.ts'

function issues(stage: Stage) {
  return [...stage.repo.state.issues.values()].filter(({ labels }) => labels.has('hive-coordination'))
}

test('the schedule creates the coordination issue, then does nothing, then updates it', async () => {
  await using stage = await setStage()
  await stage.publish()
  const first = await stage.sync()
  expect(first.exitCode, first.stdout).toBe(0)
  expect(JSON.parse(first.outputs['result'] ?? '')).toMatchObject({ kind: 'synced', outcome: 'created', mended: [] })
  stage.github.clearRequests()
  const second = await stage.sync()
  expect(JSON.parse(second.outputs['result'] ?? '')).toMatchObject({ outcome: 'unchanged' })
  expect(stage.github.counts().writes).toBe(0)
  stage.repo.pushCommit({ branch: 'feature', files: { 'b.txt': 'b' }, author: 'eve' })
  const third = await stage.sync()
  expect(JSON.parse(third.outputs['result'] ?? '')).toMatchObject({ outcome: 'updated', mended: [stage.number] })
  const [issue, ...more] = issues(stage)
  expect(more).toEqual([])
  const body = issue?.body ?? ''
  expect(body).toContain('```mermaid\ngantt')
  const json: unknown = JSON.parse(/```json\n(.*)\n```/.exec(body)?.[1] ?? '')
  expect(statusSchema.parse(json)).toMatchObject({
    phase: 'build',
    ready: ['store'],
    critical_path: ['store', 'switch'],
  })
  expect(stage.github.violations()).toEqual([])
})

test('an edited or foreign coordination issue is not believed', async () => {
  await using stage = await setStage()
  await stage.sync()
  const [issue] = issues(stage)
  const body = issue?.body ?? ''
  if (issue !== undefined) issue.body = '<!-- hive-coordination -->\nAll done, 100 %.'
  stage.repo.openIssue({ title: 'Mine', body, labels: ['hive-coordination'], author: 'mallory' })
  await stage.sync()
  expect(issue?.body).toBe(body)
  expect(stage.github.violations()).toEqual([])
})

test('a comment whose event was lost is obeyed by the next sync', async () => {
  await using stage = await setStage()
  await stage.publish()
  stage.github.advance(15_000)
  stage.repo.comment(stage.number, `/approve ${stage.head()}`, { author: 'pat' })
  await stage.sync()
  expect(stage.checks()).toMatchObject({ 'hive / acceptance': 'success', 'hive / readiness': 'success' })
  expect(stage.github.violations()).toEqual([])
})

test('a run whose event was lost is published by the next sync, and only once', async () => {
  await using stage = await setStage()
  const lost = stage.gatesRun()
  // Newer, of the same commit, and nothing of the pull request.
  stage.gatesRun({ event: 'workflow_dispatch' })
  const first = await stage.sync()
  expect(JSON.parse(first.outputs['result'] ?? '')).toMatchObject({ mended: [stage.number] })
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'success', 'hive / readiness': 'in_progress' })
  stage.github.clearRequests()
  await stage.sync()
  await stage.publish(lost)
  expect(stage.github.counts().writes).toBe(0)
  // Requested and then never heard of again.
  const second = stage.gatesRun({ status: 'in_progress' })
  await stage.publish(second)
  for (const attempt of second.attempts) Object.assign(attempt, { status: 'completed', conclusion: 'cancelled' })
  await stage.sync()
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'failure', 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

test('a run of the default branch whose event was lost is published too', async () => {
  await using stage = await setStage()
  const headSha = stage.repo.head('main')
  const event = 'push'
  stage.gatesRun({ headSha, event, headBranch: 'main', results: [evidence(hiveYml, { commit: headSha, event })] })
  await stage.sync()
  expect(stage.checks(headSha)).toEqual({ 'hive / code-quality': 'success', 'hive / readiness': 'success' })
  stage.github.clearRequests()
  await stage.sync()
  expect(stage.github.counts().writes).toBe(0)
  expect(stage.github.violations()).toEqual([])
})

test('of two comments that runs at once left, the first is kept and the other says so', async () => {
  await using stage = await setStage()
  await stage.publish()
  const kept = stage.statusComment()
  const copy = stage.repo.comment(stage.number, kept, { author: 'github-actions[bot]' })
  const forged = stage.repo.comment(stage.number, kept, { author: 'mallory' })
  await stage.sync()
  expect(copy.body).toContain('Superseded')
  expect(forged.body).toBe(kept)
  expect(stage.statusComment()).toBe(kept)
  stage.github.clearRequests()
  await stage.sync()
  expect(stage.github.counts().writes).toBe(0)
  expect(stage.github.violations()).toEqual([])
})
