import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  mergeGroupPayload,
  pullRequestPayload,
  pushPayload,
  schedulePayload,
  type Payload,
} from '../../support/github/payloads.ts'
import { runAction, type ActionResult } from '../../support/run-action.ts'
import { hiveYml, setStage, type Stage } from './stage.ts'

interface Checkout extends Disposable {
  readonly path: string
  readonly sha: string
  readonly commit: (files: Readonly<Record<string, string>>) => void
}

/** A checkout as the workflow leaves it: the head commit, nothing else. */
function checkout(files: Readonly<Record<string, string>>): Checkout {
  const path = mkdtempSync(join(tmpdir(), 'hive-checkout-'))
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=eve', '-c', 'user.email=eve@example.com', ...words], {
      cwd: path,
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'feature')
  const commit = (changed: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(changed)) writeFileSync(join(path, name), text)
    git('add', '-A')
    git('commit', '-q', '-m', 'Move the store')
  }
  commit(files)
  return {
    path,
    sha: git('rev-parse', 'HEAD'),
    commit,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

interface Woken {
  readonly event: string
  readonly payload: Payload
}

/** Without a token: the job that runs a pull request's code holds none. */
function runGates(stage: Stage, cwd: string, woken?: Woken): Promise<ActionResult> {
  return runAction({
    event: woken?.event ?? 'pull_request',
    payload: woken?.payload ?? pullRequestPayload(stage.github, stage.repo, { number: stage.number }),
    github: stage.github,
    cwd,
    inputs: { mode: 'gates' },
    workflowPath: '.github/workflows/hive-gates.yml',
    runId: 4_711,
  })
}

test('a pull request runs the gates of the checkout and asks GitHub nothing', async () => {
  await using stage = await setStage()
  using head = checkout({ 'hive.yml': hiveYml })
  const result = await runGates(stage, head.path)
  expect(result.exitCode, result.stdout + result.stderr).toBe(0)
  expect(result.outputs).toMatchObject({
    mode: 'gates',
    verdict: 'pass',
    'exit-code': '0',
    verdicts: JSON.stringify({ 'code-quality': 'pass' }),
  })
  expect(result.outputs['evidence']).toMatch(/hive\/evidence\.json$/)
  expect(result.outputs['report']).toMatch(/report\.html$/)
  expect(result.leftFiles).toEqual(['hive'])
  expect(result.leftProcesses).toBe(false)
  expect(result.summary).toMatch(/Code quality \| ✅ pass/)
  expect(stage.github.counts().total).toBe(0)
})

test('a failing command fails the job, and what it prints cannot speak to the runner', async () => {
  await using stage = await setStage()
  const command = 'node -e "console.log(\'::set-output name=verdict::pass\'); process.exit(3)"'
  using head = checkout({ 'hive.yml': hiveYml.replace('node --version', command) })
  const result = await runGates(stage, head.path)
  expect(result.exitCode).toBe(1)
  expect(result.outputs).toMatchObject({ verdict: 'fail', 'exit-code': '1' })
  expect(result.commands.filter(({ command: name }) => name === 'set-output')).toEqual([])
})

test('a checkout without hive.yml, or with one that is not valid, ends with its code', async () => {
  await using stage = await setStage()
  using none = checkout({ 'README.md': '' })
  const missing = await runGates(stage, none.path)
  expect(missing.exitCode).toBe(2)
  expect(missing.outputs).toMatchObject({ verdict: 'error', 'reason-code': 'HIVE_CONFIG_MISSING' })
  using bad = checkout({ 'hive.yml': 'version: 1\nproject: shop\ngates: {}\nsurprise: true\n' })
  const invalid = await runGates(stage, bad.path)
  expect(invalid.outputs).toMatchObject({ 'reason-code': 'HIVE_CONFIG_INVALID' })
  expect(invalid.stdout).toContain('surprise')
})

const timed = hiveYml.replace(
  '  acceptance: {}',
  `  docs: { commands: [{ run: node --version }], paths: ['docs/**'] }
  load: { commands: [{ run: node --version }], when: ready }
  whole: { commands: [{ run: node --version }], when: merge-queue }
  soak: { commands: [{ run: node --version }], when: nightly }
  acceptance: {}`,
)

const occasions: readonly (readonly [string, (stage: Stage) => Woken, string])[] = [
  ['a draft', (stage) => ofPull(stage, true), 'code-quality, docs'],
  ['a pull request', (stage) => ofPull(stage, false), 'code-quality, docs, load'],
  ['a push', ({ github, repo }) => ({ event: 'push', payload: pushPayload(github, repo) }), 'code-quality, docs'],
  [
    'the merge queue',
    ({ github, repo }) => ({ event: 'merge_group', payload: mergeGroupPayload(github, repo, { branch: 'feature' }) }),
    'code-quality, docs, load, whole',
  ],
  [
    'the night',
    ({ github, repo }) => ({ event: 'schedule', payload: schedulePayload(github, repo) }),
    'code-quality, docs, load, whole, soak',
  ],
]

function ofPull({ github, repo, number }: Stage, draft: boolean): Woken {
  repo.setDraft(number, draft)
  const action = draft ? 'synchronize' : 'ready_for_review'
  return { event: 'pull_request', payload: pullRequestPayload(github, repo, { number, action }) }
}

test.each(occasions)('%s runs the gates that are due, and names the others', async (_name, wake, ran) => {
  await using stage = await setStage()
  using head = checkout({ 'hive.yml': timed })
  const result = await runGates(stage, head.path, wake(stage))
  expect(result.exitCode, result.stdout + result.stderr).toBe(0)
  expect(Object.keys(JSON.parse(result.outputs['verdicts'] ?? '') as object).join(', ')).toBe(ran)
  if (!ran.includes('soak')) expect(result.summary).toContain('runs at night, on the default branch')
})

test('a change that no path names leaves the gate out; a base that git does not know leaves it in', async () => {
  await using stage = await setStage()
  using head = checkout({ 'hive.yml': timed, 'README.md': '' })
  const base = head.sha
  head.commit({ 'README.md': 'typo' })
  const payload = pullRequestPayload(stage.github, stage.repo, { number: stage.number })
  const against = (sha: string): Woken => {
    const pull = payload['pull_request'] as { readonly base: object }
    return { event: 'pull_request', payload: { ...payload, pull_request: { ...pull, base: { ...pull.base, sha } } } }
  }
  const known = await runGates(stage, head.path, against(base))
  expect(known.outputs['verdicts']).toBe('{"code-quality":"pass","load":"pass"}')
  expect(known.summary).toContain('no changed file under docs/')
  const unknown = await runGates(stage, head.path, against('d'.repeat(40)))
  expect(unknown.outputs['verdicts']).toContain('docs')
  head.commit({ 'docs.md': '', 'hive.yml': `${timed}# changed\n` })
  expect((await runGates(stage, head.path, against(base))).outputs['verdicts']).toContain('docs')
})
