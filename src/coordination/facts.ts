/** What the fold reads from GitHub, in our words. The GitHub adapter fills these; nothing here does I/O. */

export interface Account {
  /** Logins change hands, ids do not: only ids are compared. */
  readonly id: number
  readonly login: string
}

export interface PullRequestFacts {
  readonly number: number
  readonly title: string
  readonly open: boolean
  readonly draft: boolean
  readonly author?: Account
  readonly headSha: string
  readonly baseRef: string
  readonly baseSha: string
  readonly url: string
}

export interface CommentFacts {
  readonly id: number
  /** Absent for deleted accounts. */
  readonly author?: Account
  /** Written by an App, also where it writes in a person's name. */
  readonly viaApp: boolean
  readonly body: string
  /** ISO times of GitHub's clock. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly thumbsUp: number
}

export interface TimelineFacts {
  readonly comments: readonly CommentFacts[]
  /** When comments were deleted; GitHub keeps neither body nor author. */
  readonly deletedAt: readonly string[]
  readonly baseChangedAt: readonly string[]
  /** When a draft was said to be ready for review. */
  readonly readyAt: readonly string[]
}

/** Who is behind the commits of a pull request, and which files differ. */
export interface ChangeFacts {
  readonly commits: number
  /** Authors, committers and co-authors whose account is known. */
  readonly contributors: readonly number[]
  /** Names of commit identities that belong to no known account. */
  readonly unknown: readonly string[]
  readonly files: readonly string[]
  /** False where there are more commits than the 250 that GitHub lists. */
  readonly complete: boolean
  /** False where there may be more files than the 300 that GitHub lists. */
  readonly filesComplete: boolean
}

export const checkConclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
  'stale',
  'startup_failure',
] as const

export type CheckConclusion = (typeof checkConclusions)[number]

export interface CheckFacts {
  readonly id: number
  readonly headSha: string
  readonly name: string
  /** Slug of the App that made it: `github-actions` for the token of a workflow. */
  readonly app: string
  readonly externalId: string
  readonly completed: boolean
  readonly conclusion?: CheckConclusion
  readonly title: string
  readonly text: string
  readonly url: string
}

/** GitHub's own record of a workflow run: what an artifact is compared with. */
export interface RunFacts {
  readonly id: number
  readonly attempt: number
  readonly event: string
  /** Path of the workflow file, without a ref. */
  readonly path: string
  readonly completed: boolean
  readonly conclusion?: string
  readonly headSha: string
  readonly headBranch: string
  /** `owner/name` of the repository that the head lies in; absent where that was deleted. */
  readonly headRepository?: string
  readonly repository: string
  readonly actor?: Account
  /** Of its first attempt: a run that is repeated sees the event that started it. */
  readonly createdAt: string
  /** Of this attempt. */
  readonly startedAt: string
  readonly url: string
}
