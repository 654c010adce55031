/** The state of the emulated GitHub. Times are ISO strings with whole seconds, as GitHub gives them. */

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'
export type AccessLevel = 'read' | 'write'

/** The names of a workflow's `permissions:`. */
export type Scope = 'actions' | 'checks' | 'contents' | 'issues' | 'pull-requests' | 'statuses'
export type Permissions = Readonly<Partial<Record<Scope, AccessLevel>>>

export interface Account {
  readonly id: number
  login: string
  readonly type: 'User' | 'Bot' | 'Organization'
}

export interface App {
  readonly id: number
  readonly slug: string
  readonly name: string
}

export interface Token {
  readonly value: string
  readonly actor: Account
  /** Present for installation tokens; `GITHUB_TOKEN` is one of the app `github-actions`. */
  readonly app?: App
  readonly permissions: Permissions
  /** The repositories that an installation token reaches; absent: all. */
  readonly repositories?: readonly string[]
}

/** Author or committer. Without an account the mail address is linked to nobody, and GitHub says null. */
export interface Person {
  readonly name: string
  readonly email: string
  readonly date: string
  readonly account?: Account
}

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: Person
  readonly committer: Person
  readonly files: ReadonlyMap<string, Buffer>
}

/** Repository and forks share one store of objects, as on GitHub: a fork's commit is reachable by its SHA. */
export interface ObjectStore {
  readonly commits: Map<string, Commit>
  readonly trees: Map<string, ReadonlyMap<string, Buffer>>
  readonly blobs: Map<string, Buffer>
}

export interface Reaction {
  readonly id: number
  readonly content: string
  readonly user: Account
  readonly createdAt: string
}

export interface Comment {
  readonly id: number
  readonly issue: Issue
  readonly user: Account
  readonly app?: App
  body: string
  readonly createdAt: string
  updatedAt: string
  /** Set by an edit. GraphQL alone shows it. */
  editedAt?: string
  editor?: Account
  /** Why it is hidden: `outdated`, `resolved` … */
  minimized?: string
  readonly reactions: Reaction[]
}

export interface TimelineEvent {
  readonly id: number
  readonly event: string
  readonly actor: Account
  readonly createdAt: string
  readonly label?: string
  readonly comment?: Comment
  readonly commit?: Commit
  /** `comment_deleted`: who had written it. */
  readonly deletedAuthor?: Account
  /** Commits of a force push, or names of base branches. */
  readonly from?: string
  readonly to?: string
}

export interface Pull {
  baseRef: string
  baseSha: string
  readonly headRepo: Repository
  readonly headRef: string
  headSha: string
  draft: boolean
  mergedAt?: string
  mergeSha?: string
}

export interface Issue {
  readonly id: number
  readonly number: number
  title: string
  body: string | null
  readonly user: Account
  readonly app?: App
  state: 'open' | 'closed'
  stateReason: string | null
  readonly labels: Set<string>
  readonly assignees: Account[]
  readonly createdAt: string
  updatedAt: string
  closedAt: string | null
  pinned: boolean
  readonly pull?: Pull
  readonly timeline: TimelineEvent[]
  readonly reactions: Reaction[]
}

export interface CheckSuite {
  readonly id: number
  readonly app: App
  readonly headSha: string
  readonly headBranch: string | null
  readonly createdAt: string
  updatedAt: string
}

export interface Annotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column: number | null
  readonly end_column: number | null
  readonly annotation_level: string
  readonly message: string
  readonly title: string | null
  readonly raw_details: string | null
}

export interface CheckRun {
  readonly id: number
  readonly suite: CheckSuite
  readonly app: App
  readonly headSha: string
  name: string
  status: string
  conclusion: string | null
  detailsUrl: string
  externalId: string
  startedAt: string | null
  completedAt: string | null
  title: string | null
  summary: string | null
  text: string | null
  readonly annotations: Annotation[]
}

export interface CommitStatus {
  readonly id: number
  readonly sha: string
  readonly state: string
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: Account
  readonly createdAt: string
}

export interface Artifact {
  readonly id: number
  readonly name: string
  readonly zip: Buffer
  readonly run: WorkflowRun
  expired: boolean
  readonly createdAt: string
}

export interface Workflow {
  readonly id: number
  readonly name: string
  readonly path: string
}

export interface WorkflowRun {
  readonly id: number
  readonly runNumber: number
  readonly workflow: Workflow
  readonly event: string
  readonly headSha: string
  readonly headBranch: string
  readonly headRepo: Repository
  readonly actor: Account
  readonly createdAt: string
  /** The numbers of `pull_requests`; always none for a fork. */
  readonly pulls: readonly number[]
  /** What a dispatch was given. */
  readonly inputs?: Readonly<Record<string, unknown>>
  /** Oldest first; the last one is what `GET …/runs/{id}` shows. */
  readonly attempts: { status: string; conclusion: string | null; startedAt: string; updatedAt: string }[]
}

export interface Repository {
  readonly id: number
  readonly owner: Account
  readonly name: string
  readonly fullName: string
  readonly private: boolean
  readonly defaultBranch: string
  readonly parent?: Repository
  readonly store: ObjectStore
  readonly createdAt: string
  readonly branches: Map<string, string>
  readonly tags: Map<string, string>
  readonly roles: Map<number, Role>
  readonly labels: Map<string, { readonly id: number; color: string; description: string | null }>
  readonly issues: Map<number, Issue>
  readonly comments: Map<number, Comment>
  readonly suites: CheckSuite[]
  readonly checkRuns: Map<number, CheckRun>
  readonly statuses: CommitStatus[]
  readonly workflows: Workflow[]
  readonly runs: Map<number, WorkflowRun>
  readonly artifacts: Map<number, Artifact>
  readonly mergeQueue: QueueEntry[]
}

/** A pull request in the merge queue, with the commit of its group. */
export interface QueueEntry {
  readonly pull: number
  readonly headSha: string
  readonly baseSha: string
  readonly enqueuedAt: string
}
