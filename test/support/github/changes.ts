import { commitsBetween, mergedFiles, storeCommit } from './git-objects.ts'
import type { Account, App, Comment, Issue, Pull, Repository, TimelineEvent } from './types.ts'
import { actionsApp, type World } from './world.ts'

/** Changes of state that both the API and the test itself make. */

interface By {
  readonly user: Account
  readonly app?: App
}

export function record(
  world: World,
  issue: Issue,
  event: Omit<TimelineEvent, 'id' | 'createdAt'> & { readonly id?: number },
): void {
  issue.timeline.push({ id: world.nextId(), createdAt: world.now(), ...event })
}

export function createIssue(
  world: World,
  repo: Repository,
  {
    by,
    title,
    body,
    labels = [],
    pull,
  }: { by: By; title: string; body: string | null; labels?: string[]; pull?: Pull },
): Issue {
  const now = world.now()
  const issue: Issue = {
    id: world.nextId(),
    number: Math.max(0, ...repo.issues.keys()) + 1,
    title,
    body,
    user: by.user,
    ...(by.app !== undefined && { app: by.app }),
    state: 'open',
    stateReason: null,
    labels: new Set(),
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    pinned: false,
    ...(pull !== undefined && { pull }),
    timeline: [],
    reactions: [],
  }
  repo.issues.set(issue.number, issue)
  addLabels(world, repo, { issue, labels, actor: by.user })
  return issue
}

export function addLabels(
  world: World,
  repo: Repository,
  { issue, labels, actor }: { issue: Issue; labels: readonly string[]; actor: Account },
): void {
  for (const label of labels) {
    if (!repo.labels.has(label)) repo.labels.set(label, { id: world.nextId(), color: 'ededed', description: null })
    if (issue.labels.has(label)) continue
    issue.labels.add(label)
    record(world, issue, { event: 'labeled', actor, label })
  }
}

export function setIssueState(
  world: World,
  issue: Issue,
  { state, reason, actor }: { state: Issue['state']; reason: string | null; actor: Account },
): void {
  if (issue.state === state) return
  issue.state = state
  issue.stateReason = state === 'closed' ? (reason ?? 'completed') : 'reopened'
  issue.closedAt = state === 'closed' ? world.now() : null
  record(world, issue, { event: state === 'closed' ? 'closed' : 'reopened', actor })
}

export function addComment(world: World, repo: Repository, draft: { issue: Issue; by: By; body: string }): Comment {
  const { issue, by, body } = draft
  const now = world.now()
  const comment: Comment = {
    id: world.nextId(),
    issue,
    user: by.user,
    ...(by.app !== undefined && { app: by.app }),
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  }
  repo.comments.set(comment.id, comment)
  issue.updatedAt = now
  record(world, issue, { id: comment.id, event: 'commented', actor: by.user, comment })
  return comment
}

export function changeComment(
  world: World,
  comment: Comment,
  { body, editor }: { body: string; editor: Account },
): void {
  comment.body = body
  comment.updatedAt = world.now()
  comment.editedAt = comment.updatedAt
  comment.editor = editor
}

/** Takes the comment out of every list; GitHub's timeline keeps who deleted whose comment, without its text. */
export function removeComment(
  world: World,
  repo: Repository,
  { comment, actor }: { comment: Comment; actor: Account },
): void {
  repo.comments.delete(comment.id)
  const { timeline } = comment.issue
  const index = timeline.findIndex((event) => event.comment === comment)
  if (index >= 0) timeline.splice(index, 1)
  record(world, comment.issue, { event: 'comment_deleted', actor, deletedAuthor: comment.user })
}

/** Gives a pull request another base branch. */
export function changeBase(
  world: World,
  repo: Repository,
  { issue, pull, base, actor }: { issue: Issue; pull: Pull; base: string; actor: Account },
): void {
  if (base !== pull.baseRef) record(world, issue, { event: 'base_ref_changed', actor, from: pull.baseRef, to: base })
  pull.baseRef = base
  pull.baseSha = repo.branches.get(base) ?? pull.baseSha
  pull.mergeSha = testMerge(world, repo, pull)
  issue.updatedAt = world.now()
}

/** The suite of an app for a commit: one for each, opened when it is first needed. */
export function suiteOf(
  world: World,
  repo: Repository,
  { app, sha, branch }: { app: App; sha: string; branch: string | null },
) {
  const found = repo.suites.find((suite) => suite.app.id === app.id && suite.headSha === sha)
  if (found !== undefined) return found
  const now = world.now()
  const suite = { id: world.nextId(), app, headSha: sha, headBranch: branch, createdAt: now, updatedAt: now }
  repo.suites.push(suite)
  return suite
}

/** Moves a branch, and with it the head of every open pull request from it, as GitHub does at a push. */
export function moveBranch(
  world: World,
  repo: Repository,
  { branch, sha, actor }: { branch: string; sha: string; actor: Account },
): void {
  const before = repo.branches.get(branch)
  repo.branches.set(branch, sha)
  suiteOf(world, repo, { app: actionsApp, sha, branch })
  for (const base of world.repositories.values()) {
    for (const issue of base.issues.values()) {
      const { pull } = issue
      if (pull === undefined || issue.state !== 'open' || pull.headRepo !== repo || pull.headRef !== branch) continue
      movePull(world, base, { issue, pull, sha, before, actor })
    }
  }
}

/** The commit that `pull_request` runs work on: the head merged into the base, by GitHub's own account. */
export function testMerge(world: World, base: Repository, pull: Pull): string {
  const files = mergedFiles(base.store, pull.baseSha, pull.headSha)
  const author = { name: 'GitHub', email: 'noreply@github.com', date: world.now() }
  const message = `Merge ${pull.headSha} into ${pull.baseSha}`
  return storeCommit(base.store, { parents: [pull.baseSha, pull.headSha], files, message, author, committer: author })
    .sha
}

function movePull(
  world: World,
  base: Repository,
  move: { issue: Issue; pull: Pull; sha: string; before: string | undefined; actor: Account },
): void {
  const { issue, pull, sha, before, actor } = move
  const added = before === undefined ? [] : commitsBetween(base.store, before, sha)
  const forced = before !== undefined && commitsBetween(base.store, sha, before).length > 0
  pull.headSha = sha
  pull.baseSha = base.branches.get(pull.baseRef) ?? pull.baseSha
  pull.mergeSha = testMerge(world, base, pull)
  issue.updatedAt = world.now()
  suiteOf(world, base, { app: actionsApp, sha, branch: pull.headRepo === base ? pull.headRef : null })
  for (const commit of added) record(world, issue, { event: 'committed', actor, commit })
  if (forced) record(world, issue, { event: 'head_ref_force_pushed', actor, from: before, to: sha })
}
