import { Octokit } from '@octokit/core'
import { paginateRest } from '@octokit/plugin-paginate-rest'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { actionsApp, createGitHub, type EmulatedGitHub, type RepositoryHandle } from '../../support/github/index.ts'

const Client = Octokit.plugin(paginateRest)

let github: EmulatedGitHub
let repo: RepositoryHandle
let octokit: InstanceType<typeof Client>

beforeEach(async () => {
  github = await createGitHub()
  repo = github.repo('acme/shop', {
    files: { 'hive.yml': 'version: 1\n', 'src/a.ts': 'a\nb\nc\n' },
    roles: { dana: 'write' },
  })
  const permissions = {
    checks: 'write',
    contents: 'write',
    issues: 'write',
    'pull-requests': 'write',
    actions: 'write',
    statuses: 'write',
  } as const
  octokit = new Client({ auth: github.token({ permissions, repository: repo }), baseUrl: github.url })
})

afterEach(async () => {
  await github.close()
})

const at = { owner: 'acme', repo: 'shop' }

test('a comment, an edit and a deletion show as GitHub shows them', async () => {
  const issue = repo.openIssue({ title: 'Coordination' })
  const created = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...at,
    issue_number: issue.number,
    body: 'first',
  })
  expect(created.data.user).toMatchObject({ login: 'github-actions[bot]', id: 41898282, type: 'Bot' })
  github.advance(60_000)
  const edited = await octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
    ...at,
    comment_id: created.data.id,
    body: 'second',
  })
  expect(Date.parse(edited.data.updated_at) - Date.parse(edited.data.created_at)).toBeGreaterThanOrEqual(60_000)
  const listed = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...at,
    issue_number: issue.number,
    since: edited.data.updated_at,
  })
  expect(listed.data.map(({ body }) => body)).toEqual(['second'])
  await octokit.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
    ...at,
    comment_id: created.data.id,
  })
  const timeline = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/timeline', {
    ...at,
    issue_number: issue.number,
  })
  expect(timeline.data.map(({ event }) => event)).toEqual(['comment_deleted'])
  expect(github.violations()).toEqual([])
})

test('a push moves the head of its pull request, from a fork too', async () => {
  const fork = github.fork(repo, 'eve')
  fork.pushCommit({ branch: 'feature', files: { 'src/a.ts': 'a\nB\nc\n' }, author: 'eve' })
  const pull = repo.openPull({ head: 'feature', from: fork })
  const second = fork.pushCommit({
    branch: 'feature',
    files: { 'new.txt': 'x' },
    author: { name: 'X', email: 'x@y.z' },
  })
  const read = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...at,
    pull_number: pull.number,
  })
  expect(read.data.head.sha).toBe(second.sha)
  expect(read.data.head.repo?.full_name).toBe('eve/shop')
  expect(read.data).toMatchObject({ commits: 2, changed_files: 2, additions: 2, deletions: 1 })
  const files = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    ...at,
    pull_number: pull.number,
  })
  expect(files.data.map(({ filename, status }) => [filename, status])).toEqual([
    ['new.txt', 'added'],
    ['src/a.ts', 'modified'],
  ])
  const commits = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
    ...at,
    pull_number: pull.number,
  })
  expect(commits.data.map(({ author }) => author?.login ?? null)).toEqual(['eve', null])
  const found = await octokit.request('GET /repos/{owner}/{repo}/pulls', { ...at, head: 'eve:feature' })
  expect(found.data.map(({ number }) => number)).toEqual([pull.number])
  const ofCommit = await octokit.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
    ...at,
    commit_sha: second.sha,
  })
  expect(ofCommit.data).toEqual([])
  const compared = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...at,
    basehead: 'main...eve:feature',
  })
  expect(compared.data).toMatchObject({ status: 'ahead', ahead_by: 2 })
  expect(github.violations()).toEqual([])
})

test('annotations accumulate, 51 at once are refused, and the latest run of a name is listed', async () => {
  const sha = repo.head()
  const annotation = {
    path: 'src/a.ts',
    start_line: 1,
    end_line: 1,
    annotation_level: 'warning',
    message: 'm',
  } as const
  const output = { title: 't', summary: 's', annotations: Array.from({ length: 50 }, () => annotation) }
  const create = () =>
    octokit.request('POST /repos/{owner}/{repo}/check-runs', { ...at, name: 'hive / migration', head_sha: sha, output })
  await create()
  const { data: run } = await create()
  await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    ...at,
    check_run_id: run.id,
    status: 'completed',
    conclusion: 'success',
    output,
  })
  repo.addCheckRun({ sha, name: 'hive / migration', app: { id: 7, slug: 'other', name: 'Other' } })
  const { data: list } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...at,
    ref: sha,
  })
  expect(list.check_runs.map((item) => [item.app?.slug, item.conclusion, item.output.annotations_count])).toEqual([
    ['other', 'success', 0],
    [actionsApp.slug, 'success', 100],
  ])
  const { data: annotations } = await octokit.request(
    'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    {
      ...at,
      check_run_id: run.id,
      per_page: 100,
    },
  )
  expect(annotations).toHaveLength(100)
  expect(github.violations()).toEqual([])
  output.annotations.push(annotation)
  await expect(create()).rejects.toMatchObject({ status: 422 })
  expect(github.violations().join()).toContain('must NOT have more than 50 items')
})

test('pages are at most 100 long and linked', async () => {
  const issue = repo.openIssue({ title: 'Long' })
  for (let index = 0; index < 230; index += 1) repo.comment(issue.number, `c${index}`, { author: 'dana' })
  const comments = await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...at,
    issue_number: issue.number,
    per_page: 500,
  })
  expect(comments.map(({ body }) => body)).toEqual(Array.from({ length: 230 }, (_, index) => `c${index}`))
  expect(github.counts()).toMatchObject({ reads: 3, writes: 0 })
  expect(github.violations()).toEqual([])
})

test('a run and its artifact are read, and the token stays away from the download', async () => {
  const fork = github.fork(repo, 'eve')
  const commit = fork.pushCommit({ branch: 'feature', author: 'eve' })
  repo.openPull({ head: 'feature', from: fork })
  const workflow = { name: 'Hive gates', path: '.github/workflows/hive.yml' }
  const added = repo.addWorkflowRun({
    workflow,
    event: 'pull_request',
    headSha: commit.sha,
    from: fork,
    attempt: 2,
    artifacts: [{ name: 'hive-evidence', files: { 'bundle.json': '{}' } }],
  })
  const { data: run } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
    ...at,
    run_id: added.id,
  })
  expect(run).toMatchObject({ run_attempt: 2, head_branch: 'feature', path: workflow.path, pull_requests: [] })
  expect(run.head_repository.full_name).toBe('eve/shop')
  const { data: list } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
    ...at,
    run_id: added.id,
  })
  const artifact = list.artifacts[0]
  const { data: zip } = await octokit.request(
    'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    {
      ...at,
      artifact_id: artifact?.id ?? 0,
      archive_format: 'zip',
    },
  )
  expect(
    Buffer.from(zip as ArrayBuffer)
      .subarray(0, 2)
      .toString(),
  ).toBe('PK')
  expect(github.violations()).toEqual([])
})

test('what a token may not do is refused in GitHub’s words', async () => {
  const issue = repo.openIssue({ title: 'x' })
  const comment = (auth: string | undefined) =>
    new Client({ baseUrl: github.url, ...(auth !== undefined && { auth }) }).request(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...at, issue_number: issue.number, body: 'b' },
    )
  await expect(comment(github.token({ permissions: { issues: 'read' } }))).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration') as string,
  })
  await expect(comment('ghs_unknown')).rejects.toMatchObject({ status: 401 })
  await expect(comment(undefined)).rejects.toMatchObject({ status: 401 })
  expect(github.violations()).toEqual([])
})

test('bodies end at 65,536 characters, and a conversation at 2,500 comments', async () => {
  const issue = repo.openIssue({ title: 'x' })
  const comment = (body: string) =>
    octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...at,
      issue_number: issue.number,
      body,
    })
  expect((await comment('😀'.repeat(65_536))).status).toBe(201)
  await expect(comment('x'.repeat(65_537))).rejects.toMatchObject({ status: 422 })
  await expect(comment(' ')).rejects.toMatchObject({ status: 422 })
  for (let index = 1; index < 2500; index += 1) repo.comment(issue.number, 'c', { author: 'dana' })
  await expect(comment('one more')).rejects.toMatchObject({ status: 403 })
  expect(github.violations()).toEqual([])
})

test('roles are told as GitHub tells them', async () => {
  repo.setRole('mo', 'maintain')
  github.user('stranger')
  const permission = async (username: string) => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      ...at,
      username,
    })
    return [data.permission, data.role_name, data.user?.id === github.user(username).id]
  }
  expect(await permission('acme')).toEqual(['admin', 'admin', true])
  expect(await permission('dana')).toEqual(['write', 'write', true])
  expect(await permission('mo')).toEqual(['write', 'maintain', true])
  expect(await permission('stranger')).toEqual(['read', 'read', true])
  await expect(permission('nobody')).rejects.toMatchObject({ status: 404 })
  expect(github.violations()).toEqual([])
})

test('commits, trees and refs are made as a Git client would, and race as refs do', async () => {
  const { data: blob } = await octokit.request('POST /repos/{owner}/{repo}/git/blobs', { ...at, content: 'x\n' })
  // What `printf 'x\n' | git hash-object --stdin` prints.
  expect(blob.sha).toBe('587be6b4c3f93f93c489c0111bba5596147a26cb')
  const { data: tree } = await octokit.request('POST /repos/{owner}/{repo}/git/trees', {
    ...at,
    tree: [{ path: 'a/x', mode: '100644', type: 'blob', sha: blob.sha }],
  })
  const { data: commit } = await octokit.request('POST /repos/{owner}/{repo}/git/commits', {
    ...at,
    message: 'm',
    tree: tree.sha,
  })
  const ref = () =>
    octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/heads/lock', sha: commit.sha })
  const results = await Promise.allSettled([ref(), ref(), ref()])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const { data: read } = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...at,
    tree_sha: 'lock',
    recursive: '1',
  })
  expect(read.tree.map(({ path }) => path)).toEqual(['a', 'a/x'])
  expect(github.violations()).toEqual([])
})

test('what is not part of GitHub’s API is a violation and refused', async () => {
  await expect(octokit.request('GET /repos/{owner}/{repo}/releases', at)).rejects.toMatchObject({ status: 404 })
  await expect(
    octokit.request<string>('POST /repos/{owner}/{repo}/issues', { ...at, title: 't', colour: 'red' }),
  ).rejects.toMatchObject({ status: 422 })
  expect(github.violations()).toHaveLength(2)
})

test('contents are read at a branch, a commit and as a folder', async () => {
  const before = repo.head()
  repo.pushCommit({ files: { 'hive.yml': 'version: 1\nproject: x\n' } })
  const read = async (ref: string) => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', {
      ...at,
      path: 'hive.yml',
      ref,
    })
    return Array.isArray(data) || !('content' in data) ? '' : Buffer.from(data.content ?? '', 'base64').toString()
  }
  expect([await read('main'), await read(before)]).toEqual(['version: 1\nproject: x\n', 'version: 1\n'])
  const { data: root } = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', { ...at, path: '' })
  expect(root).toMatchObject([
    { name: 'hive.yml', type: 'file' },
    { name: 'src', type: 'dir' },
  ])
  expect(github.violations()).toEqual([])
})
