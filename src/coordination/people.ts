import type { ApprovalSubject } from './approval-subject.ts'
import type { CommentFacts } from './facts.ts'
import type { ApprovalPolicy, Role } from './policy.ts'

export function holdsRole(policy: ApprovalPolicy, comment: CommentFacts, roles: readonly Role[]): boolean {
  const id = comment.author?.id
  return id !== undefined && roles.some((role) => policy.roles[role].includes(id))
}

export const isRoleHolder = (policy: ApprovalPolicy, comment: CommentFacts): boolean =>
  holdsRole(policy, comment, ['product', 'strategic', 'admin'])

export function isEdited(comment: CommentFacts): boolean {
  return Date.parse(comment.updatedAt) !== Date.parse(comment.createdAt)
}

/**
 * Whether a user is behind the change: in person, as operator of an agent that contributed to it, or as an agent
 * whose operator did.
 */
export function isBehind(policy: ApprovalPolicy, subject: ApprovalSubject, userId: number): boolean {
  if (subject.behind.includes(userId)) return true
  return policy.agents.some(({ accounts, operator }) => {
    if (operator === undefined) return false
    const agentIsBehind = accounts.some((id) => subject.behind.includes(id))
    return (operator === userId && agentIsBehind) || (accounts.includes(userId) && subject.behind.includes(operator))
  })
}
