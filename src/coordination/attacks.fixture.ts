import type { ApprovalSubject } from './approval-subject.ts'
import type { CommentFacts, TimelineFacts } from './facts.ts'
import type { ApprovalPolicy } from './policy.ts'
import type { RefusalCode } from './refusals.ts'

/** Ways to be approved without an approval, each with what comes of it. Times are seconds after nine. */

export const head = 'a'.repeat(40)
const old = 'b'.repeat(40)
export const pat = { id: 1, login: 'pat' }
const sam = { id: 2, login: 'sam' }
const ada = { id: 3, login: 'ada' }
export const eve = { id: 4, login: 'eve' }
const agent = { id: 5, login: 'agent' }
const bot = { id: 41_898_282, login: 'github-actions[bot]' }
const app = { id: 77, login: 'reviewer[bot]' }

export const policy: ApprovalPolicy = {
  hasAcceptance: true,
  gates: ['unit', 'load', 'acceptance'],
  roles: { product: [pat.id], strategic: [sam.id], admin: [ada.id] },
  roleNames: { product: ['pat'], strategic: ['sam'], admin: ['ada'] },
  agents: [{ accounts: [agent.id], operator: sam.id }],
  listedApps: [],
  acceptance: { role: 'product', quorum: 1, requireSha: false, allowSelfApproval: false, checklist: [] },
  hash: 'rules',
}

export const at = (second: number): string => new Date(Date.UTC(2026, 10, 23, 9, 0, second)).toISOString()

export interface Said extends Partial<Omit<CommentFacts, 'body'>> {
  readonly body: string
  /** Seconds. */
  readonly at?: number
  readonly edited?: number
}

export interface Attack {
  readonly name: string
  readonly says: readonly Said[]
  readonly timeline?: Partial<TimelineFacts>
  readonly subject?: Partial<ApprovalSubject>
  readonly policy?: Partial<ApprovalPolicy>
  /** Of the last command; `nothing` where no command was seen. */
  readonly comes: RefusalCode | 'nothing'
}

const approve = '/approve'
const full = `/approve ${head}`

export const attacks: readonly Attack[] = [
  // Who speaks.
  {
    name: 'a renamed stranger who took the name',
    says: [{ body: full, author: { id: 99, login: 'pat' } }],
    comes: 'ROLE_MISSING',
  },
  { name: 'a role holder of another role', says: [{ body: full, author: sam }], comes: 'ROLE_MISSING' },
  {
    name: 'a demoted role holder',
    says: [{ body: full }],
    policy: { roles: { ...policy.roles, product: [8] } },
    comes: 'ROLE_MISSING',
  },
  { name: 'the bot of the workflow itself', says: [{ body: full, author: bot }], comes: 'ROLE_MISSING' },
  { name: 'an App that nobody listed', says: [{ body: full, author: app, viaApp: true }], comes: 'ROLE_MISSING' },
  {
    name: 'an App with the role that is not listed',
    says: [{ body: full, author: app, viaApp: true }],
    policy: { roles: { ...policy.roles, product: [app.id] } },
    comes: 'VIA_APP',
  },
  { name: 'an App in the name of a role holder', says: [{ body: full, viaApp: true }], comes: 'VIA_APP' },
  {
    name: 'an App that overrides in the name of an admin',
    says: [{ body: `/override unit ${head} fine`, author: ada, viaApp: true }],
    comes: 'VIA_APP',
  },
  {
    name: 'an App that asks for another attempt in a name',
    says: [{ body: '/retest', viaApp: true }],
    comes: 'VIA_APP',
  },
  // Who is behind the change.
  { name: 'the author', says: [{ body: full }], subject: { behind: [pat.id] }, comes: 'APPROVER_IS_BEHIND_THE_CHANGE' },
  {
    name: 'the second account of the author among the co-authors',
    says: [{ body: full }],
    subject: { behind: [eve.id, pat.id] },
    comes: 'APPROVER_IS_BEHIND_THE_CHANGE',
  },
  {
    name: 'the operator of the agent that wrote it',
    says: [{ body: full, author: sam }],
    subject: { behind: [agent.id] },
    policy: { roles: { ...policy.roles, product: [sam.id] } },
    comes: 'APPROVER_IS_BEHIND_THE_CHANGE',
  },
  {
    name: 'the agent of the person who wrote it',
    says: [{ body: full, author: agent }],
    subject: { behind: [sam.id] },
    policy: { roles: { ...policy.roles, product: [agent.id] } },
    comes: 'APPROVER_IS_BEHIND_THE_CHANGE',
  },
  {
    name: 'an agent of the same operator',
    says: [{ body: full, author: agent }],
    subject: { behind: [sam.id, eve.id] },
    policy: { roles: { ...policy.roles, product: [agent.id] } },
    comes: 'APPROVER_IS_BEHIND_THE_CHANGE',
  },
  {
    name: 'a commit under an unlinked address',
    says: [{ body: full }],
    subject: { unknownIdentities: ['Pat'] },
    comes: 'COMMIT_IDENTITY_UNKNOWN',
  },
  { name: 'commit 251', says: [{ body: full }], subject: { changesComplete: false }, comes: 'TOO_MANY_COMMITS' },
  {
    name: 'a head whose pusher is not known yet',
    says: [{ body: full }],
    subject: { pusherKnown: false },
    comes: 'PUSHER_UNKNOWN',
  },
  // Which commit.
  { name: 'an approval of the head before a push', says: [{ body: `/approve ${old}` }], comes: 'HEAD_MOVED' },
  {
    name: 'seven digits that a forged commit shares',
    says: [{ body: `/approve ${head.slice(0, 7)}` }],
    comes: 'SHA_NOT_FULL',
  },
  { name: '41 digits', says: [{ body: `/approve ${head}a` }], comes: 'SHA_NOT_FULL' },
  {
    name: 'a push in the same second',
    says: [{ body: approve, at: 60 }],
    subject: { presentedAt: at(60) },
    comes: 'HEAD_NOT_PRESENTED',
  },
  {
    name: 'a push nine seconds before',
    says: [{ body: approve, at: 60 }],
    subject: { presentedAt: at(51) },
    comes: 'HEAD_NOT_PRESENTED',
  },
  {
    name: 'a force push back to a head that is shown anew',
    says: [{ body: approve, at: 60 }],
    subject: { presentedAt: at(200) },
    comes: 'HEAD_NOT_PRESENTED',
  },
  {
    name: 'a commit that is not hexadecimal',
    says: [{ body: `/approve ${'g'.repeat(40)}` }],
    comes: 'GATE_NOT_APPROVABLE',
  },
  { name: 'a commit of Cyrillic letters', says: [{ body: `/approve ${'а'.repeat(40)}` }], comes: 'COMMAND_MALFORMED' },
  {
    name: 'an override of the head before a push',
    says: [{ body: `/override unit ${old} fine`, author: ada }],
    comes: 'HEAD_MOVED',
  },
  {
    name: 'an override of a head that nobody saw',
    says: [{ body: '/override unit fine', author: ada, at: 5 }],
    comes: 'HEAD_NOT_PRESENTED',
  },
  // Later.
  { name: 'an edit that adds the command', says: [{ body: `fine\n\n${full}`, edited: 61 }], comes: 'COMMENT_EDITED' },
  { name: 'an edit by another writer', says: [{ body: full, edited: 300 }], comes: 'COMMENT_EDITED' },
  {
    name: 'an edit of the override’s reason',
    says: [{ body: '/override unit fine', author: ada, edited: 61 }],
    comes: 'COMMENT_EDITED',
  },
  {
    name: 'a deleted hold',
    says: [{ body: full }],
    timeline: { deletedAt: [at(90)] },
    comes: 'COMMENT_DELETED_AFTERWARDS',
  },
  {
    name: 'a hold deleted in the second of the approval',
    says: [{ body: full, at: 60 }],
    timeline: { deletedAt: [at(60)] },
    comes: 'COMMENT_DELETED_AFTERWARDS',
  },
  {
    name: 'a hold that was edited away',
    says: [{ body: 'never mind', author: sam, at: 50, edited: 90 }, { body: full }],
    comes: 'COMMENT_EDITED_AFTERWARDS',
  },
  {
    name: 'a revocation that was edited away',
    says: [{ body: 'thanks', author: ada, at: 50, edited: 90 }, { body: full }],
    comes: 'COMMENT_EDITED_AFTERWARDS',
  },
  { name: 'another base branch', says: [{ body: full }], timeline: { baseChangedAt: [at(90)] }, comes: 'BASE_CHANGED' },
  {
    name: 'another base branch, and back',
    says: [{ body: full }],
    timeline: { baseChangedAt: [at(90), at(95)] },
    comes: 'BASE_CHANGED',
  },
  {
    name: 'an override under another base',
    says: [{ body: '/override unit fine', author: ada }],
    timeline: { baseChangedAt: [at(90)] },
    comes: 'BASE_CHANGED',
  },
  {
    name: 'an override after which a comment was deleted',
    says: [{ body: '/override unit fine', author: ada }],
    timeline: { deletedAt: [at(90)] },
    comes: 'COMMENT_DELETED_AFTERWARDS',
  },
  {
    name: 'an old approval',
    says: [{ body: full }],
    policy: { acceptance: { ...policy.acceptance, expiresMs: 1_000 } },
    comes: 'APPROVAL_EXPIRED',
  },
  // What is approved.
  { name: 'a gate that is measured', says: [{ body: `${full} load` }], comes: 'GATE_NOT_APPROVABLE' },
  { name: 'readiness itself', says: [{ body: `${full} readiness` }], comes: 'GATE_NOT_APPROVABLE' },
  {
    name: 'a gate of the object’s own',
    says: [{ body: '/override constructor fine', author: ada }],
    comes: 'GATE_UNKNOWN',
  },
  {
    name: 'acceptance by an override',
    says: [{ body: '/override acceptance fine', author: ada }],
    comes: 'GATE_NOT_OVERRIDABLE',
  },
  { name: 'a reason of blanks', says: [{ body: '/override unit   ', author: ada }], comes: 'COMMAND_MALFORMED' },
  {
    name: 'a hold that somebody else ends',
    says: [{ body: '/hold', author: sam, at: 50 }, { body: '/unhold' }],
    comes: 'NO_HOLD_OF_YOURS',
  },
  {
    name: 'a hold that an edited comment ends',
    says: [
      { body: '/hold', author: sam, at: 50 },
      { body: '/unhold', author: sam, edited: 61 },
    ],
    comes: 'COMMENT_EDITED',
  },
]
