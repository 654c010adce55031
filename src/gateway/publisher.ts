import type { Clock } from '../core/index.ts'
import { instructionsOf, type MessageBus, type OutgoingMessage } from '../protocol/index.ts'
import type { Outbox, OutboxRow } from '../store/index.ts'
import type { Counters } from './counters.ts'

export interface PublisherOptions {
  readonly bus: MessageBus
  readonly outbox: Outbox
  /** Whom `*` means. */
  readonly agents: readonly string[]
  readonly counters: Counters
  readonly clock: Clock
  readonly log: (line: string) => void
}

export interface Publisher {
  /** Takes what was just committed; it is in Redis a moment later, in this order. */
  readonly enqueue: (rows: readonly OutboxRow[]) => void
  /** Publishes rows now. @returns the seqs that are in Redis. @throws HIVE_PROTOCOL_REDIS */
  readonly publishNow: (rows: readonly OutboxRow[]) => Promise<readonly string[]>
  readonly backlog: () => number
  /**
   * True while a message of this recipient stands in the outbox because its inbox was full: what comes later may not
   * overtake it.
   */
  readonly isHeld: (recipient: string) => boolean
  /** Before a sweep, the moment up to which {@link release} may let recipients go; undefined where none is held. */
  readonly heldMark: () => number | undefined
  /** After a sweep that left nothing behind. */
  readonly release: (mark: number) => void
  /** Messages in an inbox when something was last put into it. */
  readonly depthOf: (agent: string) => number | undefined
  /** Resolves when nothing waits, or when `signal` gives up; what is left stays in the outbox. */
  readonly flush: (signal: AbortSignal) => Promise<void>
}

const batchRows = 500
/** One full call: more would hold up Redis for others. */
const batchDeliveries = 5_000
const retryMs = 100

/**
 * Publishes committed rows one batch after the other, so that the order of the archive is the order of every inbox.
 * While Redis is away it keeps the order and tries again; the outbox keeps what a crash takes from it.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { bus, counters, clock } = options
  let queue: OutboxRow[] = []
  let current = 0
  let running = false
  let marks: string[] = []
  let marking = false
  let complained = false
  const depths = new Map<string, number>()
  /** Recipient → when it was held last, in holds since the start. */
  const held = new Map<string, number>()
  let holds = 0
  let idle: (() => void)[] = []

  const publishNow = async (rows: readonly OutboxRow[]): Promise<readonly string[]> => {
    const messages = rows.map((row) => toMessage(row, options.agents))
    const outcomes = await bus.publish(messages, { buryConflicts: true })
    const seqs: string[] = []
    for (const [index, row] of rows.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) continue
      if (outcome.kind === 'published') {
        counters.published += 1
        depths.set(row.recipient, outcome.depth)
      }
      if (outcome.kind === 'full') depths.set(row.recipient, outcome.depth)
      if (outcome.kind === 'full' || outcome.kind === 'failed') hold(row.recipient)
      if (outcome.kind === 'failed') options.log(`message ${row.seq} stays in the outbox: ${outcome.problem}`)
      // Redis knows the id with other content, published past this archive. The sender has a receipt: nothing is lost.
      if (outcome.kind === 'conflict') {
        counters.deadLettered += outcome.buried
        options.log(`message ${row.seq} is among the dead letters: its id was published elsewhere with other content`)
      }
      if (outcome.kind !== 'full' && outcome.kind !== 'failed') seqs.push(row.seq)
    }
    return seqs
  }

  const hold = (recipient: string): void => {
    holds += 1
    held.set(recipient, holds)
  }

  /** Rows of held recipients stay in the outbox, where the sweeper takes them in their turn. */
  const withoutHeld = (rows: readonly OutboxRow[]): readonly OutboxRow[] => {
    if (held.size === 0) return rows
    return rows.filter(({ recipient }) => {
      if (!held.has(recipient)) return true
      hold(recipient)
      return false
    })
  }

  /** Marks are collected while the last one runs, as the writer collects rows. */
  const mark = async (): Promise<void> => {
    marking = true
    while (marks.length > 0) {
      const seqs = marks
      marks = []
      // An unmarked row is published again by the sweeper and dropped as a duplicate.
      await options.outbox.markPublished(seqs).catch((error: unknown) => options.log(describe(error)))
    }
    marking = false
    settleIdle()
  }

  const run = async (): Promise<void> => {
    running = true
    while (queue.length > 0) {
      const batch = takeBatch(queue, options.agents.length)
      current = batch.length
      try {
        const published = await publishNow(withoutHeld(batch))
        queue = queue.slice(batch.length)
        complained = false
        marks.push(...published)
        if (!marking) void mark()
      } catch (error) {
        if (!complained) options.log(`publishing waits: ${describe(error)}`)
        complained = true
        await clock.sleep(retryMs)
      }
      current = 0
    }
    running = false
    settleIdle()
  }

  const settleIdle = (): void => {
    if (running || marking || queue.length > 0) return
    for (const resolve of idle) resolve()
    idle = []
  }

  return {
    enqueue: (rows) => {
      if (rows.length === 0) return
      queue.push(...rows)
      if (!running) void run()
    },
    publishNow,
    backlog: () => Math.max(queue.length, current),
    isHeld: (recipient) => held.has(recipient),
    heldMark: () => (held.size === 0 ? undefined : holds),
    release: (upTo) => {
      for (const [recipient, since] of held) if (since <= upTo) held.delete(recipient)
    },
    depthOf: (agent) => depths.get(agent),
    flush: (signal) =>
      new Promise((resolve) => {
        idle.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
        settleIdle()
      }),
  }
}

function toMessage(row: OutboxRow, agents: readonly string[]): OutgoingMessage {
  const instructions = instructionsOf(row.event)
  return {
    source: row.source,
    id: row.id,
    hash: row.hash,
    event: row.event,
    recipients: row.recipient === '*' ? agents.filter((agent) => agent !== row.source) : [row.recipient],
    ...(instructions === undefined ? {} : { instructions }),
  }
}

function takeBatch(queue: readonly OutboxRow[], everyone: number): readonly OutboxRow[] {
  let deliveries = 0
  let count = 0
  for (const row of queue) {
    deliveries += row.recipient === '*' ? everyone : 1
    if (count > 0 && (count >= batchRows || deliveries > batchDeliveries)) break
    count += 1
  }
  return queue.slice(0, count)
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
