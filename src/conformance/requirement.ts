import { type Clock, hashOf, type Ids } from '../core/index.ts'
import type {
  Delivery,
  DeliveryInstructions,
  OutgoingMessage,
  RedisBus,
  RedisBusOptions,
  Settlement,
} from '../protocol/index.ts'

/** One numbered promise of the protocol and how to see whether an implementation keeps it. */
export interface Requirement {
  readonly id: string
  readonly level: 'MUST' | 'SHOULD'
  readonly title: string
  /**
   * @returns what was seen, for the report
   * @throws Broken when the promise is not kept; anything else means that it could not be tried
   */
  readonly check: (trial: Trial) => Promise<string>
}

/** What a check works with: a team of its own on the server under test. */
export interface Trial {
  readonly ids: Ids
  readonly clock: Clock
  readonly signal: AbortSignal
  /** The short time after which a silent consumer counts as dead here, and how often a message is tried. */
  readonly claimIdleMs: number
  readonly maxDeliveries: number
  /** Key of an inbox of this team, to break it. */
  readonly inboxKey: (agent: string) => string
  /** Another process of the team: connections of its own, closed after the check. */
  readonly connect: (options?: Pick<RedisBusOptions, 'maxInboxDepth' | 'claimIdleMs'>) => Promise<RedisBus>
}

/** The promise is not kept. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/** Stops the check as not kept unless the condition holds. */
export function expectThat(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Broken(otherwise)
}

/** A message with a valid envelope whose data is `content`. */
export function messageOf(parts: {
  readonly id: string
  readonly content?: unknown
  readonly source?: string
  readonly recipients?: readonly string[]
  readonly instructions?: DeliveryInstructions
}): OutgoingMessage {
  const { id, content = id, source = 'sender', recipients = ['reader'], instructions } = parts
  const event = {
    specversion: '1.0',
    id,
    source,
    type: 'hive.request',
    recipient: recipients.length === 1 ? recipients[0] : '*',
    data: content,
  }
  return {
    source,
    id,
    hash: hashOf(event).slice(0, 32),
    event: JSON.stringify(event),
    recipients,
    ...(instructions === undefined ? {} : { instructions }),
  }
}

export function done(deliveries: readonly Delivery[]): readonly Settlement[] {
  return deliveries.map(({ token }) => ({ token, outcome: 'done' }))
}

/** The ids of the delivered messages, in the order of delivery. */
export function idsOf(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.map(({ event }) => String((JSON.parse(event) as { readonly id: unknown }).id))
}

/** A claim idle time that no check outlasts: what is taken over under it was taken too early, or handed back. */
export const longIdle = { claimIdleMs: 3_600_000 } as const

/** Waits until the server's idle time of a delivery is certainly past the claim idle time. */
export async function outlastClaimIdle(trial: Trial): Promise<void> {
  await trial.clock.sleep(trial.claimIdleMs + 30, trial.signal)
}
