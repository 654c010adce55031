import type { Clock } from '../core/index.ts'
import type { Delivery, RedisBus, Settlement } from '../protocol/index.ts'
import type { Counters } from './counters.ts'
import type { GatewayTuning } from './options.ts'

interface InboxRequest {
  readonly agent: string
  readonly max: number
  readonly waitMs: number
  readonly settle: readonly Settlement[]
  /** Ends the wait: the agent hung up, or the gateway drains. */
  readonly signal: AbortSignal
}

interface InboxAnswer {
  readonly deliveries: readonly Delivery[]
  readonly settled: readonly boolean[]
}

export interface Inboxes {
  readonly receive: (request: InboxRequest) => Promise<InboxAnswer>
  readonly waiting: () => number
  /** Hands back what was given out and not settled, so that another gateway need not wait for it. */
  readonly leave: () => Promise<void>
}

export interface InboxesOptions {
  readonly bus: RedisBus
  /** Unique to this start of the gateway. */
  readonly consumer: string
  readonly counters: Counters
  readonly clock: Clock
  readonly tuning: GatewayTuning
}

interface Inbox {
  /** Entries that an agent was given and has not settled. */
  readonly handedOut: Set<string>
  /** A reply may have been lost on the way from Redis: look through this consumer's own pending entries. */
  readOwn: boolean
  reclaimedAtMs: number
  /** Rings so far: one that comes between a read and the wait after it must not be missed. */
  rings: number
  /** When the next delayed message is due. */
  dueAtMs: number
  readonly waiters: Set<() => void>
}

/** Looking for what others left behind costs a scan of the pending entries: at most so often an inbox. */
const reclaimEveryMs = 1_000
/** Entries that others settled or took over stay in the set; forgetting it only means that some are given twice. */
const handedOutLimit = 20_000

/** Serves all inboxes of the team over two connections: reads on demand, and waits for the doorbell in between. */
export function createInboxes(options: InboxesOptions): Inboxes {
  const { bus, consumer, counters, clock, tuning } = options
  const inboxes = new Map<string, Inbox>()
  const inboxOf = (agent: string): Inbox => {
    const known = inboxes.get(agent)
    if (known !== undefined) return known
    const inbox: Inbox = {
      handedOut: new Set(),
      readOwn: false,
      reclaimedAtMs: Number.NEGATIVE_INFINITY,
      rings: 0,
      dueAtMs: Number.POSITIVE_INFINITY,
      waiters: new Set(),
    }
    inboxes.set(agent, inbox)
    return inbox
  }
  const wake = (inbox: Inbox): void => {
    inbox.rings += 1
    for (const waiter of inbox.waiters) waiter()
  }
  bus.onBell((agents) => {
    if (agents === undefined) for (const inbox of inboxes.values()) wake(inbox)
    else for (const agent of agents) wake(inboxOf(agent))
  })
  bus.onReconnect(() => {
    for (const inbox of inboxes.values()) inbox.readOwn = true
  })

  const read = async (inbox: Inbox, request: InboxRequest, settle: readonly Settlement[]): Promise<InboxAnswer> => {
    const now = clock.monotonicMs()
    const reclaim = now - inbox.reclaimedAtMs >= Math.min(reclaimEveryMs, tuning.claimIdleMs)
    if (reclaim) inbox.reclaimedAtMs = now
    const { agent, max } = request
    const recovered = inbox.readOwn ? await readOwn(inbox, { agent, max }) : []
    try {
      const result = await bus.receive({ agent, consumer, max: max - recovered.length, settle, reclaim })
      for (const [index, { token }] of settle.entries()) {
        if (result.settled[index] === true) inbox.handedOut.delete(token.entry)
      }
      counters.deadLettered += result.buried
      inbox.dueAtMs = clock.monotonicMs() + (result.dueInMs ?? Number.POSITIVE_INFINITY)
      const deliveries = [...recovered, ...result.deliveries]
      if (inbox.handedOut.size > handedOutLimit) inbox.handedOut.clear()
      for (const { token } of deliveries) inbox.handedOut.add(token.entry)
      return { deliveries, settled: result.settled }
    } catch (error) {
      inbox.readOwn = true
      throw error
    }
  }

  /** What is pending for this consumer but was never given to the agent, because a reply of Redis was lost. */
  const readOwn = async (
    inbox: Inbox,
    { agent, max }: { agent: string; max: number },
  ): Promise<readonly Delivery[]> => {
    const found: Delivery[] = []
    let from = '-'
    for (;;) {
      const { deliveries } = await bus.receive({ agent, consumer, max: 100, ownFrom: from })
      // New entries come after the own ones in the reply; both were not handed out.
      found.push(...deliveries.filter(({ token }) => !inbox.handedOut.has(token.entry)))
      if (found.length >= max) return found.slice(0, max)
      const last = deliveries.at(-1)
      if (last === undefined || deliveries.length < 100) {
        inbox.readOwn = false
        return found
      }
      from = `(${last.token.entry}`
    }
  }

  /** Until the bell rings, the time is over or the signal is aborted. */
  const wait = (inbox: Inbox, ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const stop = new AbortController()
      const done = (): void => {
        inbox.waiters.delete(done)
        signal.removeEventListener('abort', done)
        stop.abort('woken')
        resolve()
      }
      inbox.waiters.add(done)
      signal.addEventListener('abort', done)
      void clock
        .sleep(Math.min(ms, tuning.recheckMs, Math.max(1, inbox.dueAtMs - clock.monotonicMs())), stop.signal)
        .catch(() => {})
        .finally(done)
    })

  return {
    waiting: () => [...inboxes.values()].reduce((sum, inbox) => sum + inbox.waiters.size, 0),
    receive: async (request) => {
      const inbox = inboxOf(request.agent)
      const until = clock.monotonicMs() + request.waitMs
      let heard = inbox.rings
      let answer = await read(inbox, request, request.settle)
      const { settled } = answer
      counters.settled += settled.filter(Boolean).length
      counters.staleSettlements += settled.filter((flag) => !flag).length
      while (answer.deliveries.length === 0 && request.max > 0 && !request.signal.aborted) {
        const left = until - clock.monotonicMs()
        if (left <= 0) break
        if (inbox.rings === heard) await wait(inbox, left, request.signal)
        if (request.signal.aborted) break
        heard = inbox.rings
        answer = await read(inbox, request, [])
      }
      counters.delivered += answer.deliveries.length
      return { deliveries: answer.deliveries, settled }
    },
    leave: async () => {
      for (const agent of inboxes.keys()) await bus.leave({ agent, consumer }).catch(() => {})
    },
  }
}
