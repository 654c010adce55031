import { expect, test } from 'vitest'
import { hiveYml, setStage, type Stage } from './stage.ts'

/** A published head that has been shown for long enough. */
async function presented(options: Parameters<typeof setStage>[0] = {}): Promise<Stage> {
  const stage = await setStage(options)
  const { exitCode, stdout } = await stage.publish()
  expect(exitCode, stdout).toBe(0)
  stage.github.advance(15_000)
  stage.github.clearRequests()
  return stage
}

const ready = { 'hive / acceptance': 'success', 'hive / readiness': 'success' }
const waiting = { 'hive / acceptance': 'in_progress', 'hive / readiness': 'in_progress' }

test('/approve by anyone else is refused in one reply with code, rule and way out', async () => {
  await using stage = await presented()
  const { result } = await stage.say('mallory', '/approve')
  expect(result.exitCode).toBe(0)
  expect(result.outputs['reason-code']).toBe('ROLE_MISSING')
  expect(stage.checks()).toMatchObject(waiting)
  expect(stage.replies()).toHaveLength(1)
  expect(stage.replies()[0]).toMatch(/ROLE_MISSING[\s\S]*Rule: only accounts with the role Product Agent[\s\S]*`pat`/)
  expect(stage.github.counts()).toMatchObject({ reads: 4, writes: 1 })
  expect(stage.github.violations()).toEqual([])
})

test('an approval ends with the head it was given for', async () => {
  await using stage = await presented()
  await stage.say('pat', '/approve')
  const before = stage.head()
  stage.repo.pushCommit({ branch: 'feature', files: { 'c.txt': 'c' }, author: 'eve' })
  await stage.publish()
  expect(stage.checks(before)).toMatchObject(ready)
  expect(stage.checks()).toMatchObject(waiting)
  // Pushed back and forth: the first head is shown anew, so the bare approval of its first time is older than that.
  stage.github.advance(15_000)
  stage.repo.moveBranch('feature', before, 'eve')
  await stage.publish()
  expect(stage.head()).toBe(before)
  expect(stage.checks()).toMatchObject(waiting)
  expect(stage.github.violations()).toEqual([])
})

test('a bare /approve for a head that was not shown is answered with the line to copy', async () => {
  await using stage = await presented()
  stage.repo.pushCommit({ branch: 'feature', files: { 'c.txt': 'c' }, author: 'eve' })
  const { result } = await stage.say('pat', '/approve')
  expect(result.outputs['reason-code']).toBe('HEAD_NOT_PRESENTED')
  expect(stage.replies()[0]).toContain(`/approve ${stage.head()}`)
  // The full commit says what is meant; who pushed it is known once its gates have run.
  const full = await stage.say('pat', `/approve ${stage.head()}`)
  expect(full.result.outputs['reason-code']).toBe('PUSHER_UNKNOWN')
  await stage.publish()
  expect(stage.checks()).toMatchObject(ready)
  expect(stage.github.violations()).toEqual([])
})

test('an edited approval is void, and its reply is updated rather than repeated', async () => {
  await using stage = await presented()
  const { id } = await stage.say('pat', '/approve')
  expect(stage.checks()).toMatchObject(ready)
  stage.github.advance(2_000)
  const edited = await stage.edit(id, '/approve\n\nlooks good')
  expect(edited.outputs['reason-code']).toBe('COMMENT_EDITED')
  expect(stage.checks()).toMatchObject(waiting)
  await stage.edit(id, '/approve\n\nlooks very good')
  expect(stage.replies()).toHaveLength(1)
  expect(stage.github.violations()).toEqual([])
})

test('a repeated event writes nothing', async () => {
  await using stage = await presented()
  await stage.say('pat', '/approve')
  stage.github.clearRequests()
  const run = [...stage.repo.state.runs.values()][0]
  await stage.publish(run)
  const { result } = await stage.say('eve', 'thanks\n/status')
  expect(result.exitCode).toBe(0)
  // Only the reaction to the new command.
  expect(stage.github.counts().writes).toBe(1)
  expect(stage.github.violations()).toEqual([])
})

test('a comment without a command costs no request, whatever it quotes', async () => {
  await using stage = await presented()
  for (const body of ['nice work', 'see src/store.ts and a/b', '> /approve\n\nis what pat said']) {
    const { result } = await stage.say('pat', body)
    expect(result.exitCode).toBe(0)
    expect(stage.github.counts().total).toBe(0)
  }
  const fenced = await stage.say('pat', '```\n/approve\n```\n\n<!--\n/approve\n-->\n\n- /approve')
  expect(fenced.result.exitCode).toBe(0)
  expect(stage.github.counts().writes).toBe(0)
  expect(stage.checks()).toMatchObject(waiting)
  expect(stage.github.violations()).toEqual([])
})

test('a hold outranks approvals until it is ended, and a deleted comment ends the approval', async () => {
  await using stage = await presented()
  await stage.say('pat', '/approve')
  const hold = await stage.say('sam', '/hold wait for the @security team')
  expect(hold.result.exitCode).toBe(0)
  expect(stage.checks()).toMatchObject(waiting)
  expect(stage.statusComment()).not.toContain('@security')
  await stage.say('sam', '/unhold')
  expect(stage.checks()).toMatchObject(ready)
  stage.repo.deleteComment(hold.id, 'sam')
  await stage.say('eve', '/status')
  expect(stage.checks()).toMatchObject(waiting)
  expect(stage.github.violations()).toEqual([])
})

test('an approval ends with the acceptance rules it was given under, and stays ended', async () => {
  await using stage = await presented()
  await stage.say('pat', '/approve')
  const changed = hiveYml.replace('acceptance: {}', 'acceptance:\n    acceptance: { expires: 7d }')
  stage.repo.pushCommit({ files: { 'hive.yml': changed }, author: 'ada' })
  await stage.say('eve', '/status')
  expect(stage.checks()).toMatchObject({ 'hive / acceptance': 'in_progress' })
  await stage.say('eve', '/status')
  expect(stage.checks()).toMatchObject({ 'hive / acceptance': 'in_progress' })
  expect(stage.github.violations()).toEqual([])
})

test('nobody approves a change they are behind', async () => {
  await using stage = await presented({ author: 'pat' })
  const { result } = await stage.say('pat', `/approve`)
  expect(result.outputs['reason-code']).toBe('APPROVER_IS_BEHIND_THE_CHANGE')
  await using coAuthored = await presented({ coAuthor: 'Pat <101+pat@users.noreply.github.com>' })
  const second = await coAuthored.say('pat', `/approve`)
  expect(second.result.outputs['reason-code']).toBe('APPROVER_IS_BEHIND_THE_CHANGE')
  await using unknown = await presented({ coAuthor: 'Somebody <somebody@example.com>' })
  const third = await unknown.say('pat', `/approve`)
  expect(third.result.outputs['reason-code']).toBe('COMMIT_IDENTITY_UNKNOWN')
  for (const { github } of [stage, coAuthored, unknown]) expect(github.violations()).toEqual([])
})

test('/help and a slip of the hand are answered', async () => {
  await using stage = await presented()
  await stage.say('eve', '/help')
  const slip = await stage.say('pat', '/aprove')
  expect(slip.result.outputs['reason-code']).toBe('COMMAND_UNKNOWN')
  expect(stage.replies()[0]).toContain('/approve [sha] [gate]')
  expect(stage.replies()[1]).toContain('`/approve` was probably meant')
  const foreign = await stage.say('eve', '/assign @pat')
  expect(stage.replies()).toHaveLength(2)
  const reactions = stage.repo.comments(stage.number).find(({ id }) => id === foreign.id)?.reactions
  expect(reactions?.map(({ content }) => content)).toEqual(['confused'])
  expect(stage.github.violations()).toEqual([])
})
