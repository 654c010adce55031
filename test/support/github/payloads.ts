import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { EmulatedGitHub } from './index.ts'
import { renderUser } from './render/account.ts'
import { renderRun, renderWorkflow } from './render/actions.ts'
import { renderSimpleCommit } from './render/git.ts'
import { renderComment, renderIssue } from './render/issue.ts'
import { pullsOf, renderPull } from './render/pull.ts'
import { renderRepository } from './render/repository.ts'
import type { RepositoryHandle } from './repository-contract.ts'
import type { Comment, Issue, WorkflowRun } from './types.ts'
import { type World, accountOf } from './world.ts'

/**
 * Webhook payloads as the runner leaves them in `GITHUB_EVENT_PATH`: GitHub's own examples
 * (`@octokit/webhooks-examples`), in which repository, numbers, commits and people are those of the stand-in.
 */
export type Payload = Readonly<Record<string, unknown>>

interface Example {
  readonly name: string
  readonly examples: readonly Payload[]
}

let examples: readonly Example[] | undefined

/** The first example of an event and action. */
function example(name: string, action?: string): Payload {
  const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples')
  examples ??= JSON.parse(readFileSync(path, 'utf8')) as Example[]
  const all = examples.find((item) => item.name === name)?.examples ?? []
  const found = all.find((payload) => action === undefined || payload['action'] === action) ?? all[0]
  if (found === undefined) throw new Error(`there is no example of the event ${name}`)
  // Organisations and installations of the example's repository have no counterpart here.
  const { organization: _organization, installation: _installation, ...rest } = found
  return { ...rest, ...(action !== undefined && { action }) }
}

function merge(from: unknown, over: object): object {
  return { ...(from as object), ...over }
}

interface Parts {
  readonly world: World
  readonly repo: RepositoryHandle
  /** Who caused the event; the owner where it is not said. */
  readonly sender: string
}

function common({ world, repo, sender }: Parts, base: Payload): Payload {
  const { full_name: theirs } = base['repository'] as { full_name: string }
  return {
    // Addresses inside the example, too.
    ...(JSON.parse(JSON.stringify(base).replaceAll(theirs, repo.fullName)) as Payload),
    repository: merge(base['repository'], renderRepository(world, repo.state)),
    sender: renderUser(world, accountOf(world, sender)),
  }
}

/** `created`, `edited` or `deleted`; on a pull request where the comment's issue is one. */
export function issueCommentPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  {
    comment,
    action = 'created',
    sender,
    before,
  }: { comment: Comment; action?: string; sender?: string; before?: string },
): Payload {
  const { world } = github
  const base = example('issue_comment', action)
  return {
    ...common({ world, repo, sender: sender ?? comment.user.login }, base),
    issue: merge(base['issue'], renderIssue(world, repo.state, comment.issue)),
    comment: merge(base['comment'], renderComment(world, repo.state, comment)),
    ...(action === 'edited' && { changes: { body: { from: before ?? '' } } }),
  }
}

/** `opened`, `synchronize`, `reopened`, `edited`, `closed`, `ready_for_review` … */
export function pullRequestPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  { number, action = 'opened', sender }: { number: number; action?: string; sender?: string },
): Payload {
  const { world } = github
  const entry = pullsOf(repo.state).find(({ issue }) => issue.number === number)
  if (entry === undefined) throw new Error(`${repo.fullName} has no pull request ${number}`)
  const base = example('pull_request', action)
  return {
    ...common({ world, repo, sender: sender ?? entry.issue.user.login }, base),
    number,
    pull_request: merge(base['pull_request'], renderPull(world, repo.state, entry)),
  }
}

/** `requested`, `in_progress` or `completed`. */
export function workflowRunPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  { run, action = 'completed', sender }: { run: WorkflowRun; action?: string; sender?: string },
): Payload {
  const { world } = github
  const base = example('workflow_run', action)
  return {
    ...common({ world, repo, sender: sender ?? run.actor.login }, base),
    workflow: merge(base['workflow'], renderWorkflow(world, repo.state, run.workflow)),
    workflow_run: merge(base['workflow_run'], renderRun(world, repo.state, { run })),
  }
}

/** GitHub gives no example of this one; `schedule` is the line of the workflow that fired. */
export function schedulePayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  {
    schedule = '17 9 * * *',
    workflow = '.github/workflows/hive-coordination.yml',
  }: { schedule?: string; workflow?: string } = {},
): Payload {
  const base = { schedule, workflow, repository: example('push')['repository'] }
  return common({ world: github.world, repo, sender: repo.owner }, base)
}

export function workflowDispatchPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  { inputs = {}, ref, sender }: { inputs?: Readonly<Record<string, string>>; ref?: string; sender?: string } = {},
): Payload {
  const base = example('workflow_dispatch')
  const target = ref ?? `refs/heads/${repo.state.defaultBranch}`
  return { ...common({ world: github.world, repo, sender: sender ?? repo.owner }, base), inputs, ref: target }
}

/** The push that made `after` the head of a branch. */
export function pushPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  { branch, sender }: { branch?: string; sender?: string } = {},
): Payload {
  const name = branch ?? repo.state.defaultBranch
  const after = repo.head(name)
  const commit = repo.state.store.commits.get(after)
  const head =
    commit === undefined
      ? null
      : { ...renderSimpleCommit(commit), distinct: true, added: [], removed: [], modified: [] }
  return {
    ...common({ world: github.world, repo, sender: sender ?? repo.owner }, example('push')),
    pusher: { name: sender ?? repo.owner, email: `${sender ?? repo.owner}@users.noreply.github.com` },
    ref: `refs/heads/${name}`,
    before: commit?.parents[0] ?? '0'.repeat(40),
    after,
    head_commit: head,
    commits: head === null ? [] : [head],
  }
}

/** A group of the merge queue, whose commit a test has pushed to `gh-readonly-queue/…`. */
export function mergeGroupPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  { branch, base }: { branch: string; base?: string },
): Payload {
  const { world } = github
  const payload = example('merge_group', 'checks_requested')
  const sha = repo.head(branch)
  const commit = repo.state.store.commits.get(sha)
  const target = base ?? repo.state.defaultBranch
  return {
    ...common({ world, repo, sender: repo.owner }, payload),
    merge_group: merge(payload['merge_group'], {
      head_sha: sha,
      head_ref: `refs/heads/${branch}`,
      base_sha: repo.head(target),
      base_ref: `refs/heads/${target}`,
      ...(commit !== undefined && { head_commit: renderSimpleCommit(commit) }),
    }),
  }
}

/** `opened`, `edited`, `closed` … of an issue that is no pull request. */
export function issuesPayload(
  github: EmulatedGitHub,
  repo: RepositoryHandle,
  { issue, action = 'opened', sender }: { issue: Issue; action?: string; sender?: string },
): Payload {
  const base = example('issues', action)
  return {
    ...common({ world: github.world, repo, sender: sender ?? issue.user.login }, base),
    issue: merge(base['issue'], renderIssue(github.world, repo.state, issue)),
  }
}
