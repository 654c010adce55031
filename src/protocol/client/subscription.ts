import { type Clock, type Ids, isHiveError, sha256 } from '../../core/index.ts'
import type { Delivery, ReceiveResult, Settlement } from '../bus.ts'
import { decodeEvent } from '../codec.ts'
import type { HiveEvent } from '../envelope.ts'
import { defaults } from '../limits.ts'
import type { RedisBus } from '../redis/redis-bus.ts'
import { type Backoff, defaultBackoff, pauseAfter } from './backoff.ts'
import type { Draft, PublishReceipt } from './connect.ts'

/** What a handler knows beside the event. */
export interface Work {
  /** 1 for the first try. */
  readonly attempt: number
  /** Answers the sender; where an earlier try has answered, that answer stands. */
  readonly reply: (data: unknown) => Promise<PublishReceipt>
}

/**
 * Works on one message. When it returns, the message is settled; when it throws, it is tried again after a pause, and
 * becomes a dead letter after the last try; `'reject'` makes it one at once. It may be called twice for one message:
 * an effect on the outside world remembers the event's source and id.
 */
export type Handler = (event: HiveEvent, work: Work) => Promise<void | 'reject'> | void | 'reject'

export interface SubscribeOptions {
  /** Messages that are worked on at once. 1, the default, keeps their order. */
  readonly concurrency?: number
  readonly backoff?: Partial<Backoff>
  /** Hears of failed tries and of a Redis that is away; nothing is lost by either. */
  readonly onProblem?: (error: unknown) => void
}

export interface Subscription {
  /** Takes nothing new, lets handlers finish, settles, and hands back the rest. */
  readonly close: () => Promise<void>
}

interface SubscriptionParts extends SubscribeOptions {
  readonly bus: RedisBus
  readonly agent: string
  readonly publish: (to: string, draft: Draft) => Promise<PublishReceipt>
  readonly clock: Clock
  readonly ids: Ids
  readonly claimIdleMs: number | undefined
}

/** Without a bell, what was missed is found after so long. */
const recheckMs = 2_000
const pauseWhileAwayMs = 200

/**
 * Reads one inbox until it is closed. One loop settles, prolongs what is being worked on, takes over what others left
 * and reads what is new, in one call each time; a lost answer of Redis is made up for by reading the own entries again.
 */
export function startSubscription(handler: Handler, parts: SubscriptionParts): Subscription {
  const { bus, agent, clock, concurrency = 1, claimIdleMs = defaults.claimIdleMs, onProblem = () => {} } = parts
  const consumer = `client-${parts.ids.short(12)}`
  const backoff = { ...defaultBackoff, ...parts.backoff }
  const held = new Map<string, Delivery>()
  let outcomes: Settlement[] = []
  let [readOwn, closed, rung] = [false, false, true]
  let keptAtMs = Number.NEGATIVE_INFINITY
  let wake = (): void => {}
  const ring = (): void => {
    rung = true
    wake()
  }
  const silence = bus.onBell((agents) => {
    if (agents === undefined) readOwn = true
    if (agents === undefined || agents.includes(agent)) ring()
  })

  const work = async (delivery: Delivery): Promise<void> => {
    const outcome = await outcomeOf(handler, delivery, { ...parts, backoff, onProblem })
    outcomes.push({ token: delivery.token, outcome })
    held.delete(delivery.token.entry)
    ring()
  }

  const turn = async (): Promise<ReceiveResult> => {
    const now = clock.monotonicMs()
    const keep = now - keptAtMs >= claimIdleMs / 3
    const own = readOwn
    const sent = outcomes
    outcomes = []
    const extended = keep ? [...held.values()].map(({ token }) => ({ token, outcome: 'extend' as const })) : []
    const max = closed ? 0 : Math.max(0, concurrency - held.size) + (own ? held.size : 0)
    try {
      const settle = [...sent, ...extended]
      const result = await bus.receive({
        agent,
        consumer,
        max,
        settle,
        reclaim: keep,
        ...(own ? { ownFrom: '-' } : {}),
      })
      if (keep) keptAtMs = now
      if (own) readOwn = false
      for (const delivery of result.deliveries) {
        if (held.has(delivery.token.entry)) continue
        held.set(delivery.token.entry, delivery)
        void work(delivery)
      }
      return result
    } catch (error) {
      // Settling twice is refused the second time, so what is uncertain is simply sent again.
      outcomes = [...sent, ...outcomes]
      readOwn = true
      throw error
    }
  }

  const rest = async (ms: number): Promise<void> => {
    if (rung) return
    const woken = new AbortController()
    wake = () => woken.abort('bell')
    await clock.sleep(ms, woken.signal).catch(() => {})
  }

  const isOver = (): boolean => closed && held.size === 0 && outcomes.length === 0

  const loop = async (): Promise<void> => {
    while (!isOver()) {
      rung = false
      try {
        const { deliveries, dueInMs = recheckMs } = await turn()
        if (deliveries.length === 0) await rest(Math.max(1, Math.min(recheckMs, claimIdleMs / 3, dueInMs)))
        else if (held.size >= concurrency) await rest(claimIdleMs / 3)
      } catch (error) {
        onProblem(error)
        if (closed && held.size === 0) return
        await clock.sleep(pauseWhileAwayMs)
      }
    }
  }
  const ended = loop()

  return {
    close: async () => {
      closed = true
      ring()
      await ended
      silence()
      await bus.leave({ agent, consumer }).catch(onProblem)
    },
  }
}

async function outcomeOf(
  handler: Handler,
  { event: text, attempt }: Delivery,
  parts: Pick<SubscriptionParts, 'publish'> & {
    readonly backoff: Backoff
    readonly onProblem: (error: unknown) => void
  },
): Promise<Settlement['outcome']> {
  let event: HiveEvent
  try {
    event = decodeEvent(text)
  } catch (error) {
    // No try makes an event of it.
    parts.onProblem(error)
    return 'reject'
  }
  const reply = async (data: unknown): Promise<PublishReceipt> => {
    const { source, correlationid } = event
    // The same at every try, and another for another asker's request of the same id.
    const id = `re:${sha256(`${source} ${event.id}`).slice(0, 32)}`
    const conversation = correlationid === undefined ? {} : { correlationid }
    try {
      return await parts.publish(source, { type: 'hive.reply', id, causationid: event.id, ...conversation, data })
    } catch (error) {
      // An earlier try has answered otherwise: the first answer stands.
      if (isHiveError(error) && error.code === 'HIVE_MESSAGE_ID_REUSED') return { id, duplicate: true }
      throw error
    }
  }
  try {
    return (await handler(event, { attempt, reply })) === 'reject' ? 'reject' : 'done'
  } catch (error) {
    parts.onProblem(error)
    return { retryInMs: pauseAfter(attempt, parts.backoff) }
  }
}
