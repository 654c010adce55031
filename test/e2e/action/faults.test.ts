import { expect, test } from 'vitest'
import type { Fault } from '../../support/github/index.ts'
import { setStage } from './stage.ts'

const asked = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}'
const pull = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'

/** What GitHub may do to a run, and how the Action ends: always with a code, never with a pass. */
const answers: readonly (readonly [string, Fault, string])[] = [
  ['401', { on: asked, kind: 'status', status: 401 }, 'HIVE_GITHUB_UNAUTHORIZED'],
  ['403', { on: asked, kind: 'status', status: 403 }, 'HIVE_GITHUB_FORBIDDEN'],
  ['404', { on: asked, kind: 'status', status: 404 }, 'HIVE_GITHUB_NOT_FOUND'],
  ['502', { on: asked, kind: 'status', status: 502, times: Infinity }, 'HIVE_GITHUB_UNAVAILABLE'],
  ['nothing', { on: asked, kind: 'hang', times: Infinity }, 'HIVE_GITHUB_UNAVAILABLE'],
  ['a broken connection', { on: asked, kind: 'reset', times: Infinity }, 'HIVE_GITHUB_UNAVAILABLE'],
  ['half an answer', { on: asked, kind: 'truncate', times: Infinity }, 'HIVE_GITHUB_ANSWER'],
  [
    'a used-up limit',
    { on: asked, kind: 'rate-limit', limit: 'primary', retryAfterS: 1_800 },
    'HIVE_GITHUB_RATE_LIMITED',
  ],
]

test.each(answers)('GitHub answers %s: a code, a hint, exit 2, and no Check passes', async (_name, fault, code) => {
  await using stage = await setStage()
  stage.github.inject(fault)
  const result = await stage.publish(undefined, { inputs: { 'request-timeout': '1' } })
  expect(result.exitCode, result.stdout).toBe(2)
  expect(result.outputs).toMatchObject({ 'reason-code': code, 'exit-code': '2', verdict: 'error' })
  expect(result.commands.find(({ command }) => command === 'error')?.message).toContain('hint')
  expect(stage.checks()).toEqual({})
  expect(result.leftProcesses).toBe(false)
})

test('a server error that passes is repeated, and a lost answer does no harm', async () => {
  await using stage = await setStage()
  await stage.publish()
  stage.github.advance(15_000)
  stage.github.inject({ on: pull, kind: 'status', status: 503 })
  const { result } = await stage.say('pat', '/approve', { inputs: { retries: '1' } })
  expect(result.exitCode, result.stdout).toBe(0)
  expect(stage.checks()['hive / readiness']).toBe('success')
})

test('a token without rights names the permission that is missing', async () => {
  await using stage = await setStage()
  const token = stage.github.token({
    permissions: { actions: 'read', checks: 'read', contents: 'read', issues: 'write', 'pull-requests': 'read' },
    repository: stage.repo,
  })
  const result = await stage.publish(undefined, { token })
  expect(result.exitCode).toBe(2)
  expect(result.outputs['reason-code']).toBe('HIVE_GITHUB_FORBIDDEN')
  expect(result.stdout).toContain('"checks: write"')
  expect(stage.checks()).toEqual({})
  expect(stage.github.violations()).toEqual([])
})

test('without a token nothing is asked', async () => {
  await using stage = await setStage()
  const result = await stage.sync({ inputs: { token: '' } })
  expect(result.exitCode).toBe(2)
  expect(result.outputs['reason-code']).toBe('HIVE_GITHUB_TOKEN_MISSING')
  expect(stage.github.counts().total).toBe(0)
})

test('a failed write in the middle leaves nothing green that should not be, and the next event completes it', async () => {
  await using stage = await setStage()
  await stage.publish()
  stage.github.advance(15_000)
  await stage.say('pat', '/approve')
  expect(stage.checks()['hive / readiness']).toBe('success')
  // Taking the pass away: readiness goes although the write after it fails.
  stage.github.inject({ on: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', kind: 'status', status: 500 })
  const { result } = await stage.say('sam', '/hold')
  expect(result.exitCode).toBe(2)
  expect(stage.checks()['hive / readiness']).toBe('in_progress')
  await stage.sync()
  expect(stage.statusComment()).toContain('on hold by sam')
})

test('a default branch without hive.yml publishes nothing and says so', async () => {
  await using stage = await setStage()
  stage.repo.pushCommit({ files: { 'hive.yml': null } })
  const result = await stage.publish()
  expect(result.exitCode).toBe(2)
  expect(result.outputs['reason-code']).toBe('HIVE_POLICY_MISSING')
  expect(stage.checks()).toEqual({})
})

test('an input that is no input is refused before anything is asked', async () => {
  await using stage = await setStage()
  const result = await stage.sync({ inputs: { retries: 'many' } })
  expect(result.exitCode).toBe(2)
  expect(result.outputs['reason-code']).toBe('HIVE_ACTION_INPUT')
  expect(stage.github.counts().total).toBe(0)
})
