import { configHash } from '../config/index.ts'
import type { ApprovalState } from '../coordination/approvals.ts'
import type { PullRequestFacts } from '../coordination/facts.ts'
import { decideReadiness, type Obstacle, type Readiness } from '../coordination/readiness.ts'
import { acceptanceCheck } from './acceptance-check.ts'
import { planCheckWrites, writeChecks } from './check-writes.ts'
import { withDecisions } from './gate-decisions.ts'
import { askingOf, gateViewsOf, type GateView } from './gate-states.ts'
import type { HeadFacts } from './head-facts.ts'
import { asOneCheck } from './one-check.ts'
import { foldPull, type PullRequestScene } from './pull-approvals.ts'
import { readinessCheck } from './readiness-check.ts'
import { publishedOf, recordFor, recordOf } from './readiness-record.ts'
import { ownLogin, type Scene } from './scene.ts'
import { duplicatesOf, renderStatusComment, type StatusComment } from './status-comment.ts'

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
  const folded = await foldPull(scene, input)
  const { policy, comment, record, facts, shownSince, pusher, before, run, approvals, decision } = folded
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
    ...publishedOf(fresh?.run, recordFor(record, pull)),
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
  const duplicates =
    comment === undefined
      ? []
      : duplicatesOf(timeline.comments, { kept: comment.id, pull: pull.number, login: ownLogin(scene) })
  for (const { id, body: superseded } of duplicates) await scene.writer.updateComment(id, superseded)
  const commented = presents && (await settleComment(scene, { pull, comment, body }))
  return {
    approvals,
    readiness,
    gates,
    ...(run === undefined ? {} : { run }),
    changed: writes.length + duplicates.length > 0 || commented,
  }
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
