import type { ApprovalState, Outcome } from '../coordination/approvals.ts'
import type { ApprovalPolicy } from '../coordination/policy.ts'
import { conclusionOf } from '../coordination/readiness.ts'
import { withRecord } from '../coordination/records.ts'
import { decideAcceptance, type AcceptanceDecision } from '../gates/acceptance.ts'
import { markdownText, oneLine, truncate } from '../report/neutralise.ts'
import type { DesiredCheck } from './check-writes.ts'
import { checkName } from './gate-states.ts'

export const roleTitle = { product: 'Product Agent', strategic: 'Strategic Agent', admin: 'admin' } as const

export function decideAcceptanceOf(policy: ApprovalPolicy, state: ApprovalState): AcceptanceDecision {
  return decideAcceptance({
    role: roleTitle[policy.acceptance.role],
    quorum: policy.acceptance.quorum,
    approvals: state.approvals,
    holds: state.holds,
  })
}

/** The Check of the acceptance gate: who said what, and what did not count and why. */
export function acceptanceCheck(
  headSha: string,
  {
    policy,
    state,
    decision,
    before,
  }: {
    readonly policy: ApprovalPolicy
    readonly state: ApprovalState
    readonly decision: AcceptanceDecision
    readonly before: ReadonlyMap<number, string>
  },
): DesiredCheck {
  const conclusion = conclusionOf(decision.kind === 'pass' ? 'pass' : 'waits')
  const { approvals, holds } = state
  const lines = [
    `**${markdownText(decision.summary)}** for \`${headSha}\``,
    list(
      'Approvals in force',
      approvals.map(({ login, at, self }) => `${markdownText(login)}, ${at}${self ? ', self-approved' : ''}`),
    ),
    list(
      'Holds',
      holds.map(
        ({ login, at, reason }) =>
          `${markdownText(login)}, ${at}${reason === undefined ? '' : `: ${markdownText(reason)}`}`,
      ),
    ),
    list(
      'Checklist',
      policy.acceptance.checklist.map((item) => markdownText(item)),
    ),
    list('Did not count', refusedApprovals(state.outcomes)),
    decision.kind === 'pass'
      ? ''
      : `To accept exactly this commit, the ${roleTitle[policy.acceptance.role]} copies: \`/approve ${headSha}\``,
  ]
  return {
    name: checkName('acceptance'),
    ...(conclusion === undefined ? {} : { conclusion }),
    title: truncate(oneLine(decision.summary), 200),
    summary: lines.filter((line) => line !== '').join('\n\n'),
    text: withRecord('', { v: 1, kind: 'acceptance', accepted: acceptedNow(approvals, { policy, before }) }),
    annotations: [],
    renew: false,
  }
}

/**
 * The rules under which each approval was first accepted. Entries stay when the rules change: forgotten, the next fold
 * would accept the same comment under the new ones.
 */
function acceptedNow(
  approvals: ApprovalState['approvals'],
  { policy, before }: { readonly policy: ApprovalPolicy; readonly before: ReadonlyMap<number, string> },
): [number, string][] {
  const accepted = new Map(before)
  for (const { commentId } of approvals) if (!accepted.has(commentId)) accepted.set(commentId, policy.hash)
  return [...accepted].slice(-200)
}

/** The last few approvals of role holders that are void, with their reason; what strangers say changes no Check. */
function refusedApprovals(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .flatMap((outcome) =>
      outcome.kind === 'refused' && outcome.command.kind === 'approve' && outcome.refusal.code !== 'ROLE_MISSING'
        ? [outcome.refusal]
        : [],
    )
    .slice(-5)
    .map(({ code, rule }) => `\`${code}\`: ${rule}`)
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}:\n${items.map((item) => `- ${item}`).join('\n')}`
}
