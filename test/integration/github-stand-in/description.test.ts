import { afterAll, beforeAll, expect, test } from 'vitest'
import { usedOperations } from '../../../scripts/github-operations.ts'
import { answeredOperations } from '../../support/github/answer.ts'
import { description } from '../../support/github/description.ts'
import { checkResponse } from '../../support/github/validator.ts'
import {
  createGitHub,
  type EmulatedGitHub,
  issueCommentPayload,
  issuesPayload,
  mergeGroupPayload,
  pullRequestPayload,
  pushPayload,
  type RepositoryHandle,
  schedulePayload,
  workflowDispatchPayload,
  workflowRunPayload,
} from '../../support/github/index.ts'

let github: EmulatedGitHub
let repo: RepositoryHandle

beforeAll(async () => {
  github = await createGitHub()
  repo = github.repo('acme/shop', { files: { 'hive.yml': 'version: 1\n' } })
})

afterAll(async () => {
  await github.close()
})

test('what is described is what is asked for and what is answered', () => {
  const described = description().operations.map(({ key }) => key)
  expect(described).toEqual(usedOperations)
  expect([...answeredOperations].sort()).toEqual([...described].sort())
})

test('every answer fits the description', async () => {
  const sha = repo.pushCommit({ branch: 'feature', files: { 'a/b.txt': 'x' }, author: 'dana' }).sha
  const pull = repo.openPull({ head: 'feature', author: 'dana' })
  const comment = repo.comment(pull.number, 'c', { author: 'eve' })
  const check = repo.addCheckRun({ sha, name: 'CI' })
  const workflow = { name: 'Hive', path: '.github/workflows/hive.yml' }
  const artifacts = [{ name: 'evidence', files: { x: 'y' } }]
  const run = repo.addWorkflowRun({ workflow, event: 'pull_request', headSha: sha, artifacts })
  const tree = repo.state.store.commits.get(sha)?.tree ?? ''
  const artifact = [...repo.state.artifacts.keys()][0] ?? 0
  const scopes = ['actions', 'checks', 'contents', 'issues', 'pull-requests', 'statuses'] as const
  const permissions = Object.fromEntries(scopes.map((scope) => [scope, 'write'] as const))
  const authorization = `Bearer ${github.token({ permissions, actor: 'acme' })}`
  const values: Readonly<Record<string, string>> = {
    owner: 'acme',
    repo: 'shop',
    path: 'hive.yml',
    branch: 'feature',
    commit_sha: sha,
    sha,
    tree_sha: tree,
    file_sha: [...repo.state.store.blobs.keys()][0] ?? '',
    basehead: 'main...feature',
    pull_number: String(pull.number),
    issue_number: String(pull.number),
    comment_id: String(comment.id),
    check_run_id: String(check.id),
    username: 'dana',
    account_id: String(github.user('dana').id),
    workflow_id: 'hive.yml',
    run_id: String(run.id),
    attempt_number: '1',
    artifact_id: String(artifact),
    archive_format: 'zip',
  }
  const bodies: Readonly<Record<string, object>> = {
    'POST /repos/{owner}/{repo}/git/refs': { ref: 'refs/heads/new', sha },
    'PATCH /repos/{owner}/{repo}/git/refs/{ref}': { sha, force: true },
    'POST /repos/{owner}/{repo}/git/commits': { message: 'm', tree, parents: [sha] },
    'POST /repos/{owner}/{repo}/git/trees': {
      base_tree: tree,
      tree: [{ path: 'n', mode: '100644', type: 'blob', content: 'n' }],
    },
    'POST /repos/{owner}/{repo}/git/blobs': { content: 'x', encoding: 'utf-8' },
    'POST /repos/{owner}/{repo}/statuses/{sha}': { state: 'success', context: 'ci' },
    'PATCH /repos/{owner}/{repo}/pulls/{pull_number}': { title: 't' },
    'POST /repos/{owner}/{repo}/issues': { title: 't', labels: ['hive'] },
    'PATCH /repos/{owner}/{repo}/issues/{issue_number}': { body: 'b', labels: ['hive'] },
    'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': { body: 'b' },
    'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': { labels: ['bug'] },
    'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions': { content: 'eyes' },
    'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': { body: 'c2' },
    'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': { content: '+1' },
    'POST /repos/{owner}/{repo}/labels': { name: 'later', color: 'ff0000' },
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': { ref: 'main' },
  }
  // An app's business: a person's token is refused, as GitHub does.
  const byApp = /check-runs(\/\{check_run_id\})?$/
  const refused: string[] = []
  const last = (key: string): number => (key.startsWith('DELETE') ? (key.includes('reaction') ? 1 : 2) : 0)
  for (const key of [...usedOperations].sort((a, b) => last(a) - last(b))) {
    const [method = '', template = ''] = key.split(' ')
    if (method !== 'GET' && byApp.test(template)) continue
    const reaction = [...comment.reactions][0]
    const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
      if (name === 'ref') return template.includes('/git/') ? 'heads/feature' : sha
      if (name === 'reaction_id') return String(reaction?.id)
      return encodeURIComponent(name === 'name' ? 'bug' : (values[name] ?? `no value for ${name}`))
    })
    const body = bodies[key]
    const response = await fetch(github.url + path, {
      method,
      redirect: 'manual',
      headers: { authorization },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (response.status >= 400) refused.push(`${response.status} ${method} ${path} ${await response.text()}`)
  }
  expect(refused).toEqual([])
  // All but the two writes of check runs, which rest.test.ts makes with an app's token.
  expect(github.requests()).toHaveLength(usedOperations.length - 2)
  expect(github.violations()).toEqual([])
})

test('an answer that lacks what GitHub promises, or has a status that it never gives, is found', () => {
  const operation = description().operations.find(
    ({ key }) => key === 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
  )
  if (operation === undefined) throw new Error('the operation is not described')
  expect(checkResponse(operation, 200, { id: 1 }).join()).toContain('must have required property')
  expect(checkResponse(operation, 418, {}).join()).toContain('418 is not described')
})

test('payloads speak of the stand-in’s repository, never of the example’s', () => {
  repo.pushCommit({ branch: 'other', author: 'dana' })
  const pull = repo.openPull({ head: 'other', author: 'dana' })
  const comment = repo.comment(pull.number, '/approve', { author: 'eve' })
  const run = repo.addWorkflowRun({
    workflow: { name: 'Hive', path: 'x.yml' },
    event: 'push',
    headSha: repo.head('other'),
  })
  const payloads = [
    issueCommentPayload(github, repo, { comment }),
    pullRequestPayload(github, repo, { number: pull.number, action: 'synchronize' }),
    workflowRunPayload(github, repo, { run }),
    schedulePayload(github, repo),
    workflowDispatchPayload(github, repo, { inputs: { pull_request: '1' } }),
    pushPayload(github, repo, { branch: 'other' }),
    mergeGroupPayload(github, repo, { branch: 'other' }),
    issuesPayload(github, repo, { issue: repo.openIssue({ title: 'x' }) }),
  ]
  for (const payload of payloads) {
    expect(payload).toMatchObject({
      repository: { full_name: 'acme/shop', id: repo.id },
      sender: { login: expect.any(String) as string },
    })
    expect(JSON.stringify(payload)).not.toMatch(/Codertocat|octo-org|octocat/i)
  }
  expect(payloads[0]).toMatchObject({
    issue: { number: pull.number, pull_request: {} },
    comment: { id: comment.id, user: { login: 'eve' } },
  })
})
