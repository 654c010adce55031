import { type Clock, fault } from '../core/index.ts'
import { contentHash, encodeEvent, everyone, type HiveEvent, parseEvent, type RedisBus } from '../protocol/index.ts'
import type { BatchWriter, StoreOutcome } from '../store/index.ts'
import type { Counters } from './counters.ts'
import type { GatewayTuning } from './options.ts'
import type { Publisher } from './publisher.ts'
import type { Authenticator } from './tokens.ts'

export interface SenderParts {
  readonly writer: BatchWriter
  readonly publisher: Publisher
  readonly bus: RedisBus
  readonly directory: Authenticator
  readonly counters: Counters
  readonly clock: Clock
  readonly tuning: GatewayTuning
}

/** What a sender gets: the message is committed in the archive, and nothing that happens later loses it. */
interface Receipt {
  readonly id: string
  readonly receipt: 'archive'
  /** Place in the archive of the team, ascending, with gaps. */
  readonly sequence: number
  /** Present and true when the same message had been accepted before. */
  readonly duplicate?: true
  /** Messages in the recipient's inbox when something was last put into it. */
  readonly inboxDepth?: number
}

/** Refuses before the body is read what could not be stored and published now. */
export function admitSend(parts: SenderParts): void {
  if (!parts.bus.isReady()) throw fault('HIVE_PROTOCOL_REDIS', { problem: 'the connection is down' })
  const queued = parts.writer.queued()
  const { maxQueued } = parts.tuning
  if (queued >= maxQueued) throw fault('HIVE_GATEWAY_BUSY', { queued, limit: maxQueued })
}

/**
 * Accepts one message of an authenticated agent and resolves after its commit.
 *
 * @param body the parsed JSON of the request
 * @throws the codes that `http-reply.ts` gives a status
 */
export async function sendMessage(
  parts: SenderParts,
  { agent, body }: { agent: string; body: unknown },
): Promise<Receipt> {
  const { counters, publisher } = parts
  checkSource(body, agent)
  const received = parseEvent(body, { source: agent })
  const now = parts.clock.now()
  if (received.expirytime !== undefined && Date.parse(received.expirytime) <= now.getTime()) {
    throw fault('HIVE_MESSAGE_EXPIRED', { expirytime: received.expirytime })
  }
  const { recipient } = received
  if (recipient !== everyone && !parts.directory.has(recipient)) throw fault('HIVE_RECIPIENT_UNKNOWN', { recipient })
  await refuseFullInbox(parts, recipient)

  const hash = contentHash(received)
  const event = encodeEvent(received.time === undefined ? withTime(received, now) : received)
  const { id, type } = received
  const outcome = await parts.writer.write({ source: agent, id, type, recipient, hash, event })
  if (outcome.kind === 'conflict') throw fault('HIVE_MESSAGE_ID_REUSED', { source: agent, id })
  counters.acknowledged += 1
  counters[outcome.kind === 'stored' ? 'stored' : 'duplicates'] += 1
  return receiptOf(id, outcome, { depth: publisher.depthOf(recipient) })
}

/** The gateway's clock says when a message was sent whose sender did not. */
function withTime(event: HiveEvent, now: Date): HiveEvent {
  return Object.assign({}, event, { time: now.toISOString() })
}

function receiptOf(
  id: string,
  outcome: StoreOutcome & { readonly seq: string },
  { depth }: { readonly depth: number | undefined },
): Receipt {
  return {
    id,
    receipt: 'archive',
    sequence: Number(outcome.seq),
    ...(outcome.kind === 'duplicate' ? { duplicate: true } : {}),
    ...(depth === undefined ? {} : { inboxDepth: depth }),
  }
}

/** The known depth is from the last publish: the recipient may have read since. */
async function refuseFullInbox({ publisher, bus, tuning }: SenderParts, recipient: string): Promise<void> {
  const known = publisher.depthOf(recipient) ?? 0
  if (publisher.isHeld(recipient)) throw fault('HIVE_INBOX_FULL', { recipient, depth: known })
  if (known < tuning.maxInboxDepth) return
  const depth = await bus.depth(recipient)
  if (depth >= tuning.maxInboxDepth) throw fault('HIVE_INBOX_FULL', { recipient, depth })
}

function checkSource(body: unknown, agent: string): void {
  if (body === null || typeof body !== 'object' || !('source' in body)) return
  const { source } = body
  if (source !== agent) {
    throw fault('HIVE_GATEWAY_FORBIDDEN', { agent, wanted: String(source).slice(0, 100) })
  }
}
