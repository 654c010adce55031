import { expect, test } from 'vitest'
import { setStage } from './stage.ts'

test('a published run and /approve by the Product Agent make the head ready', async () => {
  await using stage = await setStage()
  const published = await stage.publish()
  expect(published.exitCode, published.stdout).toBe(0)
  expect(stage.checks()).toEqual({
    'hive / code-quality': 'success',
    'hive / acceptance': 'in_progress',
    'hive / readiness': 'in_progress',
  })
  expect(stage.statusComment()).toContain(`/approve ${stage.head()}`)
  stage.github.advance(15_000)
  stage.github.clearRequests()
  const { result } = await stage.say('pat', '/approve')
  expect(result.exitCode, result.stdout).toBe(0)
  expect(stage.checks()).toEqual({
    'hive / code-quality': 'success',
    'hive / acceptance': 'success',
    'hive / readiness': 'success',
  })
  expect(stage.github.counts()).toMatchObject({ reads: 5, writes: 4 })
  expect(stage.github.violations()).toEqual([])
})

test('a hundred comments more cost one request more, and nothing else grows', async () => {
  await using stage = await setStage()
  await stage.publish()
  for (let n = 0; n < 180; n += 1) stage.repo.comment(stage.number, 'still here', { author: 'eve' })
  stage.github.advance(15_000)
  stage.github.clearRequests()
  const { result } = await stage.say('mallory', '/approve')
  expect(result.exitCode, result.stdout).toBe(0)
  expect(stage.github.counts()).toMatchObject({ reads: 5, writes: 1 })
  expect(stage.github.violations()).toEqual([])
})

test('a hold that falls between reading and writing is not overlooked', async () => {
  await using stage = await setStage()
  await stage.publish()
  stage.github.advance(15_000)
  stage.github.inject({
    on: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
    kind: 'meanwhile',
    run: () => void stage.repo.comment(stage.number, '/hold', { author: 'sam' }),
  })
  const { result } = await stage.say('pat', '/approve')
  expect(result.exitCode, result.stdout).toBe(0)
  expect(stage.checks()).toMatchObject({ 'hive / acceptance': 'in_progress', 'hive / readiness': 'in_progress' })
  expect(stage.statusComment()).toContain('on hold by sam')
  expect(stage.github.violations()).toEqual([])
})
