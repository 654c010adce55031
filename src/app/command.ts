import { commandUsage } from '../coordination/comments.ts'
import type { Outcome } from '../coordination/approvals.ts'
import type { CheckFacts, CommentFacts, PullRequestFacts } from '../coordination/facts.ts'
import type { Readiness } from '../coordination/readiness.ts'
import { refusalTexts } from '../coordination/refusals.ts'
import { readinessRecordSchema, readRecord } from '../coordination/records.ts'
import { markdownCode, markdownText } from '../report/neutralise.ts'
import { explainGate } from './explain-gate.ts'
import { checkName, ownCheck, type GateView } from './gate-states.ts'
import type { CommentEvent } from './comment-event.ts'
import { settlePullRequest } from './converge.ts'
import { readChecks } from './read-checks.ts'
import { ownLogin, readPolicy, type Scene } from './scene.ts'

export type CommandResult =
  | { readonly kind: 'ignored'; readonly reason: string }
  | {
      readonly kind: 'folded'
      readonly readiness: Readiness
      readonly headSha: string
      readonly pull: number
      /** Of the comment that rang: empty where it was deleted. */
      readonly outcomes: readonly Outcome[]
      readonly changed: boolean
    }

/**
 * Answers a comment on a pull request. Everything is read again from GitHub, so that an event that was lost, doubled
 * or overtaken changes nothing.
 */
export async function runCommand(scene: Scene, event: CommentEvent): Promise<CommandResult> {
  const { reader } = scene
  const pull = await reader.pull(event.issue)
  if (!pull.open) return { kind: 'ignored', reason: `pull request ${pull.number} is closed` }
  const [config, timeline, checks] = await Promise.all([
    readPolicy(reader),
    reader.timeline(pull.number),
    readChecks(scene, pull.headSha),
  ])
  const sharedWith = await sharedHeads(scene, pull, checks)
  const settled = await settlePullRequest(scene, {
    config,
    pull,
    timeline,
    checks,
    sharedWith,
    answering: event.commentId,
  })
  const comment = timeline.comments.find(({ id }) => id === event.commentId)
  const given = settled.approvals.outcomes.filter(({ commentId }) => commentId === event.commentId)
  const outcomes =
    comment === undefined ? given : await retestIfAsked(scene, { comment, outcomes: given, run: settled.run })
  const answered =
    comment === undefined
      ? false
      : await answer(scene, { pull, comment, outcomes, comments: timeline.comments, gates: settled.gates })
  return {
    kind: 'folded',
    readiness: settled.readiness,
    headSha: pull.headSha,
    pull: pull.number,
    outcomes,
    changed: settled.changed || answered,
  }
}

/** Only where our Check was written for another pull request is it worth a request to ask who shares the head. */
async function sharedHeads(
  { reader, app }: Scene,
  pull: PullRequestFacts,
  checks: readonly CheckFacts[],
): Promise<number[]> {
  const check = ownCheck(checks, checkName('readiness'), app)
  const record = check === undefined ? undefined : readRecord(check.text, readinessRecordSchema)
  if (record?.pull === undefined || record.pull === pull.number) return []
  const open = await reader.openPulls()
  return open
    .filter(({ headSha, number }) => headSha === pull.headSha && number !== pull.number)
    .map(({ number }) => number)
}

interface Answer {
  readonly pull: PullRequestFacts
  readonly comment: CommentFacts
  readonly outcomes: readonly Outcome[]
  readonly comments: readonly CommentFacts[]
  readonly gates: readonly GateView[]
}

/**
 * Starts the gates run of the head again. Our thumbs-up says that it was done, so that an event that is delivered twice
 * starts nothing twice.
 */
async function retestIfAsked(
  { reader, writer }: Scene,
  {
    comment,
    outcomes,
    run,
  }: { readonly comment: CommentFacts; readonly outcomes: readonly Outcome[]; readonly run: number | undefined },
): Promise<readonly Outcome[]> {
  const asked = outcomes.some(({ kind, command }) => kind === 'accepted' && command.kind === 'retest')
  if (!asked || run === undefined || comment.thumbsUp > 0) return outcomes
  if ((await reader.run(run)).completed) {
    await writer.rerun(run)
    return outcomes
  }
  const { rule, fix } = refusalTexts.RETEST_RUNNING
  const refusal = { code: 'RETEST_RUNNING' as const, rule: rule(), fix: fix() }
  return outcomes.map((outcome) =>
    outcome.kind === 'accepted' && outcome.command.kind === 'retest'
      ? { ...outcome, kind: 'refused' as const, refusal }
      : outcome,
  )
}

/** A reaction to what was accepted, one reply to what was not: updated, not repeated, when the comment is edited. */
async function answer(scene: Scene, { pull, comment, outcomes, comments, gates }: Answer): Promise<boolean> {
  const refused = outcomes.filter((outcome) => outcome.kind === 'refused')
  // Commands that look like nothing of ours belong to another bot; a reaction says that nobody here obeys.
  const replies = refused.filter(({ command }) => command.kind !== 'unknown' || command.meant !== undefined)
  const helps = outcomes.some(({ kind, command }) => kind === 'accepted' && command.kind === 'help')
  const explained = outcomes.flatMap(({ kind, command }) =>
    kind === 'accepted' && command.kind === 'explain' ? gates.filter(({ gate }) => gate === command.gate) : [],
  )
  const accepted = outcomes.filter(
    ({ kind, command }) => kind === 'accepted' && command.kind !== 'help' && command.kind !== 'explain',
  )
  const marker = `<!-- hive-reply to=${comment.id} -->`
  const reply = comments.find(({ author, body }) => author?.login === ownLogin(scene) && body.startsWith(marker))
  let wrote = false
  if (accepted.length > 0 && comment.thumbsUp === 0) {
    await scene.writer.react(comment.id, '+1')
    wrote = true
  }
  if (refused.length > 0 && replies.length === 0 && accepted.length === 0) {
    await scene.writer.react(comment.id, 'confused')
    wrote = true
  }
  const body = replyBody(marker, { replies, helps, explained })
  if (body === undefined) {
    if (reply === undefined || reply.body.includes('Accepted after the edit')) return wrote
    await scene.writer.updateComment(reply.id, `${marker}\nAccepted after the edit.\n`)
    return true
  }
  if (reply === undefined) await scene.writer.createComment(pull.number, body)
  else if (reply.body.trimEnd() === body.trimEnd()) return wrote
  else await scene.writer.updateComment(reply.id, body)
  return true
}

type Refused = Extract<Outcome, { kind: 'refused' }>

function replyBody(
  marker: string,
  {
    replies,
    helps,
    explained,
  }: { readonly replies: readonly Refused[]; readonly helps: boolean; readonly explained: readonly GateView[] },
): string | undefined {
  if (replies.length === 0 && !helps && explained.length === 0) return undefined
  const refusals = replies.map(({ command, refusal }) => {
    const problem =
      command.kind === 'malformed' ? `: ${command.problem} (${markdownCode(commandUsage[command.word].usage)})` : ''
    const meant =
      command.kind === 'unknown' && command.meant !== undefined
        ? `: ${markdownCode(`/${command.meant}`)} was probably meant`
        : ''
    return `${markdownCode(shownCommand(command))} was not accepted (\`${refusal.code}\`)\n- Rule: ${refusal.rule}${problem}${meant}\n- What to do: ${refusal.fix}`
  })
  const help = helps
    ? [
        `| Command | Rule |\n|---|---|\n${Object.values(commandUsage)
          .map(({ usage, rule }) => `| \`${usage}\` | ${markdownText(rule)} |`)
          .join('\n')}`,
      ]
    : []
  return `${marker}\n${[...refusals, ...explained.map(explainGate), ...help].join('\n\n')}\n`
}

function shownCommand(command: Refused['command']): string {
  return command.kind === 'malformed' || command.kind === 'unknown' ? `/${command.word}` : `/${command.kind}`
}
