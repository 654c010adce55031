import type { TimelineFacts } from './facts.ts'

/** The pull request as approvals see it. */
export interface ApprovalSubject {
  readonly headSha: string
  /** Since when the sticky comment presents this head; absent where it does not. */
  readonly presentedAt?: string
  /** Everyone behind the change: author of the pull request, contributors of its commits, pusher of the head. */
  readonly behind: readonly number[]
  readonly unknownIdentities: readonly string[]
  readonly changesComplete: boolean
  readonly pusherKnown: boolean
  readonly timeline: TimelineFacts
  /** The last gates run of this head that was seen. */
  readonly run?: number
  /** Hash of the acceptance rules with which each approval was accepted before, by comment. */
  readonly acceptedUnder: ReadonlyMap<number, string>
  /** Hash of the gate definitions of the head that an admin may accept; absent where they are not weaker. */
  readonly weakerDefinitions?: string
  /** Comment that is to be answered, whoever wrote it; those of people without a role are not read otherwise. */
  readonly answering?: number
  readonly now: Date
}
