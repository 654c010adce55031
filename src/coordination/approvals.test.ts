import { expect, test } from 'vitest'
import type { ApprovalSubject } from './approval-subject.ts'
import { foldApprovals } from './approvals.ts'
import type { CommentFacts } from './facts.ts'
import type { ApprovalPolicy } from './policy.ts'
import { refusalTexts, type RefusalCode } from './refusals.ts'

const head = 'a'.repeat(40)
const pat = { id: 1, login: 'pat' }
const sam = { id: 2, login: 'sam' }
const ada = { id: 3, login: 'ada' }
const eve = { id: 4, login: 'eve' }
const agent = { id: 5, login: 'agent' }
const second = { id: 6, login: 'second' }

const policy: ApprovalPolicy = {
  hasAcceptance: true,
  gates: ['performance', 'acceptance'],
  roles: { product: [pat.id, second.id, agent.id], strategic: [sam.id], admin: [ada.id] },
  roleNames: { product: ['pat'], strategic: ['sam'], admin: ['ada'] },
  agents: [{ accounts: [agent.id], operator: sam.id }],
  listedApps: [],
  acceptance: { role: 'product', quorum: 1, requireSha: false, allowSelfApproval: false, checklist: [] },
  hash: 'p1',
}

const at = (second_: number): string => new Date(Date.UTC(2026, 10, 23, 9, 0, second_)).toISOString()

let nextId = 100
function comment(body: string, part: Partial<CommentFacts> = {}): CommentFacts {
  nextId += 1
  const createdAt = part.createdAt ?? at(60)
  return { id: nextId, author: pat, viaApp: false, body, createdAt, updatedAt: createdAt, thumbsUp: 0, ...part }
}

function subject(comments: readonly CommentFacts[], part: Partial<ApprovalSubject> = {}): ApprovalSubject {
  return {
    headSha: head,
    presentedAt: at(0),
    behind: [eve.id],
    unknownIdentities: [],
    changesComplete: true,
    pusherKnown: true,
    timeline: { comments, deletedAt: [], baseChangedAt: [], readyAt: [] },
    acceptedUnder: new Map(),
    answering: comments.at(-1)?.id ?? 0,
    now: new Date(at(600)),
    ...part,
  }
}

test('foldApprovals() takes a bare approval of the head that was shown, and a full one of any head', () => {
  const bare = foldApprovals(policy, subject([comment('/approve', { createdAt: at(10) })]))
  expect(bare.approvals).toMatchObject([{ userId: pat.id, self: false }])
  const { presentedAt: _never, ...unseen } = subject([comment(`/approve ${head}`)])
  expect(foldApprovals(policy, unseen).approvals).toHaveLength(1)
})

type Case = readonly [
  string,
  RefusalCode,
  {
    readonly body?: string
    readonly comment?: Partial<CommentFacts>
    readonly subject?: Partial<ApprovalSubject>
    readonly policy?: Partial<ApprovalPolicy>
  },
]

const rules = policy.acceptance
const refusals: readonly Case[] = [
  ['a stranger', 'ROLE_MISSING', { comment: { author: eve } }],
  ['another role', 'ROLE_MISSING', { comment: { author: ada } }],
  ['a name of a role holder under another id', 'ROLE_MISSING', { comment: { author: { id: 99, login: 'pat' } } }],
  ['an App in a person’s name', 'VIA_APP', { comment: { viaApp: true } }],
  ['an edited comment', 'COMMENT_EDITED', { comment: { updatedAt: at(61) } }],
  ['a short commit', 'SHA_NOT_FULL', { body: `/approve ${head.slice(0, 12)}` }],
  ['a commit of SHA-256 length', 'SHA_NOT_FULL', { body: `/approve ${'a'.repeat(64)}` }],
  ['another head', 'HEAD_MOVED', { body: `/approve ${'b'.repeat(40)}` }],
  ['another gate', 'GATE_NOT_APPROVABLE', { body: '/approve performance' }],
  ['no acceptance gate', 'NO_ACCEPTANCE_GATE', { policy: { hasAcceptance: false } }],
  ['a policy that insists on the commit', 'SHA_REQUIRED', { policy: { acceptance: { ...rules, requireSha: true } } }],
  ['a head shown nine seconds before', 'HEAD_NOT_PRESENTED', { comment: { createdAt: at(9), updatedAt: at(9) } }],
  ['a head shown afterwards', 'HEAD_NOT_PRESENTED', { subject: { presentedAt: at(61) } }],
  ['more commits than GitHub lists', 'TOO_MANY_COMMITS', { subject: { changesComplete: false } }],
  ['a pusher that is not known', 'PUSHER_UNKNOWN', { subject: { pusherKnown: false } }],
  ['the author', 'APPROVER_IS_BEHIND_THE_CHANGE', { subject: { behind: [pat.id] } }],
  [
    'an agent whose operator is the author',
    'APPROVER_IS_BEHIND_THE_CHANGE',
    { comment: { author: agent }, subject: { behind: [sam.id] } },
  ],
  [
    'the operator of an agent that contributed',
    'APPROVER_IS_BEHIND_THE_CHANGE',
    {
      comment: { author: sam },
      subject: { behind: [agent.id] },
      policy: { roles: { ...policy.roles, product: [sam.id] } },
    },
  ],
  ['an unknown commit identity', 'COMMIT_IDENTITY_UNKNOWN', { subject: { unknownIdentities: ['Somebody'] } }],
  ['an approval that is too old', 'APPROVAL_EXPIRED', { policy: { acceptance: { ...rules, expiresMs: 60_000 } } }],
  [
    'a base that changed',
    'BASE_CHANGED',
    { subject: { timeline: { comments: [], deletedAt: [], baseChangedAt: [at(60)], readyAt: [] } } },
  ],
  [
    'a comment that was deleted',
    'COMMENT_DELETED_AFTERWARDS',
    { subject: { timeline: { comments: [], deletedAt: [at(70)], baseChangedAt: [], readyAt: [] } } },
  ],
  ['rules that changed', 'POLICY_CHANGED', { subject: { acceptedUnder: new Map([[0, 'p0']]) } }],
]

test.each(refusals)('foldApprovals() refuses %s', (_name, code, change) => {
  const given = comment(change.body ?? '/approve', change.comment)
  const facts = subject([given], change.subject)
  const timeline = { ...facts.timeline, comments: [given] }
  const acceptedUnder = new Map([...facts.acceptedUnder.values()].map((hash) => [given.id, hash]))
  const state = foldApprovals(
    { ...policy, ...change.policy },
    { ...facts, timeline, acceptedUnder, answering: given.id },
  )
  expect(state.approvals).toEqual([])
  expect(state.outcomes).toMatchObject([{ kind: 'refused', commentId: given.id, refusal: { code } }])
})

test('every refusal has a rule and a way out', () => {
  const context = { policy, subject: subject([]), author: eve }
  for (const { rule, fix } of Object.values(refusalTexts)) {
    expect(rule(context).length).toBeGreaterThan(10)
    expect(fix(context).length).toBeGreaterThan(4)
  }
})

test('an edited comment of a role holder ends earlier approvals, one of anybody else does not', () => {
  const approval = comment('/approve')
  const before = comment('fine', { author: sam, createdAt: at(50), updatedAt: at(55) })
  const stranger = comment('fine', { author: eve, createdAt: at(50), updatedAt: at(90) })
  expect(foldApprovals(policy, subject([before, approval, stranger])).approvals).toHaveLength(1)
  const after = comment('fine', { author: sam, createdAt: at(50), updatedAt: at(90) })
  expect(foldApprovals(policy, subject([after, approval])).outcomes).toMatchObject([
    { refusal: { code: 'COMMENT_EDITED_AFTERWARDS' } },
  ])
})

test('holds outlive approvals and edits, and are ended by who placed them or an admin', () => {
  const hold = comment('/hold wait', { author: sam, createdAt: at(61), updatedAt: at(62) })
  const others = comment('/unhold', { author: second, createdAt: at(63) })
  const state = foldApprovals(policy, subject([hold, others]))
  expect(state.holds).toMatchObject([{ userId: sam.id, reason: 'wait' }])
  expect(state.outcomes.at(-1)).toMatchObject({ refusal: { code: 'NO_HOLD_OF_YOURS' } })
  for (const author of [sam, ada]) {
    const ended = comment('/unhold', { author, createdAt: at(64) })
    expect(foldApprovals(policy, subject([hold, others, ended])).holds).toEqual([])
  }
  const stranger = foldApprovals(policy, subject([comment('/hold', { author: eve })]))
  expect(stranger.outcomes).toMatchObject([{ refusal: { code: 'ANY_ROLE_MISSING' } }])
})

test('a revoked approval counts again only when it is given again', () => {
  const comments = [comment('/approve'), comment('/revoke', { author: ada, createdAt: at(70) })]
  expect(foldApprovals(policy, subject(comments)).approvals).toEqual([])
  const again = comment('/approve', { createdAt: at(80) })
  expect(foldApprovals(policy, subject([...comments, again])).approvals).toMatchObject([{ commentId: again.id }])
})

test('one person approves once, however often, and the order of the list does not matter', () => {
  const comments = [
    comment('/approve\n\n/approve'),
    comment('/approve', { createdAt: at(70) }),
    comment('/approve', { author: second }),
  ]
  const state = foldApprovals(policy, subject(comments))
  expect(state.approvals.map(({ userId }) => userId)).toEqual([pat.id, second.id])
  expect(foldApprovals(policy, subject(comments.toReversed()))).toEqual(state)
})

test('a repository of one person may approve itself, and it shows', () => {
  const alone = { ...policy, acceptance: { ...rules, allowSelfApproval: true } }
  const state = foldApprovals(alone, subject([comment('/approve')], { behind: [pat.id] }))
  expect(state.approvals).toMatchObject([{ self: true }])
})

test('changed gate definitions are accepted by an admin, for exactly these', () => {
  const weaker = { weakerDefinitions: '0123456789ab' }
  const by = (author: typeof ada, hash: string, part: Partial<ApprovalSubject> = weaker) =>
    foldApprovals(policy, subject([comment(`/accept-policy ${hash}`, { author })], part))
  expect(by(ada, '0123456789ab').policyAccepted).toBe(true)
  expect(by(pat, '0123456789ab').outcomes).toMatchObject([{ refusal: { code: 'ADMIN_MISSING' } }])
  expect(by(ada, 'ba9876543210').outcomes).toMatchObject([{ refusal: { code: 'POLICY_MOVED' } }])
  expect(by(ada, '0123456789ab', {}).outcomes).toMatchObject([{ refusal: { code: 'POLICY_NOT_CHANGED' } }])
})

test('comments of people without a role are not read, unless one is to be answered', () => {
  const stranger = comment('/approve\n\n/hold', { author: eve })
  const later = comment('/approve', { createdAt: at(70) })
  expect(foldApprovals(policy, subject([stranger, later])).outcomes.map(({ commentId }) => commentId)).toEqual([
    later.id,
  ])
  const answered = foldApprovals(policy, subject([stranger, later], { answering: stranger.id }))
  expect(answered.outcomes).toHaveLength(3)
  expect(answered.holds).toEqual([])
})
