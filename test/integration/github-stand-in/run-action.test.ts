import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createGitHub,
  type EmulatedGitHub,
  issueCommentPayload,
  pullRequestPayload,
  type RepositoryHandle,
} from '../../support/github/index.ts'
import { runAction } from '../../support/run-action.ts'

let github: EmulatedGitHub
let repo: RepositoryHandle
let root: string

const definition = `
name: test
inputs:
  github-token:
    default: \${{ github.token }}
  some-count:
    default: "3"
  not given:
    description: nothing
runs:
  using: node24
  main: dist/index.mjs
`

beforeEach(async () => {
  github = await createGitHub()
  repo = github.repo('acme/shop')
  root = mkdtempSync(join(tmpdir(), 'run-action-test-'))
  mkdirSync(join(root, 'dist'))
  writeFileSync(join(root, 'action.yml'), definition)
})

afterEach(async () => {
  rmSync(root, { recursive: true, force: true })
  await github.close()
})

function script(code: string): void {
  const imports = "import fs from 'node:fs'; import { spawn } from 'node:child_process'; const env = process.env;\n"
  writeFileSync(join(root, 'dist/index.mjs'), imports + code)
}

function run(
  options: {
    token?: string
    inputs?: Record<string, string>
    secrets?: string[]
    timeoutMs?: number
    cancel?: AbortSignal
  } = {},
) {
  const comment = repo.comment(repo.openIssue({ title: 'x' }).number, '/status', { author: 'dana' })
  return runAction({
    event: 'issue_comment',
    payload: issueCommentPayload(github, repo, { comment }),
    github,
    root,
    ...options,
  })
}

test('inputs, defaults, variables and command files are those of the runner', async () => {
  script(`
    fs.appendFileSync(env.GITHUB_OUTPUT, 'plain=1\\nlong<<ghadelimiter_1\\na\\nb=c\\nghadelimiter_1\\n')
    fs.appendFileSync(env.GITHUB_STATE, 'phase=main\\n')
    fs.appendFileSync(env.GITHUB_STEP_SUMMARY, '# Done\\n')
    fs.writeFileSync(env.RUNNER_TEMP + '/left.txt', '')
    console.log('::error file=a.ts,line=3::x%3A one%0Atwo')
    console.log(JSON.stringify([env['INPUT_SOME-COUNT'], env.INPUT_NOT_GIVEN, env.GITHUB_SHA, env.GITHUB_REF, process.version.split('.')[0]]))
    console.log(JSON.parse(fs.readFileSync(env.GITHUB_EVENT_PATH)).comment.body, env.GITHUB_ACTOR)
    process.exitCode = 3`)
  const result = await run({ inputs: { 'some-count': '4' } })
  expect(result).toMatchObject({
    exitCode: 3,
    outputs: { plain: '1', long: 'a\nb=c' },
    state: { phase: 'main' },
    summary: '# Done\n',
    leftFiles: ['left.txt'],
    leftProcesses: false,
    commands: [{ command: 'error', properties: { file: 'a.ts', line: '3' }, message: 'x: one\ntwo' }],
  })
  expect(result.stdout).toContain(JSON.stringify(['4', '', repo.head(), 'refs/heads/main', 'v24']))
  expect(result.stdout).toContain('/status dana')
})

test('a masked value is hidden, and a secret that shows is an error', async () => {
  const token = github.token()
  script(`console.log('::add-mask::hushhush'); console.log('it is hushhush')`)
  expect((await run({ token, secrets: ['hushhush-not'] })).stdout).toContain('it is ***')
  script(`console.error('token: ' + env['INPUT_GITHUB-TOKEN'])`)
  await expect(run({ token })).rejects.toThrow('secret 1 of the run shows in its stderr')
  script(`fs.appendFileSync(env.GITHUB_OUTPUT, 'a=postgres://u:pw12345@h')`)
  await expect(run({ token, secrets: ['pw12345'] })).rejects.toThrow('secret 2 of the run shows in its outputs')
})

test('a process that is left behind is seen and killed, and a hanging action ends', async () => {
  script(`spawn('sleep', ['60'], { stdio: 'ignore' }).unref()`)
  expect(await run()).toMatchObject({ exitCode: 0, leftProcesses: true })
  script(`setInterval(() => {}, 1000)`)
  expect(await run({ timeoutMs: 300 })).toMatchObject({ exitCode: null, timedOut: true })
})

test('a cancelled run gets the chance to clean up', async () => {
  script(
    `process.on('SIGINT', () => process.exit(130)); console.log('ready'); await fetch(env.GITHUB_API_URL); setInterval(() => {}, 1000)`,
  )
  const cancel = new AbortController()
  github.inject({ on: /^GET \/$/, kind: 'meanwhile', run: () => cancel.abort() })
  expect(await run({ cancel: cancel.signal })).toMatchObject({ exitCode: 130, timedOut: false })
  github.clearViolations()
})

test('an undeclared input is a mistake of the test', async () => {
  script('')
  await expect(run({ inputs: { typo: '1' } })).rejects.toThrow('action.yml has no input typo')
})

test('a pull request runs on its test merge commit', async () => {
  const fork = github.fork(repo, 'eve')
  fork.pushCommit({ branch: 'feature', files: { x: '1' } })
  const pull = repo.openPull({ head: 'feature', from: fork })
  script(`console.log([env.GITHUB_SHA, env.GITHUB_REF, env.GITHUB_HEAD_REF, env.GITHUB_BASE_REF].join(' '))`)
  const payload = pullRequestPayload(github, repo, { number: pull.number })
  const { stdout } = await runAction({ event: 'pull_request', payload, github, root })
  expect(stdout.trim()).toBe(`${pull.pull.mergeSha} refs/pull/${pull.number}/merge feature main`)
  expect(pull.pull.mergeSha).not.toBe(pull.pull.headSha)
})
