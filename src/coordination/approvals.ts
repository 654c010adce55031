import { parseCommands, type Command } from './comments.ts'
import type { ApprovalSubject } from './approval-subject.ts'
import type { CommentFacts } from './facts.ts'
import type { ApprovalPolicy } from './policy.ts'
import type { Override, Retest } from './overrides.ts'
import { holdsRole, isBehind, isEdited, isRoleHolder } from './people.ts'
import { explainRefusal, type Refusal, type RefusalCode } from './refusals.ts'

/** An approval in force. */
interface Approval {
  readonly commentId: number
  readonly userId: number
  readonly login: string
  readonly at: string
  /** The approver is behind the change, and hive.yml of the default branch allows that. */
  readonly self: boolean
}

interface Hold {
  readonly commentId: number
  readonly userId: number
  readonly login: string
  readonly at: string
  readonly reason?: string
}

/** What one comment came to, for the answer to it. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly commentId: number; readonly command: Command }
  | { readonly kind: 'refused'; readonly commentId: number; readonly command: Command; readonly refusal: Refusal }

export interface ApprovalState {
  /** One a person: the oldest that is in force. */
  readonly approvals: readonly Approval[]
  readonly holds: readonly Hold[]
  /** One a gate: the latest that is in force. */
  readonly overrides: readonly Override[]
  readonly retests: readonly Retest[]
  readonly policyAccepted: boolean
  readonly outcomes: readonly Outcome[]
}

/** A bare `/approve` counts only this long after the head was shown: nobody approves in the second it appears. */
const presentationMs = 10_000

/**
 * Folds all comments of a pull request into approvals and holds in force. Pure and total: the same facts
 * give the same state, whatever event asked for it.
 */
export function foldApprovals(policy: ApprovalPolicy, subject: ApprovalSubject): ApprovalState {
  const comments = [...subject.timeline.comments].sort(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id,
  )
  let approvals: readonly Approval[] = []
  let holds: readonly Hold[] = []
  let overrides: readonly Override[] = []
  const retests: Retest[] = []
  let policyAccepted = false
  const outcomes: Outcome[] = []
  for (const comment of comments) {
    // What others say changes nothing, so that only the one to be answered is worth reading.
    if (!isRoleHolder(policy, comment) && comment.id !== subject.answering) continue
    for (const command of parseCommands(comment.body)) {
      const code = refusalOf(command, comment, { policy, subject, holds })
      if (code !== undefined) {
        const refusal = explainRefusal(code, { policy, subject, author: comment.author })
        outcomes.push({ kind: 'refused', commentId: comment.id, command, refusal })
        continue
      }
      outcomes.push({ kind: 'accepted', commentId: comment.id, command })
      const author = comment.author ?? { id: 0, login: 'ghost' }
      const given = { commentId: comment.id, userId: author.id, login: author.login, at: comment.createdAt }
      if (command.kind === 'approve' && !approvals.some((approval) => approval.userId === author.id)) {
        approvals = approvals.concat({ ...given, self: isBehind(policy, subject, author.id) })
      }
      if (command.kind === 'revoke') [approvals, overrides] = [[], []]
      if (command.kind === 'override') {
        const { gate, reason } = command
        const others = overrides.filter((override) => override.gate !== gate)
        overrides = others.concat({ ...given, gate, reason, self: isBehind(policy, subject, author.id) })
      }
      if (command.kind === 'retest') retests.push({ at: comment.createdAt, ...gateOf(command) })
      if (command.kind === 'hold') {
        holds = holds.concat({ ...given, ...(command.reason === undefined ? {} : { reason: command.reason }) })
      }
      if (command.kind === 'unhold') holds = endHolds(policy, holds, author.id)
      if (command.kind === 'accept-policy') policyAccepted = true
    }
  }
  return { approvals, holds, overrides, retests, policyAccepted, outcomes }
}

const gateOf = ({ gate }: { readonly gate?: string }): { readonly gate?: string } =>
  gate === undefined ? {} : { gate }

interface RefusalContext {
  readonly policy: ApprovalPolicy
  readonly subject: ApprovalSubject
  readonly holds: readonly Hold[]
}

function refusalOf(command: Command, comment: CommentFacts, context: RefusalContext): RefusalCode | undefined {
  switch (command.kind) {
    case 'approve':
      return approveRefusal(command, comment, context)
    case 'accept-policy':
      return acceptPolicyRefusal(command.hash, comment, context)
    case 'revoke':
      // Negative commands count also where they were edited: nothing negative disappears.
      return holdsRole(context.policy, comment, [context.policy.acceptance.role, 'admin']) ? undefined : 'ROLE_MISSING'
    case 'hold':
      return holdsRole(context.policy, comment, ['product', 'strategic', 'admin']) ? undefined : 'ANY_ROLE_MISSING'
    case 'unhold': {
      if (isEdited(comment)) return 'COMMENT_EDITED'
      const id = comment.author?.id
      const mayEnd = endHolds(context.policy, context.holds, id ?? 0).length < context.holds.length
      return mayEnd ? undefined : 'NO_HOLD_OF_YOURS'
    }
    case 'override':
      return overrideRefusal(command, comment, context)
    case 'retest':
      return retestRefusal(command.gate, comment, context)
    case 'explain':
      return context.policy.gates.includes(command.gate) ? undefined : 'GATE_UNKNOWN'
    case 'malformed':
      return 'COMMAND_MALFORMED'
    case 'unknown':
      return 'COMMAND_UNKNOWN'
    case 'status':
    case 'help':
      return undefined
  }
}

function approveRefusal(
  command: Extract<Command, { kind: 'approve' }>,
  comment: CommentFacts,
  { policy, subject }: RefusalContext,
): RefusalCode | undefined {
  const author = comment.author
  const rules = policy.acceptance
  if (!policy.hasAcceptance) return 'NO_ACCEPTANCE_GATE'
  if (command.gate !== undefined && command.gate !== 'acceptance') return 'GATE_NOT_APPROVABLE'
  if (author === undefined || !holdsRole(policy, comment, [rules.role])) return 'ROLE_MISSING'
  if (comment.viaApp && !policy.listedApps.includes(author.id)) return 'VIA_APP'
  if (isEdited(comment)) return 'COMMENT_EDITED'
  const shaRefusal = shaRefusalOf(command.sha, comment, { policy, subject })
  if (shaRefusal !== undefined) return shaRefusal
  if (!subject.changesComplete) return 'TOO_MANY_COMMITS'
  if (!subject.pusherKnown) return 'PUSHER_UNKNOWN'
  if (!rules.allowSelfApproval) {
    if (isBehind(policy, subject, author.id)) return 'APPROVER_IS_BEHIND_THE_CHANGE'
    if (subject.unknownIdentities.length > 0) return 'COMMIT_IDENTITY_UNKNOWN'
  }
  return voidedLater(comment, { policy, subject })
}

function shaRefusalOf(
  sha: string | undefined,
  comment: CommentFacts,
  { policy, subject }: Omit<RefusalContext, 'holds'>,
): RefusalCode | undefined {
  if (sha !== undefined) {
    if (sha.length !== 40) return 'SHA_NOT_FULL'
    return sha === subject.headSha ? undefined : 'HEAD_MOVED'
  }
  if (policy.acceptance.requireSha) return 'SHA_REQUIRED'
  if (subject.presentedAt === undefined) return 'HEAD_NOT_PRESENTED'
  const shownForMs = Date.parse(comment.createdAt) - Date.parse(subject.presentedAt)
  return shownForMs >= presentationMs ? undefined : 'HEAD_NOT_PRESENTED'
}

/** What happened after the approval that takes it away again. */
function voidedLater(
  comment: CommentFacts,
  { policy, subject }: Omit<RefusalContext, 'holds'>,
): RefusalCode | undefined {
  const at = Date.parse(comment.createdAt)
  const after = (time: string): boolean => Date.parse(time) >= at
  const { expiresMs } = policy.acceptance
  if (expiresMs !== undefined && subject.now.getTime() - at > expiresMs) return 'APPROVAL_EXPIRED'
  if (subject.timeline.baseChangedAt.some(after)) return 'BASE_CHANGED'
  // GitHub's REST interface does not say whose comment was deleted, nor what an edited one said before: it may have
  // been a hold. Both take the approval away rather than let something negative disappear.
  if (subject.timeline.deletedAt.some(after)) return 'COMMENT_DELETED_AFTERWARDS'
  const editedAfter = subject.timeline.comments.some(
    (other) => other.id !== comment.id && isEdited(other) && after(other.updatedAt) && isRoleHolder(policy, other),
  )
  if (editedAfter) return 'COMMENT_EDITED_AFTERWARDS'
  const under = subject.acceptedUnder.get(comment.id)
  return under !== undefined && under !== policy.hash ? 'POLICY_CHANGED' : undefined
}

function overrideRefusal(
  { gate, sha }: Extract<Command, { kind: 'override' }>,
  comment: CommentFacts,
  { policy, subject }: RefusalContext,
): RefusalCode | undefined {
  if (!holdsRole(policy, comment, ['admin'])) return 'ADMIN_MISSING'
  if (!policy.gates.includes(gate)) return 'GATE_UNKNOWN'
  if (gate === 'acceptance') return 'GATE_NOT_OVERRIDABLE'
  if (comment.viaApp && !policy.listedApps.includes(comment.author?.id ?? 0)) return 'VIA_APP'
  if (isEdited(comment)) return 'COMMENT_EDITED'
  return shaRefusalOf(sha, comment, { policy, subject }) ?? voidedLater(comment, { policy, subject })
}

function retestRefusal(
  gate: string | undefined,
  comment: CommentFacts,
  { policy, subject }: RefusalContext,
): RefusalCode | undefined {
  if (!isRoleHolder(policy, comment)) return 'ANY_ROLE_MISSING'
  if (gate !== undefined && !policy.gates.includes(gate)) return 'GATE_UNKNOWN'
  if (comment.viaApp && !policy.listedApps.includes(comment.author?.id ?? 0)) return 'VIA_APP'
  if (isEdited(comment)) return 'COMMENT_EDITED'
  return subject.run === undefined ? 'NOTHING_TO_RETEST' : undefined
}

function acceptPolicyRefusal(
  hash: string,
  comment: CommentFacts,
  { policy, subject }: RefusalContext,
): RefusalCode | undefined {
  if (!holdsRole(policy, comment, ['admin'])) return 'ADMIN_MISSING'
  if (isEdited(comment)) return 'COMMENT_EDITED'
  if (subject.weakerDefinitions === undefined) return 'POLICY_NOT_CHANGED'
  return subject.weakerDefinitions === hash ? undefined : 'POLICY_MOVED'
}

function endHolds(policy: ApprovalPolicy, holds: readonly Hold[], userId: number): readonly Hold[] {
  return policy.roles.admin.includes(userId) ? [] : holds.filter((hold) => hold.userId !== userId)
}
