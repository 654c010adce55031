import type { ApprovalState } from '../coordination/approvals.ts'
import { unforgivenAttempt } from '../coordination/overrides.ts'
import type { GateView } from './gate-states.ts'

/**
 * What people decided about a gate, over what its Check says: an override takes its place, and an earlier failure that
 * nobody asked to repeat holds a later pass back. The gate's own Check goes on saying what was measured.
 */
export function withDecisions(
  view: GateView,
  { overrides, retests }: Pick<ApprovalState, 'overrides' | 'retests'>,
): GateView {
  const held = view.standing === 'pass' ? unforgivenAttempt(view.gate, view.attempts ?? [], retests) : undefined
  const stands =
    held === undefined
      ? view
      : decided(
          view,
          'undecided',
          `run ${held.run} on this commit did not pass and nobody asked for /retest before this one; ${view.summary}`,
        )
  if (stands.standing === 'pass' || stands.standing === 'skipped') return stands
  const override = overrides.find(({ gate }) => gate === view.gate)
  if (override === undefined) return stands
  const { login, reason, self } = override
  const who = `${login}${self ? ' (own change)' : ''}`
  const was = stands.standing === 'absent' ? 'did not run' : stands.standing
  const summary = `overridden by ${who}: ${reason}; it was ${was}: ${stands.summary}`
  return { ...decided(stands, 'skipped', summary), overriddenBy: who }
}

function decided(view: GateView, standing: 'skipped' | 'undecided', summary: string): GateView {
  const short = summary.slice(0, 500)
  const { evidence } = view
  return {
    ...view,
    standing,
    summary: short,
    ...(evidence === undefined ? {} : { evidence: { ...evidence, verdict: standing, summary: short } }),
  }
}
