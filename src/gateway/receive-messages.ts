import * as z from 'zod/mini'
import { fault } from '../core/index.ts'
import { type DeliveryToken, formatToken, limits, parseToken } from '../protocol/index.ts'
import type { Inboxes } from './inboxes.ts'

const tokenText = z.string().check(z.maxLength(200))

const requestSchema = z.strictObject({
  /** Most messages to return; 0 only settles. */
  max: z.optional(z.int().check(z.gte(0), z.lte(limits.receiveBatch))),
  /** How long to wait for the first one. */
  waitMs: z.optional(z.int().check(z.gte(0), z.lte(30_000))),
  /** Tokens of messages that were processed. */
  ack: z.optional(z.array(tokenText).check(z.maxLength(limits.receiveBatch))),
  /** Tokens of messages that can never be processed: they go to the dead letters. */
  reject: z.optional(z.array(tokenText).check(z.maxLength(limits.receiveBatch))),
})

/**
 * Settles and receives for one agent, and writes the answer as JSON text:
 * `{messages: [{token, event}], acked, stale: [tokens]}`. Events are spliced in as they were accepted.
 */
export async function receiveMessages(
  inboxes: Inboxes,
  { agent, body, signal }: { readonly agent: string; readonly body: unknown; readonly signal: AbortSignal },
): Promise<string> {
  const parsed = requestSchema.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw fault('HIVE_GATEWAY_REQUEST', { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` })
  }
  const { max = 100, waitMs = 0, ack = [], reject = [] } = parsed.data
  const settle = [
    ...ack.map((text) => ({ token: readToken(text), outcome: 'done' as const })),
    ...reject.map((text) => ({ token: readToken(text), outcome: 'reject' as const })),
  ]
  const answer = await inboxes.receive({ agent, max, waitMs, settle, signal })
  const messages = answer.deliveries.map(({ token, event }) => `{"token":"${formatToken(token)}","event":${event}}`)
  const texts = [...ack, ...reject]
  const stale = texts.filter((_text, index) => answer.settled[index] !== true)
  const acked = answer.settled.filter(Boolean).length
  return `{"messages":[${messages.join(',')}],"acked":${acked},"stale":${JSON.stringify(stale)}}`
}

function readToken(text: string): DeliveryToken {
  const token = parseToken(text)
  if (token === undefined) throw fault('HIVE_GATEWAY_REQUEST', { problem: 'ack or reject holds what is no token' })
  return token
}
