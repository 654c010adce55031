import { addCheckRun, addWorkflowRun } from './added-runs.ts'
import {
  addComment,
  changeBase,
  changeComment,
  createIssue,
  moveBranch,
  record,
  removeComment,
  setIssueState,
  suiteOf,
  testMerge,
} from './changes.ts'
import { commitsBetween, mergedFiles, resolveRef, storeCommit } from './git-objects.ts'
import {
  type Actor,
  isPullRequest,
  type PullOptions,
  type PullRequest,
  type PushOptions,
  type RepositoryHandle,
} from './repository-contract.ts'
import type { Account, Comment, Commit, Issue, Person, Pull, Repository } from './types.ts'
import { accountOf, actionsApp, type World } from './world.ts'

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

  function pullOf(number: number): PullRequest {
    const issue = issueOf(number)
    if (!isPullRequest(issue)) throw new Error(`${number} is no pull request`)
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
    const [theirs] = options.merge ?? []
    const files =
      theirs === undefined || tip === undefined ? new Map(tip?.files) : mergedFiles(repo.store, tip.sha, theirs)
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
    pull.mergeSha = testMerge(world, repo, pull)
    const issue = createIssue(world, repo, { by: { user }, title, body: options.body ?? null, pull })
    for (const commit of commitsBetween(repo.store, baseSha, headSha)) {
      record(world, issue, { event: 'committed', actor: user, commit })
    }
    suiteOf(world, repo, { app: actionsApp, sha: headSha, branch: headRepo === repo ? headRef : null })
    if (!isPullRequest(issue)) throw new Error('a pull request was opened as an issue')
    return issue
  }

  function merge(number: number, by?: Actor): Commit {
    const issue = pullOf(number)
    const { pull } = issue
    const actor = by === undefined ? repo.owner : account(by)
    const commit = pushCommit({
      branch: pull.baseRef,
      merge: [pull.headSha],
      author: actor,
      message: `Merge pull request #${number}`,
    })
    Object.assign(pull, { mergedAt: world.now(), mergeSha: commit.sha })
    setIssueState(world, issue, { state: 'closed', reason: null, actor })
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
    changeBase: (number, base, actor) => {
      const issue = pullOf(number)
      changeBase(world, repo, {
        issue,
        pull: issue.pull,
        base,
        actor: actor === undefined ? issue.user : account(actor),
      })
    },
    setDraft: (number, draft, actor) => {
      const issue = pullOf(number)
      issue.pull.draft = draft
      const event = draft ? 'convert_to_draft' : 'ready_for_review'
      record(world, issue, { event, actor: actor === undefined ? issue.user : account(actor) })
    },
    enqueue: (number, headSha) => {
      const { pull } = pullOf(number)
      repo.mergeQueue.push({ pull: number, headSha, baseSha: pull.baseSha, enqueuedAt: world.now() })
    },
    closeIssue: (number, actor) => {
      const by = actor === undefined ? repo.owner : account(actor)
      setIssueState(world, issueOf(number), { state: 'closed', reason: null, actor: by })
    },
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
    editComment: (id, body, editor) => {
      const comment = commentOf(id)
      changeComment(world, comment, { body, editor: editor === undefined ? comment.user : account(editor) })
      return comment
    },
    deleteComment: (id, actor) => removeComment(world, repo, { comment: commentOf(id), actor: account(actor) }),
    comments: (number) => [...repo.comments.values()].filter((comment) => comment.issue.number === number),
    checkRuns: (sha) => [...repo.checkRuns.values()].filter((run) => run.headSha === sha),
    addCheckRun: (options) => addCheckRun(world, repo, options),
    addWorkflowRun: (options) => addWorkflowRun(world, repo, options),
  }
}
