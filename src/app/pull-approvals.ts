import type { Config } from '../config/index.ts'
import { foldApprovals, type ApprovalState } from '../coordination/approvals.ts'
import type { CheckFacts, PullRequestFacts, RunFacts, TimelineFacts } from '../coordination/facts.ts'
import type { ApprovalPolicy } from '../coordination/policy.ts'
import { acceptanceRecordSchema, readRecord, type ReadinessRecord } from '../coordination/records.ts'
import type { AcceptanceDecision } from '../gates/acceptance.ts'
import { decideAcceptanceOf } from './acceptance-check.ts'
import { approvalPolicyOf } from './approval-policy.ts'
import type { DesiredCheck } from './check-writes.ts'
import { checkName, ownCheck, type GateView } from './gate-states.ts'
import { headFactsOf, type HeadFacts } from './head-facts.ts'
import { ownReadinessRecord, presentedSince, recordFor } from './readiness-record.ts'
import { ownLogin, type Scene } from './scene.ts'
import { findStatusComment, type StatusComment } from './status-comment.ts'

/** One pull request as it was just read, and what a run adds to it. */
export interface PullRequestScene {
  readonly config: Config
  readonly pull: PullRequestFacts
  readonly timeline: TimelineFacts
  /** Of the head. */
  readonly checks: readonly CheckFacts[]
  /** The gates of a run that is being published, in place of those on the head. */
  readonly fresh?: {
    readonly run: RunFacts
    readonly views: readonly GateView[]
    readonly desired: readonly DesiredCheck[]
  }
  /** Of the head, where they were read before. */
  readonly facts?: HeadFacts
  /** Other open pull requests with the same head: then one Check would speak for two. */
  readonly sharedWith: readonly number[]
  /** Comment that is to be answered. */
  readonly answering?: number
}

export interface FoldedPull {
  readonly policy: ApprovalPolicy
  readonly comment: StatusComment | undefined
  readonly record: ReadinessRecord | undefined
  readonly facts: HeadFacts
  /** Since when the comment shows the head. */
  readonly shownSince: string | undefined
  readonly pusher: number | undefined
  /** Rules under which approvals were accepted before. */
  readonly before: ReadonlyMap<number, string>
  readonly run: number | undefined
  readonly approvals: ApprovalState
  /** Absent where hive.yml has no acceptance gate. */
  readonly decision: AcceptanceDecision | undefined
}

/** Folds what people said of a pull request, from everything that was read of it. Writes nothing. */
export async function foldPull(scene: Scene, input: PullRequestScene): Promise<FoldedPull> {
  const { config, pull, timeline, checks, fresh } = input
  const policy = approvalPolicyOf(config)
  const comment = findStatusComment(timeline.comments, { pull: pull.number, login: ownLogin(scene) })
  const record = ownReadinessRecord(checks, scene.app)
  const facts = input.facts ?? (await headFactsOf(scene, pull, { config, record }))
  const shownSince = presentedSince(pull, { comment, record })
  const pusher = fresh?.run.actor?.id ?? recordFor(record, pull)?.pusher
  const before = acceptedUnder(checks, scene.app)
  const run = fresh?.run.id ?? recordFor(record, pull)?.run
  const approvals = foldApprovals(policy, {
    headSha: pull.headSha,
    ...(shownSince === undefined ? {} : { presentedAt: shownSince }),
    behind: [
      ...(pull.author === undefined ? [] : [pull.author.id]),
      ...facts.changes.contributors,
      ...(pusher === undefined ? [] : [pusher]),
    ],
    unknownIdentities: facts.changes.unknown,
    changesComplete: facts.changes.complete,
    pusherKnown: pusher !== undefined,
    timeline: { ...timeline, comments: timeline.comments.filter(({ author }) => author?.login !== ownLogin(scene)) },
    acceptedUnder: before,
    ...(run === undefined ? {} : { run }),
    ...(facts.weaker === undefined ? {} : { weakerDefinitions: facts.weaker.hash }),
    ...(input.answering === undefined ? {} : { answering: input.answering }),
    now: scene.serverNow(),
  })
  const decision = policy.hasAcceptance ? decideAcceptanceOf(policy, approvals) : undefined
  return { policy, comment, record, facts, shownSince, pusher, before, run, approvals, decision }
}

function acceptedUnder(checks: readonly CheckFacts[], app: string): ReadonlyMap<number, string> {
  const check = ownCheck(checks, checkName('acceptance'), app)
  return new Map(check === undefined ? [] : (readRecord(check.text, acceptanceRecordSchema)?.accepted ?? []))
}
