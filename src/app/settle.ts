import { configHash, type Config } from '../config/index.ts'
import { foldApprovals, type ApprovalState } from '../coordination/approvals.ts'
import type { CheckFacts, PullRequestFacts, RunFacts, TimelineFacts } from '../coordination/facts.ts'
import { decideReadiness, type Obstacle, type Readiness } from '../coordination/readiness.ts'
import {
  acceptanceRecordSchema,
  readRecord,
  readinessRecordSchema,
  type ReadinessRecord,
} from '../coordination/records.ts'
import { acceptanceCheck, decideAcceptanceOf } from './acceptance-check.ts'
import { approvalPolicyOf } from './approval-policy.ts'
import { planCheckWrites, writeChecks, type DesiredCheck } from './check-writes.ts'
import { askingOf, checkName, gateViewsOf, ownCheck, type GateView } from './gate-states.ts'
import { withDecisions } from './gate-decisions.ts'
import { headFactsOf, type HeadFacts } from './head-facts.ts'
import { asOneCheck } from './one-check.ts'
import { readinessCheck } from './readiness-check.ts'
import { ownLogin, type Scene } from './scene.ts'
import { findStatusComment, renderStatusComment, type StatusComment } from './status-comment.ts'

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

export interface Settled {
  readonly approvals: ApprovalState
  readonly readiness: Readiness
  /** As they were decided, acceptance among them. */
  readonly gates: readonly GateView[]
  /** The last gates run of the head. */
  readonly run?: number
  /** False where everything stood there already. */
  readonly changed: boolean
}

/** One pass of {@link settlePullRequest} over facts that were read before. */
export async function settleOnce(scene: Scene, input: PullRequestScene): Promise<Settled> {
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
  const standing = fresh?.views ?? gateViewsOf(config, checks, { app: scene.app, asking: askingOf(pull, facts) })
  const views = standing.map((view) => withDecisions(view, approvals))
  const weaker = approvals.policyAccepted ? undefined : facts.weaker
  const gates: readonly GateView[] = [
    ...views,
    ...(decision === undefined
      ? []
      : [
          {
            gate: 'acceptance',
            required: config.gates.some(({ kind, required }) => kind === 'acceptance' && required),
            standing: decision.kind === 'pass' ? ('pass' as const) : ('waits' as const),
            summary: decision.summary,
          },
        ]),
  ]
  const readiness = decideReadiness(gates, obstaclesOf(input, { facts, weaker }))
  const presents = wantsComment(input, { comment, views, readiness })
  const presentedAt = presents ? (shownSince ?? `${scene.serverNow().toISOString().slice(0, 19)}Z`) : undefined
  const newRecord = recordOf(input, {
    facts,
    ...(presentedAt === undefined ? {} : { presentedAt }),
    ...(pusher === undefined ? {} : { pusher }),
    ...(run === undefined ? {} : { run }),
  })
  const desired = [
    ...(fresh?.desired ?? []),
    ...(decision === undefined ? [] : [acceptanceCheck(pull.headSha, { policy, state: approvals, decision, before })]),
    readinessCheck(readiness, { gates, record: newRecord, notes: notesOf(weaker, facts) }),
  ]
  const wanted = config.publish.checks === 'one' ? asOneCheck(desired, checks) : desired
  const writes = planCheckWrites(checks, wanted, scene.app)
  await writeChecks(scene.writer, pull.headSha, writes)
  const body = renderStatusComment({
    config,
    pull,
    gates: views,
    ...(decision === undefined ? {} : { acceptance: decision }),
    ...(weaker === undefined ? {} : { weaker }),
    configHash: configHash(config),
    blobUrl: `${scene.serverUrl}/${scene.repository}/blob/${pull.headSha}`,
  })
  const commented = presents && (await settleComment(scene, { pull, comment, body }))
  return { approvals, readiness, gates, ...(run === undefined ? {} : { run }), changed: writes.length > 0 || commented }
}

async function settleComment(
  { writer }: Scene,
  {
    pull,
    comment,
    body,
  }: { readonly pull: PullRequestFacts; readonly comment: StatusComment | undefined; readonly body: string },
): Promise<boolean> {
  if (comment === undefined) await writer.createComment(pull.number, body)
  else if (comment.body.trimEnd() === body.trimEnd()) return false
  else await writer.updateComment(comment.id, body)
  return true
}

export function ownReadinessRecord(checks: readonly CheckFacts[], app: string): ReadinessRecord | undefined {
  const check = ownCheck(checks, checkName('readiness'), app)
  return check === undefined ? undefined : readRecord(check.text, readinessRecordSchema)
}

/** The record counts only for the pull request and head it was written for. */
function recordFor(record: ReadinessRecord | undefined, pull: PullRequestFacts): ReadinessRecord | undefined {
  return record?.pull === pull.number && record.head === pull.headSha ? record : undefined
}

/**
 * Since when the comment shows this head. Kept as long as it goes on showing it; a head that comes back after another
 * one begins anew, so that an approval from its first time does not count again.
 */
function presentedSince(
  pull: PullRequestFacts,
  { comment, record }: { readonly comment: StatusComment | undefined; readonly record: ReadinessRecord | undefined },
): string | undefined {
  return comment?.head === pull.headSha ? recordFor(record, pull)?.presentedAt : undefined
}

/** Whether the comment is to show this head; a pull request on which nothing ran yet is left in peace. */
function wantsComment(
  { config }: PullRequestScene,
  {
    comment,
    views,
    readiness,
  }: {
    readonly comment: StatusComment | undefined
    readonly views: readonly GateView[]
    readonly readiness: Readiness
  },
): boolean {
  const wanted = config.publish.comment
  if (wanted === 'never') return false
  if (comment !== undefined) return true
  const calm = readiness.kind === 'ready' || readiness.kind === 'waits'
  if (wanted === 'failure' && calm) return false
  return views.length === 0 || views.some(({ standing }) => standing !== 'absent')
}

function acceptedUnder(checks: readonly CheckFacts[], app: string): ReadonlyMap<number, string> {
  const check = ownCheck(checks, checkName('acceptance'), app)
  return new Map(check === undefined ? [] : (readRecord(check.text, acceptanceRecordSchema)?.accepted ?? []))
}

/** What holds a commit back besides its gates. */
function obstaclesOf(
  { sharedWith, pull }: PullRequestScene,
  { facts, weaker }: { readonly facts: HeadFacts; readonly weaker: HeadFacts['weaker'] },
): Obstacle[] {
  const titles = [
    ...(sharedWith.length === 0
      ? []
      : [
          `#${pull.number} and ${sharedWith.map((number) => `#${number}`).join(', ')} have the same head; close all but one`,
        ]),
    ...(facts.changes.complete
      ? []
      : ['more commits than the 250 that GitHub lists; split the pull request or squash']),
    ...(weaker === undefined ? [] : [`gate definition changed, an admin says /accept-policy ${weaker.hash}`]),
  ]
  return titles.map((title) => ({ kind: 'undecided', title: `Undecided: ${title}` }))
}

function notesOf(weaker: HeadFacts['weaker'], { changes }: HeadFacts): string[] {
  return [
    ...(weaker === undefined
      ? []
      : [
          `This head weakens gate definitions; those of the default branch are in force until it is merged:\n${weaker.changes.map((change) => `- \`${change.replaceAll(/[`\r\n]/g, ' ')}\``).join('\n')}`,
        ]),
    ...(changes.complete ? [] : [`GitHub lists 250 of the ${changes.commits} commits of this pull request.`]),
  ]
}

function recordOf(
  { config, pull }: PullRequestScene,
  known: {
    readonly facts: HeadFacts
    readonly presentedAt?: string
    readonly pusher?: number
    readonly run?: number
  },
): ReadinessRecord {
  const { facts, presentedAt, pusher, run } = known
  const { commits, contributors, unknown, complete } = facts.changes
  return {
    v: 1,
    kind: 'readiness',
    pull: pull.number,
    baseRef: pull.baseRef,
    configHash: configHash(config),
    head: pull.headSha,
    ...(presentedAt === undefined ? {} : { presentedAt }),
    ...(pusher === undefined ? {} : { pusher }),
    ...(run === undefined ? {} : { run }),
    changes: { commits, contributors: [...contributors], unknown: unknown.slice(0, 50), complete },
    unaffected: [...facts.unaffected],
    ...(facts.weaker === undefined ? {} : { weaker: { hash: facts.weaker.hash, changes: [...facts.weaker.changes] } }),
  }
}
