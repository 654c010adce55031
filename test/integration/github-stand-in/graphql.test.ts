import { Octokit } from '@octokit/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGitHub, type EmulatedGitHub, type RepositoryHandle } from '../../support/github/index.ts'

let github: EmulatedGitHub
let repo: RepositoryHandle
let octokit: Octokit

beforeEach(async () => {
  github = await createGitHub()
  repo = github.repo('acme/shop', { files: { 'hive.yml': 'version: 1\n' }, roles: { dana: 'write', eve: 'write' } })
  const permissions = { contents: 'read', issues: 'write', 'pull-requests': 'write' } as const
  octokit = new Octokit({ auth: github.token({ permissions, repository: repo }), baseUrl: github.url })
})

afterEach(async () => {
  await github.close()
})

test('the timeline shows edits, deletions and pushes, page by page', async () => {
  repo.pushCommit({ branch: 'feature', message: 'Work\n\nCo-authored-by: Eve <eve@example.com>', author: 'dana' })
  const pull = repo.openPull({ head: 'feature', author: 'dana' })
  const kept = repo.comment(pull.number, '/approve', { author: 'eve' })
  const gone = repo.comment(pull.number, '/hold', { author: 'eve' })
  github.advance(5000)
  repo.editComment(kept.id, '/approve now', 'dana')
  repo.deleteComment(gone.id, 'dana')
  repo.pushCommit({ branch: 'feature', amend: true, message: 'Other', author: 'dana' })
  const query = `
    query ($owner: String!, $name: String!, $number: Int!, $after: String) {
      repository(owner: $owner, name: $name) {
        pullRequest(number: $number) {
          headRefOid
          commits(first: 5) { nodes { commit { oid authors(first: 5) { nodes { email user { login } } } } } }
          timelineItems(first: 2, after: $after, itemTypes: [ISSUE_COMMENT, COMMENT_DELETED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT]) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes {
              kind: __typename
              ... on IssueComment { databaseId body author { login } editor { login } lastEditedAt }
              ...deleted
              ... on HeadRefForcePushedEvent { afterCommit { oid } }
            }
          }
        }
      }
    }
    fragment deleted on CommentDeletedEvent { actor { login } deletedCommentAuthor { login } }`
  const variables = { owner: 'acme', name: 'shop', number: pull.number }
  const first = await octokit.graphql<{
    repository: { pullRequest: { timelineItems: { pageInfo: { endCursor: string } } } }
  }>(query, variables)
  expect(first).toMatchObject({
    repository: {
      pullRequest: {
        headRefOid: repo.head('feature'),
        timelineItems: {
          totalCount: 3,
          pageInfo: { hasNextPage: true },
          nodes: [
            {
              kind: 'IssueComment',
              databaseId: kept.id,
              body: '/approve now',
              author: { login: 'eve' },
              editor: { login: 'dana' },
            },
            { kind: 'CommentDeletedEvent', actor: { login: 'dana' }, deletedCommentAuthor: { login: 'eve' } },
          ],
        },
      },
    },
  })
  const after = first.repository.pullRequest.timelineItems.pageInfo.endCursor
  expect(await octokit.graphql(query, { ...variables, after })).toMatchObject({
    repository: {
      pullRequest: {
        timelineItems: {
          pageInfo: { hasNextPage: false },
          nodes: [{ kind: 'HeadRefForcePushedEvent', afterCommit: { oid: repo.head('feature') } }],
        },
      },
    },
  })
  expect(github.counts()).toMatchObject({ reads: 2, writes: 0 })
  expect(github.violations()).toEqual([])
})

test('three issues can be pinned, and comments hidden', async () => {
  const issues = ['a', 'b', 'c', 'd'].map((title) => repo.openIssue({ title }))
  const ids = await Promise.all(
    issues.map(async ({ number }) => {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
        owner: 'acme',
        repo: 'shop',
        issue_number: number,
      })
      return data.node_id
    }),
  )
  const pin = (id: string | undefined) =>
    octokit.graphql('mutation ($id: ID!) { pinIssue(input: { issueId: $id }) { issue { isPinned } } }', { id })
  for (const id of ids.slice(0, 3)) expect(await pin(id)).toMatchObject({ pinIssue: { issue: { isPinned: true } } })
  await expect(pin(ids[3])).rejects.toThrow('Maximum 3 pinned issues')
  const comment = repo.comment(issues[0]?.number ?? 0, 'old', { author: 'dana' })
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', {
    owner: 'acme',
    repo: 'shop',
    comment_id: comment.id,
  })
  const hidden = await octokit.graphql(
    'mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { ... on IssueComment { isMinimized minimizedReason } } } }',
    { id: data.node_id },
  )
  expect(hidden).toMatchObject({
    minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } },
  })
  expect(github.violations()).toEqual([])
})

test('the merge queue lists its pull requests', async () => {
  repo.pushCommit({ branch: 'feature', files: { x: '1' } })
  const pull = repo.openPull({ head: 'feature' })
  const group = repo.pushCommit({ branch: 'gh-readonly-queue/main/pr-1', merge: [repo.head('feature')] })
  repo.enqueue(pull.number, group.sha)
  const query = `{ repository(owner: "acme", name: "shop") { mergeQueue(branch: "main") { entries(first: 10) {
    nodes { position headCommit { oid } pullRequest { number headRefOid } } } } } }`
  expect(await octokit.graphql(query)).toMatchObject({
    repository: {
      mergeQueue: {
        entries: { nodes: [{ position: 1, headCommit: { oid: group.sha }, pullRequest: { number: pull.number } }] },
      },
    },
  })
  expect(github.violations()).toEqual([])
})

test('unknown fields, arguments and syntax are violations; missing things are errors of the data', async () => {
  const ask = (inner: string) => octokit.graphql(`{ repository(owner: "acme", name: "shop") { ${inner} } }`)
  await expect(ask('issues(first: 3) { nodes { pinned } }')).rejects.toThrow(
    "Field 'pinned' doesn't exist on type 'Issue'",
  )
  await expect(ask('issue(id: 3) { title }')).rejects.toThrow("doesn't accept argument 'id'")
  await expect(ask('issue(number: 3')).rejects.toThrow('Parse error')
  expect(github.violations()).toHaveLength(3)
  github.clearViolations()
  await expect(ask('issue(number: 3) { title }')).rejects.toThrow('Could not resolve to a Issue with the number of 3')
  await expect(ask('issues { totalCount }')).rejects.toThrow('You must provide a `first` or `last` value')
  expect(github.violations()).toEqual([])
})
