import { expect, test } from 'vitest'
import { statusSchema } from '../../../src/coordination/status-json.ts'
import { setStage, type Stage } from './stage.ts'

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
