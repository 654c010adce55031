import { roleOf } from '../access.ts'
import type { Account, Comment, Issue, Reaction, Repository, TimelineEvent } from '../types.ts'
import type { World } from '../world.ts'
import { type Json, nodeId, renderApp, renderUser } from './account.ts'
import { renderGitCommit } from './git.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'

const reactionKinds = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes']

export function renderReaction(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: renderUser(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}

function renderRollup(url: string, reactions: readonly Reaction[]): Json {
  const counts = reactionKinds.map((kind) => [kind, reactions.filter((reaction) => reaction.content === kind).length])
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) }
}

/** A label that was only named so far shows as GitHub creates it. */
export function renderLabel(world: World, repo: Repository, name: string): Json {
  const label = repo.labels.get(name)
  return {
    id: label?.id ?? 0,
    node_id: nodeId('LA', label?.id ?? 0),
    url: `${repositoryUrl(world, repo)}/labels/${encodeURIComponent(name)}`,
    name,
    description: label?.description ?? null,
    color: label?.color ?? 'ededed',
    default: false,
  }
}

export function authorAssociation(repo: Repository, account: Account): string {
  if (account.id === repo.owner.id) return 'OWNER'
  return roleOf(repo, account) === 'none' ? 'NONE' : 'COLLABORATOR'
}

export function issuePage(repo: Repository, issue: Issue): string {
  return `${repositoryPage(repo)}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`
}

export function renderIssue(world: World, repo: Repository, issue: Issue): Json {
  const base = repositoryUrl(world, repo)
  const url = `${base}/issues/${issue.number}`
  const page = issuePage(repo, issue)
  const comments = [...repo.comments.values()].filter((comment) => comment.issue === issue).length
  return {
    id: issue.id,
    node_id: nodeId(issue.pull === undefined ? 'I' : 'PR', issue.id),
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: renderUser(world, issue.user),
    labels: [...issue.labels].map((name) => renderLabel(world, repo, name)),
    assignee: issue.assignees[0] === undefined ? null : renderUser(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => renderUser(world, account)),
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments,
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: authorAssociation(repo, issue.user),
    reactions: renderRollup(url, issue.reactions),
    performed_via_github_app: issue.app === undefined ? null : renderApp(world, issue.app),
    ...(issue.pull !== undefined && {
      draft: issue.pull.draft,
      pull_request: {
        url: `${base}/pulls/${issue.number}`,
        html_url: page,
        diff_url: `${page}.diff`,
        patch_url: `${page}.patch`,
        merged_at: issue.pull.mergedAt ?? null,
      },
    }),
  }
}

export function renderComment(world: World, repo: Repository, comment: Comment): Json {
  const base = repositoryUrl(world, repo)
  const url = `${base}/issues/comments/${comment.id}`
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url,
    html_url: `${issuePage(repo, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: `${base}/issues/${comment.issue.number}`,
    user: renderUser(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(repo, comment.user),
    performed_via_github_app: comment.app === undefined ? null : renderApp(world, comment.app),
    reactions: renderRollup(url, comment.reactions),
  }
}

export function renderTimelineEvent(world: World, repo: Repository, event: TimelineEvent): Json {
  const actor = renderUser(world, event.actor)
  if (event.comment !== undefined) return { event: event.event, actor, ...renderComment(world, repo, event.comment) }
  if (event.commit !== undefined) return { event: event.event, ...renderGitCommit(world, repo, event.commit) }
  return {
    id: event.id,
    node_id: nodeId('EV', event.id),
    url: `${repositoryUrl(world, repo)}/issues/events/${event.id}`,
    actor,
    event: event.event,
    commit_id: null,
    commit_url: null,
    created_at: event.createdAt,
    performed_via_github_app: null,
    ...(event.label !== undefined && {
      label: { name: event.label, color: repo.labels.get(event.label)?.color ?? 'ededed' },
    }),
  }
}
