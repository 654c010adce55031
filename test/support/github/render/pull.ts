import { changesBetween } from '../diff.ts'
import { commitsBetween, mergeBase } from '../git-objects.ts'
import type { Issue, Pull, Repository } from '../types.ts'
import type { World } from '../world.ts'
import { type Json, nodeId, renderUser } from './account.ts'
import { issuePage, renderIssue } from './issue.ts'
import { renderRepository, repositoryUrl } from './repository.ts'

/** The pull requests of a repository, with what makes them one. */
export function pullsOf(repo: Repository): { issue: Issue; pull: Pull }[] {
  return [...repo.issues.values()].flatMap((issue) => (issue.pull === undefined ? [] : [{ issue, pull: issue.pull }]))
}

/** The short form inside check runs and workflow runs: those of the same repository only, as GitHub has it. */
export function renderMinimalPulls(world: World, repo: Repository, sha: string): Json[] {
  return pullsOf(repo)
    .filter(({ issue, pull }) => pull.headRepo === repo && pull.headSha === sha && issue.state === 'open')
    .map((entry) => renderMinimalPull(world, repo, entry))
}

export function renderMinimalPull(world: World, repo: Repository, { issue, pull }: { issue: Issue; pull: Pull }): Json {
  const short = (of: Repository): Json => ({ id: of.id, url: repositoryUrl(world, of), name: of.name })
  return {
    id: issue.id,
    number: issue.number,
    url: `${repositoryUrl(world, repo)}/pulls/${issue.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: short(pull.headRepo) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: short(repo) },
  }
}

function renderSide(world: World, repo: Repository, { ref, sha }: { ref: string; sha: string }): Json {
  return {
    label: `${repo.owner.login}:${ref}`,
    ref,
    sha,
    user: renderUser(world, repo.owner),
    repo: renderRepository(world, repo),
  }
}

/** As in lists. */
export function renderSimplePull(world: World, repo: Repository, { issue, pull }: { issue: Issue; pull: Pull }): Json {
  const base = repositoryUrl(world, repo)
  const url = `${base}/pulls/${issue.number}`
  const page = issuePage(repo, issue)
  const { labels, assignee, assignees, author_association: association } = renderIssue(world, repo, issue)
  const link = (href: string): Json => ({ href })
  const targets = {
    html: page,
    issue: `${base}/issues/${issue.number}`,
    comments: `${base}/issues/${issue.number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${base}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${base}/statuses/${pull.headSha}`,
  }
  return {
    url,
    id: issue.id,
    node_id: nodeId('PR', issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: targets.issue,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: renderUser(world, issue.user),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeSha ?? null,
    assignee,
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    labels,
    milestone: null,
    draft: pull.draft,
    commits_url: targets.commits,
    review_comments_url: targets.review_comments,
    review_comment_url: targets.review_comment,
    comments_url: targets.comments,
    statuses_url: targets.statuses,
    head: renderSide(world, pull.headRepo, { ref: pull.headRef, sha: pull.headSha }),
    base: renderSide(world, repo, { ref: pull.baseRef, sha: pull.baseSha }),
    _links: {
      self: link(url),
      ...Object.fromEntries(Object.entries(targets).map(([name, href]) => [name, link(href)])),
    },
    author_association: association,
    auto_merge: null,
    active_lock_reason: null,
  }
}

/** As for one pull request. */
export function renderPull(world: World, repo: Repository, entry: { issue: Issue; pull: Pull }): Json {
  const { issue, pull } = entry
  const head = repo.store.commits.get(pull.headSha)
  const changes = head === undefined ? [] : changesBetween(mergeBase(repo.store, pull.baseSha, pull.headSha), head)
  return {
    ...renderSimplePull(world, repo, entry),
    merged: pull.mergedAt !== undefined,
    mergeable: issue.state === 'open' ? true : null,
    rebaseable: null,
    mergeable_state: issue.state === 'open' ? 'clean' : 'unknown',
    merged_by: null,
    comments: [...repo.comments.values()].filter((comment) => comment.issue === issue).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsBetween(repo.store, pull.baseSha, pull.headSha).length,
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
    changed_files: changes.length,
  }
}
