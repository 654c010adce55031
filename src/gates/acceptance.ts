/** What people said of one head, after every rule was applied. */
export interface AcceptanceFacts {
  readonly role: string
  readonly quorum: number
  readonly approvals: readonly { readonly login: string; readonly self: boolean }[]
  readonly holds: readonly { readonly login: string; readonly reason?: string }[]
}

/**
 * `waiting` is no verdict: a person has yet to speak. On GitHub it is a Check in progress, which blocks without
 * looking like a failure.
 */
export type AcceptanceDecision =
  | { readonly kind: 'pass'; readonly summary: string }
  | { readonly kind: 'waiting'; readonly summary: string }

/** Decides the acceptance gate. A hold outranks every approval. */
export function decideAcceptance(facts: AcceptanceFacts): AcceptanceDecision {
  const [hold] = facts.holds
  if (hold !== undefined) {
    const reason = hold.reason === undefined ? '' : `: ${hold.reason}`
    const more = facts.holds.length > 1 ? ` and ${facts.holds.length - 1} more` : ''
    return { kind: 'waiting', summary: `on hold by ${hold.login}${more}${reason}` }
  }
  const given = facts.approvals.length
  if (given < facts.quorum) {
    const count = facts.quorum === 1 ? '' : `, ${given} of ${facts.quorum} given`
    return { kind: 'waiting', summary: `waits for /approve by the ${facts.role}${count}` }
  }
  const names = facts.approvals.map(({ login, self }) => (self ? `${login} (self-approved)` : login))
  return { kind: 'pass', summary: `approved by ${names.join(', ')}` }
}
