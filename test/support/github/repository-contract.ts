import type { Account, App, CheckRun, Comment, Commit, Issue, Pull, Repository, Role, WorkflowRun } from './types.ts'

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

export interface CheckRunOptions {
  readonly sha: string
  readonly name: string
  readonly status?: string
  readonly conclusion?: string
  readonly app?: App
}

/** An issue that is a pull request. */
export type PullRequest = Issue & { readonly pull: Pull }

export function isPullRequest(issue: Issue): issue is PullRequest {
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
  readonly changeBase: (number: number, base: string, actor?: Actor) => void
  /** Turns a pull request into a draft, or says that it is ready for review. */
  readonly setDraft: (number: number, draft: boolean, actor?: Actor) => void
  /** Puts a pull request into the merge queue; `headSha` is the commit of its group. */
  readonly enqueue: (number: number, headSha: string) => void
  readonly closeIssue: (number: number, actor?: Actor) => void
  readonly openIssue: (options: { title: string; body?: string; labels?: string[]; author?: Actor }) => Issue
  readonly comment: (number: number, body: string, by: { author: Actor; app?: App }) => Comment
  /** By its author where it is not said; anybody who may write can edit it. */
  readonly editComment: (id: number, body: string, editor?: Actor) => Comment
  readonly deleteComment: (id: number, actor: Actor) => void
  readonly comments: (number: number) => Comment[]
  /** Newest last; every attempt at the same name is in it. */
  readonly checkRuns: (sha: string) => CheckRun[]
  /** A check of another app, or a forged one. */
  readonly addCheckRun: (options: CheckRunOptions) => CheckRun
  readonly addWorkflowRun: (options: RunOptions) => WorkflowRun
}
