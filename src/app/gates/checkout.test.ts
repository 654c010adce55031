import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCheckout, repositoryOf } from './checkout.ts'

let cwd = ''
const { signal } = new AbortController()

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hive-checkout-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

function git(...words: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...identity, ...words], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}

async function commit(file: string): Promise<string> {
  await writeFile(join(cwd, file), file)
  git('add', file)
  git('commit', '-m', file)
  return git('rev-parse', 'HEAD')
}

test('readCheckout() calls a folder outside git, and a repository without a commit, unversioned', async () => {
  expect(await readCheckout(cwd, signal)).toEqual({ testedTree: 'unversioned' })
  git('init', '-b', 'main')
  expect(await readCheckout(cwd, signal)).toEqual({ testedTree: 'unversioned' })
})

test('readCheckout() gives commit, tree, branch and where the branch left the default one', async () => {
  git('init', '-b', 'main')
  const base = await commit('a')
  git('checkout', '-b', 'feature/pg')
  const head = await commit('b')
  git('remote', 'add', 'origin', 'git@github.com:example/hive.git')
  expect(await readCheckout(cwd, signal)).toEqual({
    commit: head,
    branch: 'feature/pg',
    testedTree: git('rev-parse', 'HEAD^{tree}'),
    baseCommit: base,
    baseRef: 'main',
    repository: 'example/hive',
  })
})

test('readCheckout() calls a checkout dirty for a changed file and for a new one', async () => {
  git('init', '-b', 'main')
  await commit('a')
  await writeFile(join(cwd, 'new'), '')
  expect((await readCheckout(cwd, signal)).testedTree).toBe('dirty')
  await rm(join(cwd, 'new'))
  await writeFile(join(cwd, 'a'), 'changed')
  expect((await readCheckout(cwd, signal)).testedTree).toBe('dirty')
})

test.each([
  ['https://github.com/example/hive.git', 'example/hive'],
  ['git@github.com:example/hive.js', 'example/hive.js'],
  ['ssh://git@github.com/example/hive/', 'example/hive'],
  ['https://gitlab.com/example/hive.git', undefined],
])('repositoryOf(%j) is %j', (remote, repository) => {
  expect(repositoryOf(remote)).toBe(repository)
})
