import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pullRequestPayload } from '../../support/github/payloads.ts'
import { runAction, type ActionResult } from '../../support/run-action.ts'
import { hiveYml, setStage, type Stage } from './stage.ts'

/** A checkout as the workflow leaves it: the head commit, nothing else. */
function checkout(
  files: Readonly<Record<string, string>>,
): { readonly path: string; readonly sha: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'hive-checkout-'))
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=eve', '-c', 'user.email=eve@example.com', ...words], {
      cwd: path,
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'feature')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  git('add', '-A')
  git('commit', '-q', '-m', 'Move the store')
  return { path, sha: git('rev-parse', 'HEAD'), [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Without a token: the job that runs a pull request's code holds none. */
function runGates(stage: Stage, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
  return runAction({
    event: 'pull_request',
    payload: pullRequestPayload(stage.github, stage.repo, { number: stage.number }),
    github: stage.github,
    cwd,
    env,
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
