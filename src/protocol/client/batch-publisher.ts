import { fault } from '../../core/index.ts'
import type { MessageBus, OutgoingMessage, PublishOutcome } from '../bus.ts'
import { limits } from '../limits.ts'

export type PublishOne = (message: OutgoingMessage) => Promise<PublishOutcome>

interface Waiting {
  readonly message: OutgoingMessage
  readonly resolve: (outcome: PublishOutcome) => void
  readonly reject: (error: unknown) => void
}

/** One full call: more would hold up Redis for others. */
const batchDeliveries = 5_000
/** Two calls: while Redis works on one, the next is written. */
const callsInFlight = 2

/**
 * Publishes what is sent in one tick, or while earlier calls are out, in one server-side call, and without a timer.
 * A call a message costs Redis three times as much.
 */
export function createBatchPublisher(bus: Pick<MessageBus, 'publish'>): PublishOne {
  let waiting: Waiting[] = []
  let inFlight = 0
  let scheduled = false

  const flush = async (): Promise<void> => {
    scheduled = false
    if (inFlight >= callsInFlight || waiting.length === 0) return
    const batch = takeBatch(waiting)
    waiting = waiting.slice(batch.length)
    inFlight += 1
    try {
      const outcomes = await bus.publish(batch.map(({ message }) => message))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index]
        if (outcome === undefined) reject(fault('HIVE_PROTOCOL_REDIS', { problem: 'publishing answered nothing' }))
        else resolve(outcome)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    inFlight -= 1
    schedule()
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => void flush())
  }
  return (message) =>
    new Promise((resolve, reject) => {
      waiting.push({ message, resolve, reject })
      schedule()
    })
}

function takeBatch(waiting: readonly Waiting[]): readonly Waiting[] {
  let deliveries = 0
  let count = 0
  for (const { message } of waiting) {
    deliveries += message.recipients.length
    if (count > 0 && (count >= limits.publishBatch || deliveries > batchDeliveries)) break
    count += 1
  }
  return waiting.slice(0, count)
}
