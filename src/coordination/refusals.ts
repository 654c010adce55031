import type { Account } from './facts.ts'
import type { ApprovalSubject } from './approval-subject.ts'
import type { ApprovalPolicy, Role } from './policy.ts'

/** Why a command was refused: a permanent code, the rule behind it, and the way out. */
export interface Refusal {
  readonly code: RefusalCode
  readonly rule: string
  readonly fix: string
}

interface RefusalContext {
  readonly policy: ApprovalPolicy
  readonly subject: ApprovalSubject
  readonly author: Account | undefined
}

interface RefusalText {
  readonly rule: (context: RefusalContext) => string
  readonly fix: (context: RefusalContext) => string
}

const roleTitle: Record<Role, string> = { product: 'Product Agent', strategic: 'Strategic Agent', admin: 'admin' }

const copyLine = ({ subject }: RefusalContext): string =>
  `to accept the present head, copy: \`/approve ${subject.headSha}\``

function membersOf({ policy }: RefusalContext, role: Role): string {
  const names = policy.roleNames[role]
  return names.length === 0
    ? `nobody yet (add an account under roles.${role})`
    : names.map((name) => `\`${name}\``).join(', ')
}

const askRole = (context: RefusalContext): string => {
  const { role } = context.policy.acceptance
  return `ask the ${roleTitle[role]}: ${membersOf(context, role)}; roles are read from hive.yml of the default branch, by numeric user id`
}

export const refusalTexts = {
  ROLE_MISSING: {
    rule: ({ policy }) => `only accounts with the role ${roleTitle[policy.acceptance.role]} may do this`,
    fix: askRole,
  },
  ANY_ROLE_MISSING: {
    rule: () => 'only accounts with a role in hive.yml may do this',
    fix: (context) => `ask one of them: ${membersOf(context, 'product')}, ${membersOf(context, 'strategic')}`,
  },
  ADMIN_MISSING: {
    rule: () => 'only admins may do this',
    fix: (context) => `ask an admin: ${membersOf(context, 'admin')}`,
  },
  NO_ACCEPTANCE_GATE: {
    rule: () => 'hive.yml of the default branch has no acceptance gate in force',
    fix: () => 'nothing to approve: readiness does not wait for it',
  },
  GATE_NOT_APPROVABLE: {
    rule: () => 'only the gate acceptance is decided by people; every other verdict is measured',
    fix: copyLine,
  },
  VIA_APP: {
    rule: () => 'a comment that an App wrote in a person’s name is not that person’s word',
    fix: () => 'comment by hand, or name the App itself (login[bot]#id) under the role in hive.yml',
  },
  COMMENT_EDITED: {
    rule: () => 'an edited comment gives nothing: what it said before cannot be proved',
    fix: copyLine,
  },
  SHA_NOT_FULL: {
    rule: () => 'a shortened commit can be forged in seconds, so the full 40 digits are needed',
    fix: copyLine,
  },
  SHA_REQUIRED: { rule: () => 'hive.yml of the default branch insists on the commit', fix: copyLine },
  HEAD_MOVED: {
    rule: ({ subject }) => `an approval is for one commit, and the head is now ${subject.headSha.slice(0, 7)}`,
    fix: copyLine,
  },
  HEAD_NOT_PRESENTED: {
    rule: () =>
      'a bare /approve means the head that the status comment has shown for at least ten seconds; this head was not',
    fix: copyLine,
  },
  TOO_MANY_COMMITS: {
    rule: () => 'GitHub lists at most 250 commits of a pull request, so nobody can be ruled out as an author',
    fix: () => 'split the pull request, or squash its commits',
  },
  PUSHER_UNKNOWN: {
    rule: () => 'who pushed the head is read from the record of its gate run, and that was not published yet',
    fix: () => 'nothing to do: the approval is read again when the gates of this head have run',
  },
  APPROVER_IS_BEHIND_THE_CHANGE: {
    rule: () =>
      'nobody approves a change they are behind: author, committer, co-author, pusher, or the person who operates such an agent',
    fix: askRole,
  },
  COMMIT_IDENTITY_UNKNOWN: {
    rule: ({ subject }) =>
      `${subject.unknownIdentities.length} commit identit${subject.unknownIdentities.length === 1 ? 'y belongs' : 'ies belong'} to no known account, so the approver cannot be ruled out`,
    fix: ({ subject }) =>
      `link the mail address with an account, or amend the commits to use ID+login@users.noreply.github.com (${subject.unknownIdentities
        .slice(0, 3)
        .map((name) => `\`${name}\``)
        .join(', ')})`,
  },
  APPROVAL_EXPIRED: { rule: () => 'the approval is older than hive.yml lets it live', fix: copyLine },
  BASE_CHANGED: { rule: () => 'the base branch was changed after the approval', fix: copyLine },
  COMMENT_DELETED_AFTERWARDS: {
    rule: () => 'a comment was deleted after the approval; it may have been a hold, so the approval is void',
    fix: copyLine,
  },
  COMMENT_EDITED_AFTERWARDS: {
    rule: () =>
      'a comment of a role holder was edited after the approval; it may have been a hold, so the approval is void',
    fix: copyLine,
  },
  POLICY_CHANGED: {
    rule: () => 'the acceptance rules of the default branch changed after the approval',
    fix: copyLine,
  },
  POLICY_NOT_CHANGED: {
    rule: () => 'this head weakens no gate definition of the default branch',
    fix: () => 'nothing to accept',
  },
  POLICY_MOVED: {
    rule: () => 'the hash is not that of the definitions of the present head',
    fix: ({ subject }) => `look at the change, then copy: \`/accept-policy ${subject.weakerDefinitions ?? ''}\``,
  },
  GATE_UNKNOWN: {
    rule: () => 'hive.yml of the default branch has no gate of that name',
    fix: ({ policy }) => `its gates are ${policy.gates.map((gate) => `\`${gate}\``).join(', ')}`,
  },
  GATE_NOT_OVERRIDABLE: {
    rule: () => 'acceptance is decided by people and has no verdict that could be overridden',
    fix: askRole,
  },
  NOTHING_TO_RETEST: {
    rule: () => 'no gates run of this head is known',
    fix: () => 'nothing to do: the gates run when the head is pushed; if they did not, push again',
  },
  RETEST_RUNNING: {
    rule: () => 'the gates of this head are running',
    fix: () => 'wait for their verdicts, then ask again in a new comment',
  },
  NO_HOLD_OF_YOURS: {
    rule: () => 'a hold is ended by who placed it, or by an admin',
    fix: (context) => `ask who placed the hold, or an admin: ${membersOf(context, 'admin')}`,
  },
  COMMAND_MALFORMED: { rule: () => 'the command has another form', fix: () => 'see `/help`' },
  COMMAND_UNKNOWN: { rule: () => 'there is no such command', fix: () => 'see `/help`' },
} as const satisfies Record<string, RefusalText>

export type RefusalCode = keyof typeof refusalTexts

export function explainRefusal(code: RefusalCode, context: RefusalContext): Refusal {
  const text: RefusalText = refusalTexts[code]
  return { code, rule: text.rule(context), fix: text.fix(context) }
}
