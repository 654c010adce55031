import { expect, test } from 'vitest'
import { evidence, hiveYml, setStage, type Stage } from './stage.ts'

/** The commit of a group on top of main, with the pull requests it holds in the queue; its gates passed. */
function group(stage: Stage, numbers: readonly number[], headBranch?: string) {
  const branch = headBranch ?? `gh-readonly-queue/main/pr-${numbers.at(-1)}-${stage.repo.head('main')}`
  const { sha } = stage.repo.pushCommit({ branch, from: 'main', files: { 'src/store.ts': 'export const store = 1\n' } })
  for (const number of numbers) stage.repo.enqueue(number, sha)
  const event = 'merge_group'
  const results = [evidence(hiveYml, { commit: sha, event })]
  return { sha, run: stage.gatesRun({ headSha: sha, event, headBranch: branch, results }) }
}

const titleOf = (stage: Stage, sha: string): string =>
  stage.repo.checkRuns(sha).findLast(({ name }) => name === 'hive / readiness')?.title ?? ''

/** A pull request whose gates passed and that pat approved. */
async function approved(): Promise<Stage> {
  const stage = await setStage()
  await stage.publish()
  stage.github.advance(15_000)
  await stage.say('pat', '/approve')
  return stage
}

test('a group passes where every pull request in it is approved at its head', async () => {
  await using stage = await approved()
  const { sha, run } = group(stage, [stage.number])
  await stage.publish(run)
  expect(titleOf(stage, sha)).toBe('Ready: 2 of 2 gates passed')
  stage.github.clearRequests()
  await stage.publish(run)
  expect(stage.github.counts().writes).toBe(0)
  expect(stage.github.violations()).toEqual([])
})

test('a group fails with one that nobody approved, and names it', async () => {
  await using stage = await approved()
  stage.repo.pushCommit({ branch: 'other', files: { 'other.ts': '' }, author: 'eve' })
  const other = stage.repo.openPull({ head: 'other', author: 'eve' })
  const { sha, run } = group(stage, [stage.number, other.number])
  await stage.publish(run)
  expect(titleOf(stage, sha)).toBe('Not ready: acceptance failed, 1 of 2 gates passed')
  const summary = stage.repo.checkRuns(sha).find(({ name }) => name === 'hive / readiness')?.summary
  expect(summary).toMatch(new RegExp(`#.*${other.number} waits for /approve by the Product Agent`))
  expect(stage.github.violations()).toEqual([])
})

const outdated: readonly (readonly [string, (stage: Stage) => Promise<unknown>])[] = [
  [
    'whose head moved',
    async ({ repo }) => repo.pushCommit({ branch: 'feature', files: { 'z.ts': '' }, author: 'eve' }),
  ],
  ['on hold', async ({ repo, number }) => repo.comment(number, '/hold', { author: 'sam' })],
  ['whose approval was revoked', async ({ repo, number }) => repo.comment(number, '/revoke', { author: 'pat' })],
]

test.each(outdated)('a group with a pull request %s fails, read afresh', async (_name, spoil) => {
  await using stage = await approved()
  const { sha, run } = group(stage, [stage.number])
  await spoil(stage)
  await stage.publish(run)
  expect(stage.checks(sha)).toMatchObject({ 'hive / readiness': 'failure' })
  expect(stage.github.violations()).toEqual([])
})

const unknown: readonly (readonly [string, (stage: Stage) => ReturnType<typeof group>])[] = [
  ['that the queue does not hold', (stage) => group(stage, [])],
  ['on a branch of another name', (stage) => group(stage, [stage.number], 'queue/main')],
]

test.each(unknown)('a group %s fails', async (_name, made) => {
  await using stage = await approved()
  const { sha, run } = made(stage)
  await stage.publish(run)
  expect(titleOf(stage, sha)).toContain('acceptance failed')
  expect(stage.github.violations()).toEqual([])
})

test('a group of a repository without acceptance asks nobody', async () => {
  const config = hiveYml.replace('  acceptance: {}\n', '')
  await using stage = await setStage({ config })
  const { sha, run } = group(stage, [stage.number])
  await stage.publish(run)
  expect(titleOf(stage, sha)).toBe('Ready: 1 of 1 gates passed')
  expect(stage.github.violations()).toEqual([])
})
