import type { Clock, Ids } from '../core/index.ts'

export interface GatewayOptions {
  readonly postgresUrl: string
  readonly redisUrl: string
  /** Names the keys in Redis and the rows in the archive. */
  readonly team: string
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Agent → its token. Who has a token takes part: may send, be sent to, and is reached by a broadcast. */
  readonly tokens: ReadonlyMap<string, string> | Readonly<Record<string, string>>
  /** Drains and closes the gateway when it is aborted. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly ids: Ids
  readonly log: (line: string) => void
  /** Tests and special loads; the defaults are in {@link gatewayDefaults}. */
  readonly tuning?: Partial<GatewayTuning>
}

export interface GatewayTuning {
  /** Writes that may wait for the database before senders are told 429. */
  readonly maxQueued: number
  readonly maxConnections: number
  readonly claimIdleMs: number
  readonly maxDeliveries: number
  readonly maxInboxDepth: number
  /** How often the sweeper looks, and how old a row must be that it takes. */
  readonly sweepEveryMs: number
  readonly sweepOlderThanMs: number
  /** A waiting receive looks again after so long even if the doorbell was not heard. */
  readonly recheckMs: number
  readonly drainMs: number
}

export const gatewayDefaults: GatewayTuning = {
  maxQueued: 5_000,
  maxConnections: 2_048,
  claimIdleMs: 15_000,
  maxDeliveries: 5,
  maxInboxDepth: 100_000,
  sweepEveryMs: 500,
  sweepOlderThanMs: 1_000,
  recheckMs: 2_000,
  drainMs: 10_000,
}

export interface GatewayStats {
  /** Messages that have a receipt, repetitions included. */
  readonly acknowledged: number
  readonly stored: number
  readonly duplicates: number
  /** Refused with a 4xx. */
  readonly refused: number
  readonly published: number
  /** Of those, by the sweeper. */
  readonly swept: number
  readonly delivered: number
  readonly settled: number
  /** Acknowledgements whose fence was stale. */
  readonly staleSettlements: number
  readonly deadLettered: number
  /** Now: writes before their commit, rows before their XADD, receives that wait. */
  readonly queued: number
  readonly unpublished: number
  readonly waiting: number
}

export interface Gateway {
  readonly url: string
  readonly port: number
  readonly stats: () => GatewayStats
  /** Takes nothing new, finishes what was accepted, publishes what was stored, closes. Never throws. */
  readonly close: () => Promise<void>
}
