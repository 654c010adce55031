import { mayUse } from '../access.ts'
import { blobSha, resolveRef } from '../git-objects.ts'
import { nodeId } from '../render/account.ts'
import { repositoryPage } from '../render/repository.ts'
import { reads } from '../route.ts'
import type { Repository, Scope, Token } from '../types.ts'
import type { World } from '../world.ts'
import { commitNode, repositorySummary } from './commit-nodes.ts'
import { connection } from './connection.ts'
import { type Arguments, GraphError, type GraphNode } from './execute.ts'
import { issueNode } from './issue-nodes.ts'

/** The state as a graph, for one token. */
export interface Graph {
  readonly world: World
  readonly token: Token
}

function guard({ token }: Graph, ...scopes: readonly Scope[]): void {
  if (!mayUse(token, reads(...scopes))) throw new GraphError('FORBIDDEN', 'Resource not accessible by integration')
}

function objectNode(graph: Graph, repo: Repository, args: Arguments): GraphNode | null {
  guard(graph, 'contents')
  const expression = String(args['expression'] ?? args['oid'] ?? '')
  const [ref = '', path] = expression.split(':')
  const commit = resolveRef(repo, ref === 'HEAD' ? repo.defaultBranch : ref)
  if (commit === undefined) return null
  if (path === undefined) return commitNode(repo, commit)
  const content = commit.files.get(path)
  if (content === undefined) return null
  const sha = blobSha(content)
  const binary = content.includes(0)
  const text = binary ? null : content.toString('utf8')
  const fields = {
    id: nodeId('B', sha),
    oid: sha,
    text,
    byteSize: content.length,
    isBinary: binary,
    isTruncated: false,
  }
  return { type: 'Blob', fields }
}

function refNode(repo: Repository, name: string): GraphNode | null {
  const branch = name.replace(/^refs\/heads\//, '')
  const commit = repo.store.commits.get(repo.branches.get(branch) ?? '')
  if (commit === undefined) return null
  const fields = { id: nodeId('REF', branch), name: branch, prefix: 'refs/heads/', target: commitNode(repo, commit) }
  return { type: 'Ref', fields }
}

function queueNode(repo: Repository): GraphNode {
  const nodes = repo.mergeQueue.map(({ pull, headSha, baseSha, enqueuedAt }, index): GraphNode => {
    const commit = (sha: string): GraphNode | null => {
      const found = repo.store.commits.get(sha)
      return found === undefined ? null : commitNode(repo, found)
    }
    const issue = repo.issues.get(pull)
    return {
      type: 'MergeQueueEntry',
      fields: {
        id: nodeId('MQE', pull),
        position: index + 1,
        state: 'AWAITING_CHECKS',
        enqueuedAt,
        headCommit: commit(headSha),
        baseCommit: commit(baseSha),
        pullRequest: issue === undefined ? null : issueNode(repo, issue),
      },
    }
  })
  const entries = (args: Arguments): GraphNode => connection('MergeQueueEntry', { nodes, args })
  return { type: 'MergeQueue', fields: { id: nodeId('MQ', repo.id), url: `${repositoryPage(repo)}/queue`, entries } }
}

export function repositoryNode(graph: Graph, repo: Repository): GraphNode {
  const numbered = (args: Arguments, kind: 'Issue' | 'PullRequest' | 'either'): GraphNode => {
    guard(graph, 'issues', 'pull-requests')
    const issue = repo.issues.get(Number(args['number']))
    const fits = issue !== undefined && (kind === 'either' || (issue.pull !== undefined) === (kind === 'PullRequest'))
    if (!fits) {
      throw new GraphError('NOT_FOUND', `Could not resolve to a ${kind} with the number of ${String(args['number'])}.`)
    }
    return issueNode(repo, issue)
  }
  const listed = (args: Arguments, kind: 'Issue' | 'PullRequest'): GraphNode => {
    guard(graph, 'issues', 'pull-requests')
    const states = Array.isArray(args['states'])
      ? (args['states'] as string[])
      : typeof args['states'] === 'string'
        ? [args['states']]
        : undefined
    const labels = Array.isArray(args['labels']) ? (args['labels'] as string[]) : []
    const nodes = [...repo.issues.values()]
      .filter((issue) => (issue.pull !== undefined) === (kind === 'PullRequest'))
      .filter((issue) => labels.length === 0 || labels.some((label) => issue.labels.has(label)))
      .filter(({ pull }) => args['headRefName'] === undefined || pull?.headRef === args['headRefName'])
      .filter(({ pull }) => args['baseRefName'] === undefined || pull?.baseRef === args['baseRefName'])
      .map((issue) => issueNode(repo, issue))
      .filter(({ fields }) => states === undefined || states.includes(String(fields['state'])))
    return connection(kind, { nodes, args })
  }
  return {
    type: 'Repository',
    fields: {
      ...repositorySummary(repo),
      defaultBranchRef: refNode(repo, repo.defaultBranch),
      ref: (args: Arguments) => refNode(repo, String(args['qualifiedName'])),
      object: (args: Arguments) => objectNode(graph, repo, args),
      issue: (args: Arguments) => numbered(args, 'Issue'),
      pullRequest: (args: Arguments) => numbered(args, 'PullRequest'),
      issueOrPullRequest: (args: Arguments) => numbered(args, 'either'),
      issues: (args: Arguments) => listed(args, 'Issue'),
      pullRequests: (args: Arguments) => listed(args, 'PullRequest'),
      mergeQueue: () => queueNode(repo),
    },
  }
}
