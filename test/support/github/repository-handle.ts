import { addComment, changeComment, createIssue, moveBranch, removeComment, suiteOf } from './changes.ts'
import { commitsBetween, resolveRef, storeCommit } from './git-objects.ts'
import type {
  Account,
  App,
  CheckRun,
  Comment,
  Commit,
  Issue,
  Person,
  Pull,
  Repository,
  Role,
  WorkflowRun,
} from './types.ts'
import { accountOf, actionsApp, type World } from './world.ts'
import { zipOf } from './zip.ts'

/** Who did it: a login that is known or becomes known. */
export type Actor = string | Account

export interface PushOptions {
  /** The default branch where it is not said. A new branch starts at `from`, else at the default branch. */
  readonly branch?: string
  readonly from?: string
  /** Path → content; null deletes the file. Without files the commit is empty. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>
  readonly message?: string
  /** Accounts, or a name and address that belong to no account. The committer is the author where it is not said. */
  readonly author?: Actor | { readonly name: string; readonly email: string }
  readonly committer?: Actor | { readonly name: string; readonly email: string }
  /** Author and committer date, which the committer chooses freely; the server's time where it is not said. */
  readonly date?: string
  /** Who pushes; the author where it is not said. */
  readonly pusher?: Actor
  /** Replaces the head of the branch by a commit on its parent: a force push. */
  readonly amend?: boolean
  /** Further parents: a merge. */
  readonly merge?: readonly string[]
}

export interface PullOptions {
  readonly head: string
  readonly base?: string
  /** The fork that has the head; this repository where it is not said. */
  readonly from?: RepositoryHandle
  readonly author?: Actor
  readonly title?: string
  readonly body?: string
  readonly draft?: boolean
}

export interface RunOptions {
  readonly workflow: { readonly name: string; readonly path: string }
  readonly event: string
  readonly headSha: string
  readonly headBranch?: string
  /** The repository that has the head; this one where it is not said. */
  readonly from?: RepositoryHandle
  readonly actor?: Actor
  readonly status?: string
  readonly conclusion?: string | null
  /** How many attempts there were; each has the same status. */
  readonly attempt?: number
  readonly artifacts?: readonly {
    readonly name: string
    readonly files?: Readonly<Record<string, string | Buffer>>
    readonly zip?: Buffer
  }[]
}

/** An issue that is a pull request. */
export type PullRequest = Issue & { readonly pull: Pull }

function isPullRequest(issue: Issue): issue is PullRequest {
  return issue.pull !== undefined
}

/** What a test does in a repository, as people, apps and workflows would. */
export interface RepositoryHandle {
  /** The state itself: read it, change it by the functions here. */
  readonly state: Repository
  readonly owner: string
  readonly name: string
  readonly fullName: string
  readonly id: number
  readonly setRole: (login: Actor, role: Role) => Account
  readonly pushCommit: (options?: PushOptions) => Commit
  /** Points a branch to a commit that exists: a force push to an old head, or a new branch. */
  readonly moveBranch: (branch: string, sha: string, pusher?: Actor) => void
  readonly head: (branch?: string) => string
  readonly openPull: (options: PullOptions) => PullRequest
  readonly merge: (number: number, by?: Actor) => Commit
  readonly openIssue: (options: { title: string; body?: string; labels?: string[]; author?: Actor }) => Issue
  readonly comment: (number: number, body: string, by: { author: Actor; app?: App }) => Comment
  readonly editComment: (id: number, body: string) => Comment
  readonly deleteComment: (id: number, actor: Actor) => void
  readonly comments: (number: number) => Comment[]
  /** Newest last; every attempt at the same name is in it. */
  readonly checkRuns: (sha: string) => CheckRun[]
  /** A check of another app, or a forged one. */
  readonly addCheckRun: (options: {
    sha: string
    name: string
    status?: string
    conclusion?: string
    app?: App
  }) => CheckRun
  readonly addWorkflowRun: (options: RunOptions) => WorkflowRun
}

export function handleOf(world: World, repo: Repository): RepositoryHandle {
  const account = (actor: Actor): Account => (typeof actor === 'string' ? accountOf(world, actor) : actor)

  function person(who: PushOptions['author'] | undefined, date: string): Person {
    if (typeof who === 'object' && 'email' in who) return { ...who, date }
    const found = who === undefined ? repo.owner : account(who)
    return { name: found.login, email: `${found.id}+${found.login}@users.noreply.github.com`, date, account: found }
  }

  function issueOf(number: number): Issue {
    const issue = repo.issues.get(number)
    if (issue === undefined) throw new Error(`${repo.fullName} has no issue or pull request ${number}`)
    return issue
  }

  function commentOf(id: number): Comment {
    const comment = repo.comments.get(id)
    if (comment === undefined) throw new Error(`${repo.fullName} has no comment ${id}`)
    return comment
  }

  function head(branch = repo.defaultBranch): string {
    const sha = repo.branches.get(branch)
    if (sha === undefined) throw new Error(`${repo.fullName} has no branch ${branch}`)
    return sha
  }

  function pushCommit(options: PushOptions = {}): Commit {
    const {
      branch = repo.defaultBranch,
      files: changed = {},
      message = 'Change something',
      date = world.now(),
    } = options
    const tip = resolveRef(repo, repo.branches.get(branch) ?? options.from ?? repo.defaultBranch)
    const parents = options.amend === true ? (tip?.parents ?? []) : tip === undefined ? [] : [tip.sha]
    const files = new Map(tip?.files)
    for (const sha of options.merge ?? []) {
      for (const [path, content] of repo.store.commits.get(sha)?.files ?? [])
        if (!files.has(path)) files.set(path, content)
    }
    for (const [path, content] of Object.entries(changed)) {
      if (content === null) files.delete(path)
      else files.set(path, Buffer.from(content))
    }
    const author = person(options.author, date)
    const committer = options.committer === undefined ? author : person(options.committer, date)
    const all = [...parents, ...(options.merge ?? [])]
    const commit = storeCommit(repo.store, { parents: all, files, message, author, committer })
    const pusher = options.pusher === undefined ? (author.account ?? repo.owner) : account(options.pusher)
    moveBranch(world, repo, { branch, sha: commit.sha, actor: pusher })
    return commit
  }

  function openPull(options: PullOptions): PullRequest {
    const { head: headRef, base = repo.defaultBranch, from, title = `Merge ${headRef}`, draft = false } = options
    const headRepo = from?.state ?? repo
    const headSha = headRepo.branches.get(headRef)
    if (headSha === undefined) throw new Error(`${headRepo.fullName} has no branch ${headRef}`)
    const user = options.author === undefined ? headRepo.owner : account(options.author)
    const baseSha = head(base)
    const pull: Pull = { baseRef: base, baseSha, headRepo, headRef, headSha, draft }
    const issue = createIssue(world, repo, { by: { user }, title, body: options.body ?? null, pull })
    for (const commit of commitsBetween(repo.store, baseSha, headSha)) {
      issue.timeline.push({ id: world.nextId(), event: 'committed', actor: user, createdAt: world.now(), commit })
    }
    suiteOf(world, repo, { app: actionsApp, sha: headSha, branch: headRepo === repo ? headRef : null })
    if (!isPullRequest(issue)) throw new Error('a pull request was opened as an issue')
    return issue
  }

  function merge(number: number, by?: Actor): Commit {
    const issue = issueOf(number)
    const { pull } = issue
    if (pull === undefined) throw new Error(`${number} is no pull request`)
    const actor = by === undefined ? repo.owner : account(by)
    const changed = Object.fromEntries(repo.store.commits.get(pull.headSha)?.files ?? [])
    const commit = pushCommit({
      branch: pull.baseRef,
      files: changed,
      merge: [pull.headSha],
      author: actor,
      message: `Merge pull request #${number}`,
    })
    Object.assign(pull, { mergedAt: world.now(), mergeSha: commit.sha })
    Object.assign(issue, { state: 'closed', closedAt: world.now() })
    return commit
  }

  return {
    state: repo,
    owner: repo.owner.login,
    name: repo.name,
    fullName: repo.fullName,
    id: repo.id,
    setRole: (login, role) => {
      const found = account(login)
      repo.roles.set(found.id, role)
      return found
    },
    pushCommit,
    moveBranch: (branch, sha, pusher) =>
      moveBranch(world, repo, { branch, sha, actor: pusher === undefined ? repo.owner : account(pusher) }),
    head,
    openPull,
    merge,
    openIssue: ({ title, body, labels, author }) =>
      createIssue(world, repo, {
        by: { user: author === undefined ? repo.owner : account(author) },
        title,
        body: body ?? null,
        ...(labels !== undefined && { labels }),
      }),
    comment: (number, body, { author, app }) =>
      addComment(world, repo, {
        issue: issueOf(number),
        by: { user: account(author), ...(app !== undefined && { app }) },
        body,
      }),
    editComment: (id, body) => {
      const comment = commentOf(id)
      changeComment(world, comment, body)
      return comment
    },
    deleteComment: (id, actor) => removeComment(world, repo, { comment: commentOf(id), actor: account(actor) }),
    comments: (number) => [...repo.comments.values()].filter((comment) => comment.issue.number === number),
    checkRuns: (sha) => [...repo.checkRuns.values()].filter((run) => run.headSha === sha),
    addCheckRun: (options) => addCheckRun(world, repo, options),
    addWorkflowRun: (options) => addWorkflowRun(world, repo, options),
  }
}

function addCheckRun(
  world: World,
  repo: Repository,
  {
    sha,
    name,
    status = 'completed',
    conclusion = 'success',
    app = actionsApp,
  }: { sha: string; name: string; status?: string; conclusion?: string; app?: App },
): CheckRun {
  const done = status === 'completed'
  const run: CheckRun = {
    id: world.nextId(),
    suite: suiteOf(world, repo, { app, sha, branch: null }),
    app,
    headSha: sha,
    name,
    status,
    conclusion: done ? conclusion : null,
    detailsUrl: `https://github.com/apps/${app.slug}`,
    externalId: '',
    startedAt: world.now(),
    completedAt: done ? world.now() : null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  }
  repo.checkRuns.set(run.id, run)
  return run
}

function addWorkflowRun(world: World, repo: Repository, options: RunOptions): WorkflowRun {
  const { workflow: wanted, event, headSha, from, status = 'completed', attempt = 1 } = options
  const headRepo = from?.state ?? repo
  const known = repo.workflows.find(({ path }) => path === wanted.path)
  const workflow = known ?? { id: world.nextId(), ...wanted }
  if (known === undefined) repo.workflows.push(workflow)
  const now = world.now()
  const conclusion = options.conclusion === undefined ? (status === 'completed' ? 'success' : null) : options.conclusion
  const branch = [...headRepo.branches].find(([, sha]) => sha === headSha)?.[0]
  const pulls = [...repo.issues.values()].filter(
    ({ pull }) => pull?.headRepo === repo && headRepo === repo && pull.headSha === headSha,
  )
  const run: WorkflowRun = {
    id: world.nextId(),
    runNumber: repo.runs.size + 1,
    workflow,
    event,
    headSha,
    headBranch: options.headBranch ?? branch ?? repo.defaultBranch,
    headRepo,
    actor:
      options.actor === undefined
        ? headRepo.owner
        : typeof options.actor === 'string'
          ? accountOf(world, options.actor)
          : options.actor,
    createdAt: now,
    pulls: pulls.map(({ number }) => number),
    attempts: Array.from({ length: attempt }, () => ({ status, conclusion, startedAt: now, updatedAt: now })),
  }
  world.nextId() // the run's check suite
  repo.runs.set(run.id, run)
  for (const { name, files = {}, zip } of options.artifacts ?? []) {
    const id = world.nextId()
    repo.artifacts.set(id, { id, name, zip: zip ?? zipOf(files), run, expired: false, createdAt: now })
  }
  return run
}
