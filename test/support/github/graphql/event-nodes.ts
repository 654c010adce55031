import { nodeId } from '../render/account.ts'
import { authorAssociation, issuePage } from '../render/issue.ts'
import { repositoryPage } from '../render/repository.ts'
import type { Comment, Issue, Repository, TimelineEvent } from '../types.ts'
import { accountNode, commitNode } from './commit-nodes.ts'
import { connection } from './connection.ts'
import type { Arguments, GraphNode } from './execute.ts'

export function commentNode(repo: Repository, comment: Comment): GraphNode {
  return {
    type: 'IssueComment',
    fields: {
      id: nodeId('IC', comment.id),
      databaseId: comment.id,
      fullDatabaseId: String(comment.id),
      body: comment.body,
      url: `${issuePage(repo, comment.issue)}#issuecomment-${comment.id}`,
      author: accountNode(comment.user),
      authorAssociation: authorAssociation(repo, comment.user),
      createdAt: comment.createdAt,
      publishedAt: comment.createdAt,
      updatedAt: comment.updatedAt,
      lastEditedAt: comment.editedAt ?? null,
      includesCreatedEdit: comment.editedAt !== undefined,
      editor: comment.editor === undefined ? null : accountNode(comment.editor),
      isMinimized: comment.minimized !== undefined,
      minimizedReason: comment.minimized ?? null,
    },
  }
}

export function labelNode(repo: Repository, name: string): GraphNode {
  const label = repo.labels.get(name)
  return { type: 'Label', fields: { id: nodeId('LA', label?.id ?? 0), name, color: label?.color ?? 'ededed' } }
}

const eventTypes: Readonly<Record<string, string>> = {
  commented: 'IssueComment',
  committed: 'PullRequestCommit',
  comment_deleted: 'CommentDeletedEvent',
  closed: 'ClosedEvent',
  reopened: 'ReopenedEvent',
  labeled: 'LabeledEvent',
  unlabeled: 'UnlabeledEvent',
  head_ref_force_pushed: 'HeadRefForcePushedEvent',
  base_ref_changed: 'BaseRefChangedEvent',
}

function eventNode(repo: Repository, event: TimelineEvent): GraphNode {
  if (event.comment !== undefined) return commentNode(repo, event.comment)
  const commitOf = (sha: string | undefined): GraphNode | null => {
    const commit = sha === undefined ? undefined : repo.store.commits.get(sha)
    return commit === undefined ? null : commitNode(repo, commit)
  }
  return {
    type: eventTypes[event.event] ?? event.event,
    fields: {
      id: nodeId('EV', event.id),
      databaseId: event.id,
      createdAt: event.createdAt,
      actor: accountNode(event.actor),
      url: `${repositoryPage(repo)}/commit/${event.commit?.sha ?? ''}`,
      commit: commitOf(event.commit?.sha),
      label: event.label === undefined ? null : labelNode(repo, event.label),
      deletedCommentAuthor: event.deletedAuthor === undefined ? null : accountNode(event.deletedAuthor),
      beforeCommit: commitOf(event.from),
      afterCommit: commitOf(event.to),
      previousRefName: event.from,
      currentRefName: event.to,
    },
  }
}

/** `COMMENT_DELETED_EVENT` for `CommentDeletedEvent`. */
function enumOf(type: string): string {
  return type.replace(/(?!^)([A-Z])/g, '_$1').toUpperCase()
}

export function timelineOf(repo: Repository, issue: Issue, args: Arguments): GraphNode {
  const wanted = Array.isArray(args['itemTypes']) ? (args['itemTypes'] as string[]) : undefined
  const since = typeof args['since'] === 'string' ? Date.parse(args['since']) : 0
  const nodes = issue.timeline
    .filter((event) => wanted === undefined || wanted.includes(enumOf(eventTypes[event.event] ?? '')))
    .filter((event) => Date.parse(event.comment?.updatedAt ?? event.createdAt) >= since)
    .map((event) => eventNode(repo, event))
  return connection(issue.pull === undefined ? 'IssueTimelineItems' : 'PullRequestTimelineItems', { nodes, args })
}
