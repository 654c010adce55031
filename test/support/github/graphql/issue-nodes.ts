import { commitsBetween } from '../git-objects.ts'
import { nodeId } from '../render/account.ts'
import { issuePage } from '../render/issue.ts'
import type { Issue, Repository } from '../types.ts'
import { accountNode, commitNode, repositorySummary } from './commit-nodes.ts'
import { connection } from './connection.ts'
import { commentNode, labelNode, timelineOf } from './event-nodes.ts'
import type { Arguments, GraphNode } from './execute.ts'

export function issueNodeId(issue: Issue): string {
  return nodeId(issue.pull === undefined ? 'I' : 'PR', issue.id)
}

export function issueNode(repo: Repository, issue: Issue): GraphNode {
  const { pull } = issue
  const state = pull?.mergedAt === undefined ? issue.state.toUpperCase() : 'MERGED'
  const comments = [...repo.comments.values()].filter((comment) => comment.issue === issue)
  const shared = {
    id: issueNodeId(issue),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: issuePage(repo, issue),
    state,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    author: accountNode(issue.user),
    isPinned: issue.pinned,
    comments: (args: Arguments) => {
      const nodes = comments.map((comment) => commentNode(repo, comment))
      return connection('IssueComment', { nodes, args })
    },
    labels: (args: Arguments) =>
      connection('Label', { nodes: [...issue.labels].map((name) => labelNode(repo, name)), args }),
    timelineItems: (args: Arguments) => timelineOf(repo, issue, args),
  }
  if (pull === undefined) return { type: 'Issue', fields: shared }
  return {
    type: 'PullRequest',
    fields: {
      ...shared,
      headRefName: pull.headRef,
      headRefOid: pull.headSha,
      baseRefName: pull.baseRef,
      baseRefOid: pull.baseSha,
      headRepository: { type: 'Repository', fields: repositorySummary(pull.headRepo) },
      isCrossRepository: pull.headRepo !== repo,
      isDraft: pull.draft,
      merged: pull.mergedAt !== undefined,
      mergedAt: pull.mergedAt ?? null,
      commits: (args: Arguments) => {
        const commits = commitsBetween(repo.store, pull.baseSha, pull.headSha).slice(0, 250)
        const nodes = commits.map((commit): GraphNode => {
          const url = `${issuePage(repo, issue)}/commits/${commit.sha}`
          return {
            type: 'PullRequestCommit',
            fields: { id: nodeId('PRC', commit.sha), commit: commitNode(repo, commit), url },
          }
        })
        return connection('PullRequestCommit', { nodes, args })
      },
    },
  }
}
