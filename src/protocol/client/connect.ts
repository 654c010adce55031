import { type Clock, fault, type Ids, systemClock, systemIds } from '../../core/index.ts'
import type { OutgoingMessage } from '../bus.ts'
import { contentHash, encodeEvent, parseEvent } from '../codec.ts'
import { everyone, type HiveEvent } from '../envelope.ts'
import { instructionsOf } from '../instructions.ts'
import type { MessageType } from '../message-types.ts'
import { connectRedisBus } from '../redis/redis-bus.ts'
import { createBatchPublisher } from './batch-publisher.ts'
import { awaitAnswer, type RequestOutcome } from './request.ts'
import { type Handler, startSubscription, type SubscribeOptions, type Subscription } from './subscription.ts'

export interface ConnectOptions {
  /** `redis://…` or `rediss://…` */
  readonly redis: string
  /** Who speaks and listens here. */
  readonly agent: string
  /** Default `main`. */
  readonly team?: string
  /** After this silence a consumer counts as dead. Default 15 s. */
  readonly claimIdleMs?: number
  /** Tries of one message before it is a dead letter. Default 5. */
  readonly maxDeliveries?: number
  readonly clock?: Clock
  readonly ids?: Ids
}

/** A message as an agent writes it; `source`, `id` and `time` are filled in. */
export interface Draft {
  readonly type: MessageType
  readonly data?: unknown
  /** Names the message, so that it can be sent again safely. */
  readonly id?: string
  readonly correlationid?: string
  readonly causationid?: string
  /** Not delivered before. */
  readonly notBefore?: Date
  /** Not delivered after: it goes to the dead letters. */
  readonly expires?: Date
  /** Replaces what still waits of this agent under the same key. */
  readonly supersedeKey?: string
  readonly traceparent?: string
}

export interface PublishReceipt {
  readonly id: string
  /** True where the same message had been published before. */
  readonly duplicate: boolean
  /** Messages in the fullest inbox that it went to; absent for a repetition. */
  readonly inboxDepth?: number
}

/** One agent's way into the messages of its team: two connections, however much it sends and hears. */
export interface AgentConnection extends AsyncDisposable {
  /** @throws HIVE_MESSAGE_INVALID, HIVE_MESSAGE_TOO_LARGE, HIVE_MESSAGE_ID_REUSED, HIVE_INBOX_FULL, HIVE_PROTOCOL_REDIS */
  readonly publish: (to: string | readonly string[], draft: Draft) => Promise<PublishReceipt>
  /** Calls `handler` for every message to this agent, until the subscription or the connection is closed. */
  readonly subscribe: (handler: Handler, options?: SubscribeOptions) => Subscription
  /**
   * Publishes a request and waits for what becomes of it. Called again with the same id, also by another process after
   * a restart and up to an hour later, it goes on waiting for the same answer instead of asking twice.
   */
  readonly request: (to: string, draft: RequestDraft) => Promise<RequestOutcome>
  /** Lets handlers finish, settles, hands back what had not begun, and closes. */
  readonly close: () => Promise<void>
}

export interface RequestDraft extends Omit<Draft, 'type'> {
  readonly id: string
  /** Default 30 s. */
  readonly timeoutMs?: number
}

/** Connects an agent to its team. @throws HIVE_PROTOCOL_REDIS, HIVE_REDIS_TOO_OLD */
export async function connect(options: ConnectOptions): Promise<AgentConnection> {
  const { agent, clock = systemClock, ids = systemIds, redis, team = 'main', claimIdleMs, maxDeliveries } = options
  const bus = await connectRedisBus({
    redisUrl: redis,
    team,
    ...(claimIdleMs === undefined ? {} : { claimIdleMs }),
    ...(maxDeliveries === undefined ? {} : { maxDeliveries }),
  })
  const publishOne = createBatchPublisher(bus)
  const subscriptions = new Set<Subscription>()

  const send = async (
    recipients: readonly string[],
    { event, awaitsAnswer }: { readonly event: HiveEvent; readonly awaitsAnswer: boolean },
  ): Promise<PublishReceipt> => {
    const { source, id } = event
    const outcome = await publishOne(outgoing(event, recipients, { awaitsAnswer }))
    switch (outcome.kind) {
      case 'published':
        return { id, duplicate: false, inboxDepth: outcome.depth }
      case 'duplicate':
        return { id, duplicate: true }
      case 'conflict':
        throw fault('HIVE_MESSAGE_ID_REUSED', { source, id })
      case 'full':
        throw fault('HIVE_INBOX_FULL', { recipient: recipients.join(', '), depth: outcome.depth })
      case 'failed':
        throw fault('HIVE_PROTOCOL_REDIS', { problem: outcome.problem })
    }
  }
  const publish: AgentConnection['publish'] = async (to, draft) => {
    const recipients = typeof to === 'string' ? [to] : [...new Set(to)]
    return await send(recipients, { event: eventOf(agent, recipients, { draft, clock, ids }), awaitsAnswer: false })
  }
  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((subscription) => subscription.close()))
    await bus.close()
  }

  return {
    publish,
    subscribe: (handler, extra = {}) => {
      const subscription = startSubscription(handler, { ...extra, bus, agent, publish, clock, ids, claimIdleMs })
      subscriptions.add(subscription)
      return subscription
    },
    request: async (to, { timeoutMs = 30_000, ...draft }) => {
      const event = eventOf(agent, [to], { draft: { ...draft, type: 'hive.request' }, clock, ids })
      const known = await bus.answer({ source: agent, id: draft.id })
      // An answer that is there needs no question, even where the id is older than the dedupe window.
      if (known.kind === 'unknown') await send([to], { event, awaitsAnswer: true })
      return await awaitAnswer({ source: agent, id: draft.id }, { bus, clock, timeoutMs })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function outgoing(
  event: HiveEvent,
  recipients: readonly string[],
  { awaitsAnswer }: { readonly awaitsAnswer: boolean },
): OutgoingMessage {
  const text = encodeEvent(event)
  const { source, id } = event
  const instructions = { ...instructionsOf(text), ...(awaitsAnswer ? { awaitsAnswer } : {}) }
  return { source, id, hash: contentHash(event), event: text, recipients, instructions }
}

/** Every recipient becomes part of a key, so each is checked as the recipient of an event. */
function eventOf(
  agent: string,
  recipients: readonly string[],
  { draft, clock, ids }: { readonly draft: Draft; readonly clock: Clock; readonly ids: Ids },
): HiveEvent {
  const { notBefore, expires, supersedeKey, id = ids.uuid(), ...rest } = draft
  const parts = {
    specversion: '1.0',
    ...rest,
    id,
    source: agent,
    time: clock.now().toISOString(),
    ...(notBefore === undefined ? {} : { notbefore: notBefore.toISOString() }),
    ...(expires === undefined ? {} : { expirytime: expires.toISOString() }),
    ...(supersedeKey === undefined ? {} : { supersedekey: supersedeKey }),
  }
  const [event] = recipients.map((recipient) => {
    if (recipient === everyone) {
      throw fault('HIVE_MESSAGE_INVALID', { path: 'recipient', problem: 'only a gateway knows everyone: name them' })
    }
    return parseEvent({ ...parts, recipient })
  })
  if (event === undefined) throw fault('HIVE_MESSAGE_INVALID', { path: 'recipient', problem: 'there is none' })
  return recipients.length > 1 ? parseEvent({ ...parts, recipient: everyone }) : event
}
