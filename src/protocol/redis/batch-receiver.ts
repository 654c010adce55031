import { fault } from '../../core/index.ts'
import type { ReceiveRequest, ReceiveResult } from '../bus.ts'
import { parseReceived, parseReplies } from './replies.ts'

interface Waiting {
  readonly request: ReceiveRequest
  readonly resolve: (result: ReceiveResult) => void
  readonly reject: (error: unknown) => void
}

/** Inboxes of one call: Redis serves nobody else meanwhile. */
const batchInboxes = 50

/**
 * Puts the receives of one tick into one server-side call each {@link batchInboxes}: a process that serves many inboxes
 * is woken for many of them at once, and a call of its own for each costs more than what it does.
 */
export function createBatchReceiver(
  callAll: (requests: readonly ReceiveRequest[]) => Promise<unknown>,
): (request: ReceiveRequest) => Promise<ReceiveResult> {
  let waiting: Waiting[] = []

  const receiveBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const replies = parseReplies(await callAll(batch.map(({ request }) => request)))
      for (const [index, { request, resolve, reject }] of batch.entries()) {
        try {
          if (index >= replies.length) throw fault('HIVE_PROTOCOL_REDIS', { problem: 'an inbox was not answered for' })
          resolve(parseReceived(replies[index], request.consumer))
        } catch (error) {
          reject(error)
        }
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
  const flush = (): void => {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += batchInboxes) void receiveBatch(all.slice(at, at + batchInboxes))
  }
  return (request) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ request, resolve, reject })
    })
}
