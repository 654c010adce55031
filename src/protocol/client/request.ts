import type { Clock } from '../../core/index.ts'
import type { MessageBus } from '../bus.ts'
import { decodeEvent } from '../codec.ts'
import type { HiveEvent } from '../envelope.ts'

/** Every request ends in one of these. */
export type RequestOutcome =
  | { readonly kind: 'reply'; readonly event: HiveEvent }
  /** It became a dead letter: rejected, failed, exhausted or expired. */
  | { readonly kind: 'dead'; readonly reason: string }
  /** Nobody has answered yet. Ask again with the same id to go on waiting. */
  | { readonly kind: 'timeout' }

/** A bell may be missed while the connection is down; and nothing rings when a request dies. */
const lookEveryMs = 500

/** Waits for what becomes of a published request; the bell says when to look. @throws HIVE_PROTOCOL_REDIS */
export async function awaitAnswer(
  request: { readonly source: string; readonly id: string },
  { bus, clock, timeoutMs }: { readonly bus: MessageBus; readonly clock: Clock; readonly timeoutMs: number },
): Promise<RequestOutcome> {
  const until = clock.monotonicMs() + timeoutMs
  let rings = 0
  let wake = (): void => {}
  const silence = bus.onBell((agents) => {
    if (agents !== undefined && !agents.includes(request.source)) return
    rings += 1
    wake()
  })
  try {
    for (;;) {
      const heard = rings
      const state = await bus.answer(request)
      if (state.kind === 'answered') return { kind: 'reply', event: decodeEvent(state.event) }
      if (state.kind === 'dead') return state
      const left = until - clock.monotonicMs()
      if (left <= 0) return { kind: 'timeout' }
      if (rings !== heard) continue
      const woken = new AbortController()
      wake = () => woken.abort('bell')
      await clock.sleep(Math.min(left, lookEveryMs), woken.signal).catch(() => {})
    }
  } finally {
    silence()
  }
}
