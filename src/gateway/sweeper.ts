import type { Clock } from '../core/index.ts'
import type { RedisBus } from '../protocol/index.ts'
import type { Outbox } from '../store/index.ts'
import type { Counters } from './counters.ts'
import type { GatewayTuning } from './options.ts'
import type { Publisher } from './publisher.ts'

export interface SweeperOptions {
  readonly bus: RedisBus
  readonly outbox: Outbox
  readonly publisher: Publisher
  readonly counters: Counters
  readonly clock: Clock
  readonly tuning: GatewayTuning
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

/**
 * What may have been lost with the tail of an append-only file that is synced every second, with room to spare, and
 * well inside the dedupe window: what is still there is dropped as a duplicate.
 */
const lostTailMs = 60_000

/**
 * Publishes what was committed but never reached Redis: rows of a gateway that died in between, rows for an inbox that
 * was full, rows that a restarted Redis has lost. Runs until the signal is aborted.
 */
export async function runSweeper(options: SweeperOptions): Promise<void> {
  const { signal, clock, tuning } = options
  let checkRun = true
  options.bus.onReconnect(() => {
    checkRun = true
  })
  while (!signal.aborted) {
    try {
      if (checkRun && options.bus.isReady()) {
        await checkRedisRun(options)
        checkRun = false
      }
      if (options.bus.isReady() && options.publisher.backlog() === 0) await sweepOnce(options, tuning.sweepOlderThanMs)
    } catch (error) {
      if (!signal.aborted) options.log(`sweep: ${error instanceof Error ? error.message : String(error)}`)
    }
    await clock.sleep(tuning.sweepEveryMs, signal).catch(() => {})
  }
}

/** Queues again what another run of Redis may have lost. */
export async function checkRedisRun(options: Pick<SweeperOptions, 'bus' | 'outbox' | 'log'>): Promise<void> {
  const requeued = await options.outbox.noteRedisRun(await options.bus.runId(), lostTailMs)
  if (requeued > 0)
    options.log(`Redis was restarted: ${requeued} recent messages are published again if they are missing`)
}

/** One look at the outbox; goes on while there is a full batch. */
export async function sweepOnce(
  options: Pick<SweeperOptions, 'outbox' | 'publisher' | 'counters' | 'log'>,
  olderThanMs: number,
): Promise<void> {
  for (;;) {
    // What is held waits for nothing else than this sweep, so its age does not matter.
    const mark = options.publisher.heldMark()
    const before = options.counters.published
    const { found, published } = await options.outbox.sweep(
      mark === undefined ? olderThanMs : 0,
      options.publisher.publishNow,
    )
    options.counters.swept += options.counters.published - before
    if (found > 0) options.log(`swept ${published} of ${found} messages from the outbox`)
    if (found < 500 && found === published && mark !== undefined) options.publisher.release(mark)
    if (found < 500 || published === 0) return
  }
}
