import type { DeliveryToken } from './delivery-token.ts'

/** One message on its way out: its envelope as text, and what deduplication needs to know of it. */
export interface OutgoingMessage {
  readonly source: string
  readonly id: string
  /** {@link contentHash} of the event. */
  readonly hash: string
  /** The event as JSON. */
  readonly event: string
  /** Agents, never `*`: whoever publishes knows who takes part. */
  readonly recipients: readonly string[]
  /** What of the event decides over its delivery; {@link instructionsOf} finds it. */
  readonly instructions?: DeliveryInstructions
}

export interface DeliveryInstructions {
  /** Not delivered before. Milliseconds since 1970, as all times here; the clock of Redis decides. */
  readonly notBeforeMs?: number
  /** Not delivered after: it goes to the dead letters. */
  readonly expiresAtMs?: number
  /** Replaces what waits of the same source under the same key. */
  readonly supersedeKey?: string
  /** A request whose sender awaits the answer. */
  readonly awaitsAnswer?: boolean
  /** Id of the request that this answers. */
  readonly answers?: string
}

export interface PublishOptions {
  /**
   * Puts a message whose id is taken by other content among the dead letters, once, instead of only saying so: for
   * messages whose senders have their receipts already.
   */
  readonly buryConflicts?: boolean
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly entries: readonly string[]; readonly depth: number }
  | { readonly kind: 'duplicate'; readonly entries: readonly string[] }
  /** The same id was published with other content. `buried`: dead letters that this call made of it. */
  | { readonly kind: 'conflict'; readonly buried: number }
  | { readonly kind: 'full'; readonly depth: number }
  | { readonly kind: 'failed'; readonly problem: string }

export interface Settlement {
  readonly token: DeliveryToken
  /**
   * `reject`: the message cannot be processed, now or ever; it goes to the dead letters at once. `extend`: it is still
   * being worked on. `retryInMs`: this try failed; another one after the pause, while tries are left.
   */
  readonly outcome: 'done' | 'reject' | 'extend' | { readonly retryInMs: number }
}

export interface Delivery {
  readonly token: DeliveryToken
  /** 1 for the first; failed tries and deliveries that ended in silence count alike. */
  readonly attempt: number
  readonly event: string
}

export interface ReceiveRequest {
  readonly agent: string
  /** Unique to one start of one process. */
  readonly consumer: string
  readonly max: number
  readonly settle?: readonly Settlement[]
  /** Also what this consumer had been given before and did not settle, from this entry on: `-` is the first. */
  readonly ownFrom?: string
  /** Also what other consumers left unsettled for the claim idle time. */
  readonly reclaim?: boolean
}

export interface ReceiveResult {
  readonly deliveries: readonly Delivery[]
  /** One for each settlement asked for: false where the fence was stale and nothing changed. */
  readonly settled: readonly boolean[]
  /** Messages that this call moved to the dead letters because their last try was used up. */
  readonly buried: number
  /** Until the next delayed message of the inbox is due. */
  readonly dueInMs?: number
}

/** What became of a request. `unknown`: none of this id awaits an answer (any more). */
export type AnswerState =
  | { readonly kind: 'unknown' | 'waiting' }
  | { readonly kind: 'answered'; readonly event: string }
  | { readonly kind: 'dead'; readonly reason: string }

export interface DeadLetter {
  readonly entry: string
  readonly agent: string
  readonly event: string
  readonly reason: string
  readonly deliveries: number
  /** Of the catalogue of errors, where one says why. */
  readonly code?: string
}

/** The message protocol, as producers and consumers use it. Every method throws HIVE_PROTOCOL_REDIS. */
export interface MessageBus {
  /** Up to 1,000 messages in one server-side call; outcomes are in the order of the messages. */
  readonly publish: (
    messages: readonly OutgoingMessage[],
    options?: PublishOptions,
  ) => Promise<readonly PublishOutcome[]>
  /** Settles, then reads. Never waits: {@link onBell} says when there may be something. */
  readonly receive: (request: ReceiveRequest) => Promise<ReceiveResult>
  /** Hands back what the consumer still holds, so that the next one need not wait, and forgets the consumer. */
  readonly leave: (inbox: { readonly agent: string; readonly consumer: string }) => Promise<number>
  readonly deadLetters: (range?: { readonly max?: number; readonly from?: string }) => Promise<readonly DeadLetter[]>
  /** Puts dead letters back into their inboxes, as new messages. @returns one a letter: false where it is gone */
  readonly replay: (entries: readonly string[]) => Promise<readonly boolean[]>
  /** Forgets dead letters for ever. @returns how many there were */
  readonly drop: (entries: readonly string[]) => Promise<number>
  readonly answer: (request: { readonly source: string; readonly id: string }) => Promise<AnswerState>
  readonly depth: (agent: string) => Promise<number>
  /** Calls back with the agents whose inboxes grew, and with undefined when some rings may have been missed. */
  readonly onBell: (listener: (agents: readonly string[] | undefined) => void) => () => void
  /** Calls back with every event that is published from now on, and consumes nothing. @returns what ends it */
  readonly watch: (listener: (event: string) => void) => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}
