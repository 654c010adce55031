export type Role = 'product' | 'strategic' | 'admin'

/** The part of hive.yml of the default branch that approvals are judged by. */
export interface ApprovalPolicy {
  /** False where hive.yml has no gate `acceptance`, or skips it. */
  readonly hasAcceptance: boolean
  /** Ids of the gates of hive.yml. */
  readonly gates: readonly string[]
  /** Numeric user ids. */
  readonly roles: Readonly<Record<Role, readonly number[]>>
  readonly roleNames: Readonly<Record<Role, readonly string[]>>
  readonly agents: readonly { readonly accounts: readonly number[]; readonly operator?: number }[]
  /** Ids of Apps (`name[bot]#id`) that hive.yml names itself: their comments are their own. */
  readonly listedApps: readonly number[]
  readonly acceptance: {
    readonly role: Role
    readonly quorum: number
    readonly expiresMs?: number
    readonly requireSha: boolean
    readonly allowSelfApproval: boolean
    readonly checklist: readonly string[]
  }
  /** Of the acceptance rules alone, so that an edited estimate voids nothing. */
  readonly hash: string
}
