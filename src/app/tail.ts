import type { Clock } from '../core/index.ts'
import { oneLine, truncate } from '../report/index.ts'
import { openTeamBus, type TeamRequest } from './team-bus.ts'

/** `hive tail` as it was typed. */
export interface TailRequest extends TeamRequest {
  /** Only what this agent sends or is sent; what goes to everyone is shown. */
  readonly agent?: string
  readonly type?: string
  /** Ends after so many. */
  readonly count?: number
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Watching has begun. */
  readonly onStart: () => void
  readonly onMessage: (message: TailedMessage) => void
  /** The connection was lost for a while: what was published meanwhile is not shown. */
  readonly onGap: () => void
}

/** An event as it is shown: every text inert and on one line. */
export interface TailedMessage {
  readonly time: string
  readonly source: string
  readonly recipient: string
  readonly type: string
  readonly id: string
  readonly data: string
  /** The event as it is, for `--json`. */
  readonly event: unknown
}

/** Shows what is published until the signal is aborted. @returns how many were shown. @throws HIVE_PROTOCOL_REDIS */
export async function tailMessages(request: TailRequest): Promise<number> {
  const { signal, count = Infinity } = request
  const bus = await openTeamBus(request)
  let shown = 0
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
      bus.onReconnect(request.onGap)
      const show = (text: string): void => {
        const message = describeEvent(text, request.clock)
        if (shown >= count || !isWanted(message, request)) return
        shown += 1
        request.onMessage(message)
        if (shown >= count) resolve()
      }
      bus.watch(show).then(request.onStart, reject)
    })
    return shown
  } finally {
    await bus.close()
  }
}

function isWanted({ source, recipient, type }: TailedMessage, wanted: Pick<TailRequest, 'agent' | 'type'>): boolean {
  if (wanted.type !== undefined && wanted.type !== type) return false
  return wanted.agent === undefined || [source, recipient].includes(wanted.agent) || recipient === '*'
}

const dataLength = 200

/** Whoever has Redis may publish anything there: what is no event is shown as it came, made inert. */
export function describeEvent(text: string, clock: Clock): TailedMessage {
  const event = parseLoosely(text)
  const field = (name: string): string => oneLine(truncate(textOf(event[name]), 128))
  return {
    time: field('time') || clock.now().toISOString(),
    source: field('source'),
    recipient: field('recipient'),
    type: field('type'),
    id: field('id'),
    data: oneLine(truncate(event['data'] === undefined ? '' : JSON.stringify(event['data']), dataLength)),
    event,
  }
}

function parseLoosely(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as unknown
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ...value }
  } catch {
    // Shown as data below.
  }
  return { data: text }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}
