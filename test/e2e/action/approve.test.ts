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
  expect(stage.github.counts()).toMatchObject({ reads: 4, writes: 4 })
  expect(stage.github.violations()).toEqual([])
})
