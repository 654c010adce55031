import { type Clock, fault, type Ids } from '../core/index.ts'
import { contentHash, encodeEvent, lintRedis, parseEvent, parseJson, readRedisFacts } from '../protocol/index.ts'
import { openTeamBus, type TeamRequest } from './team-bus.ts'

/** `hive send` as it was typed. */
export interface SendRequest extends TeamRequest {
  readonly from: string
  readonly to: readonly string[]
  readonly type: string
  /** Becomes `data.text`. */
  readonly text?: string
  /** JSON; becomes `data` as it is. */
  readonly data?: string
  readonly id?: string
  readonly ids: Ids
  readonly clock: Clock
}

export interface SendReceipt {
  readonly id: string
  /** What the server's configuration makes of "Redis has it". */
  readonly receipt: string
  readonly meaning: string
  readonly duplicate: boolean
  readonly entries: readonly string[]
  readonly inboxDepth?: number
}

/**
 * Puts one message into the inboxes of its recipients.
 *
 * @throws HIVE_USAGE, HIVE_MESSAGE_INVALID, HIVE_MESSAGE_ID_REUSED, HIVE_INBOX_FULL, HIVE_PROTOCOL_REDIS
 */
export async function sendOne(request: SendRequest): Promise<SendReceipt> {
  const event = eventOf(request)
  const bus = await openTeamBus(request)
  try {
    const { durability, meaning } = lintRedis(await readRedisFacts(bus.redis))
    const { source, id } = event
    const recipients = [...new Set(request.to)]
    const [outcome] = await bus.publish([
      { source, id, hash: contentHash(event), event: encodeEvent(event), recipients },
    ])
    const receipt = { id, receipt: durability, meaning }
    switch (outcome?.kind) {
      case 'published':
        return { ...receipt, duplicate: false, entries: outcome.entries, inboxDepth: outcome.depth }
      case 'duplicate':
        return { ...receipt, duplicate: true, entries: outcome.entries }
      case 'conflict':
        throw fault('HIVE_MESSAGE_ID_REUSED', { source, id })
      case 'full':
        throw fault('HIVE_INBOX_FULL', { recipient: recipients.join(', '), depth: outcome.depth })
      case 'failed':
        throw fault('HIVE_PROTOCOL_REDIS', { problem: outcome.problem })
      case undefined:
        throw fault('HIVE_PROTOCOL_REDIS', { problem: 'publishing answered nothing' })
    }
  } finally {
    await bus.close()
  }
}

function eventOf({ from, to, type, text, data, id, ids, clock, command }: SendRequest): ReturnType<typeof parseEvent> {
  if (to.includes('*')) {
    throw fault('HIVE_USAGE', { problem: 'could not send to *: only a gateway knows everyone; repeat --to', command })
  }
  if (text !== undefined && data !== undefined) {
    throw fault('HIVE_USAGE', { problem: 'could not send TEXT and --data at once: one of them is needed', command })
  }
  // Every name becomes part of a key, so each is checked as the recipient of an event.
  const [event] = to.map((recipient) =>
    parseEvent({
      specversion: '1.0',
      id: id ?? ids.uuid(),
      source: from,
      type,
      recipient,
      time: clock.now().toISOString(),
      ...(data === undefined ? {} : { data: parseJson(data) }),
      ...(text === undefined ? {} : { data: { text } }),
    }),
  )
  if (event === undefined) throw fault('HIVE_USAGE', { problem: 'could not send: no --to is given', command })
  return to.length > 1 ? parseEvent({ ...event, recipient: '*' }) : event
}
