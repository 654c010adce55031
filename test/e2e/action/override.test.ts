import { expect, test } from 'vitest'
import { zipOf, type WorkflowRun } from '../../support/github/index.ts'
import { evidence, hiveYml, setStage, type Stage } from './stage.ts'

const red = (stage: Stage) =>
  stage.gatesRun({
    results: [evidence(hiveYml, { commit: stage.head(), verdict: 'fail', summary: '1 command, 1 failed' })],
  })

/** A stage whose one gate failed, with the comment shown for long enough. */
async function failed(): Promise<{ readonly stage: Stage; readonly run: WorkflowRun }> {
  const stage = await setStage()
  const run = red(stage)
  await stage.publish(run)
  stage.github.advance(15_000)
  return { stage, run }
}

/** Ends the latest attempt of a run with a pass, as the runner does. */
function passAgain(stage: Stage, run: WorkflowRun): void {
  const attempt = run.attempts.at(-1)
  if (attempt !== undefined) Object.assign(attempt, { status: 'completed', conclusion: 'success' })
  const results = [evidence(hiveYml, { commit: run.headSha, runAttempt: run.attempts.length })]
  const bundle = { schemaVersion: 1, repository: 'acme/shop', headSha: run.headSha, runId: String(run.id), results }
  const id = stage.github.world.nextId()
  const zip = zipOf({ 'evidence.json': JSON.stringify(bundle) })
  stage.repo.state.artifacts.set(id, {
    id,
    name: 'hive-evidence',
    zip,
    run,
    expired: false,
    createdAt: stage.github.now(),
  })
}

/** GitHub's own button. */
function press(stage: Stage, run: WorkflowRun): void {
  const now = stage.github.now()
  run.attempts.push({ status: 'queued', conclusion: null, startedAt: now, updatedAt: now })
}

const readiness = (stage: Stage): string =>
  stage.repo.checkRuns(stage.head()).findLast(({ name }) => name === 'hive / readiness')?.title ?? ''

test('/override takes the place of a gate for this commit, and says so wherever readiness is shown', async () => {
  await using stage = (await failed()).stage
  await stage.say('ada', '/override code-quality the linter @mentions a moved file')
  await stage.say('pat', '/approve')
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'failure', 'hive / readiness': 'success' })
  expect(readiness(stage)).toBe('Ready: 2 of 2 gates passed, code-quality overridden by ada')
  expect(stage.statusComment()).toContain('overridden by ada')
  expect(stage.statusComment()).not.toMatch(/[^\\`]@mentions/)
  stage.repo.pushCommit({ branch: 'feature', files: { 'b.txt': 'b' }, author: 'eve' })
  await stage.publish(red(stage))
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

test('/override ends with a revocation, an edit or a deleted comment', async () => {
  await using stage = (await failed()).stage
  const first = await stage.say('ada', '/override code-quality known flake')
  await stage.say('pat', '/revoke')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  stage.github.advance(2_000)
  const second = await stage.say('ada', '/override code-quality known flake')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'in_progress' })
  stage.github.advance(2_000)
  const edited = await stage.edit(second.id, '/override code-quality something else')
  expect(edited.outputs['reason-code']).toBe('COMMENT_EDITED')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  stage.github.advance(2_000)
  await stage.say('ada', '/override code-quality known flake')
  stage.github.advance(2_000)
  stage.repo.deleteComment(first.id, 'mallory')
  await stage.say('eve', '/status')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

const refused: readonly (readonly [string, string, string])[] = [
  ['pat', '/override code-quality because', 'ADMIN_MISSING'],
  ['mallory', '/override code-quality because', 'ADMIN_MISSING'],
  ['ada', '/override code-quality', 'COMMAND_MALFORMED'],
  ['ada', '/override', 'COMMAND_MALFORMED'],
  ['ada', '/override quality because', 'GATE_UNKNOWN'],
  ['ada', '/override acceptance because', 'GATE_NOT_OVERRIDABLE'],
  ['ada', `/override code-quality ${'a'.repeat(40)} because`, 'HEAD_MOVED'],
  ['ada', '/override code-quality abcdef0 because', 'SHA_NOT_FULL'],
  ['ada', `/override code-quality ${'a'.repeat(40)}`, 'COMMAND_MALFORMED'],
  ['mallory', '/retest', 'ANY_ROLE_MISSING'],
  ['eve', '/retest code-quality', 'ANY_ROLE_MISSING'],
  ['pat', '/retest quality', 'GATE_UNKNOWN'],
  ['pat', '/retest code-quality now', 'COMMAND_MALFORMED'],
  ['pat', '/explain', 'COMMAND_MALFORMED'],
  ['pat', '/explain quality', 'GATE_UNKNOWN'],
  ['pat', '/retests', 'COMMAND_UNKNOWN'],
]

test('what may not be done is refused with its code, and starts nothing', async () => {
  await using stage = (await failed()).stage
  for (const [author, body, code] of refused) {
    const { result } = await stage.say(author, body)
    expect(result.outputs['reason-code'], `${author}: ${body}`).toBe(code)
  }
  expect(stage.repo.state.runs.values().next().value?.attempts).toHaveLength(1)
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

test('a pass after a failure counts only where somebody with a role asked for it', async () => {
  const { stage, run } = await failed()
  await using _ = stage
  press(stage, run)
  passAgain(stage, run)
  await stage.publish(run)
  await stage.say('pat', '/approve')
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'success', 'hive / readiness': 'action_required' })
  expect(readiness(stage)).toBe('Undecided: code-quality, 1 of 2 gates passed')
  const explained = await stage.say('eve', '/explain code-quality')
  expect(explained.result.exitCode).toBe(0)
  expect(stage.replies()[0]).toContain(`run ${run.id} fail, run ${run.id} attempt 2 pass`)
  stage.github.advance(5_000)
  stage.github.clearRequests()
  const asked = await stage.say('sam', '/retest')
  expect(asked.result.outputs['reason-code']).toBeUndefined()
  expect(run.attempts).toHaveLength(3)
  // Pull request, policy, timeline, Checks, run; the run again and a reaction.
  expect(stage.github.counts()).toMatchObject({ reads: 5, writes: 2 })
  const early = await stage.say('sam', '/retest')
  expect(early.result.outputs['reason-code']).toBe('RETEST_RUNNING')
  passAgain(stage, run)
  await stage.publish(run)
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'success' })
  expect(stage.github.violations()).toEqual([])
})

test('evidence that was not believed in between erases no failure', async () => {
  await using stage = (await failed()).stage
  await stage.publish(stage.gatesRun({ noArtifact: true, conclusion: 'failure' }))
  await stage.publish()
  await stage.say('pat', `/approve ${stage.head()}`)
  expect(stage.checks()).toMatchObject({ 'hive / code-quality': 'success', 'hive / readiness': 'action_required' })
  expect(stage.github.violations()).toEqual([])
})

test('a run that was cancelled is no failure', async () => {
  await using stage = await setStage()
  await stage.publish(stage.gatesRun({ noArtifact: true, conclusion: 'cancelled' }))
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'failure' })
  await stage.publish()
  stage.github.advance(15_000)
  await stage.say('pat', '/approve')
  expect(stage.checks()).toMatchObject({ 'hive / readiness': 'success' })
  expect(stage.github.violations()).toEqual([])
})

test('/retest on a head whose run is not known is refused', async () => {
  await using stage = await setStage()
  const { result } = await stage.say('pat', '/retest')
  expect(result.outputs['reason-code']).toBe('NOTHING_TO_RETEST')
  expect(stage.github.violations()).toEqual([])
})
