import type { HiveError } from '../../core/index.ts'
import type { PostgresServer, RedisServer, Tool } from '../../environment/index.ts'
import { findK6, startPostgres, startRedis } from '../../environment/index.ts'
import type { EnvironmentOptions } from '../../environment/index.ts'

/** Servers and tools of one run: started when the first gate asks, shared by the rest, stopped at the end. */
export interface Services extends AsyncDisposable {
  readonly postgres: () => Promise<PostgresServer>
  readonly redis: () => Promise<RedisServer>
  readonly k6: () => Promise<Tool>
  /** Why a private server ended by itself, if one did: the reason behind a lost connection. */
  readonly whyStopped: () => Promise<HiveError | undefined>
}

export function createServices(options: EnvironmentOptions): Services {
  const postgres = once(() => startPostgres(options))
  const redis = once(() => startRedis(options))
  const k6 = once(() => findK6(options))
  return {
    postgres: postgres.get,
    redis: redis.get,
    k6: k6.get,
    whyStopped: async () => (await postgres.started())?.whyStopped() ?? (await redis.started())?.whyStopped(),
    [Symbol.asyncDispose]: async () => {
      const results = await Promise.allSettled(
        [postgres.started(), redis.started()].map(async (server) => (await server)?.close()),
      )
      for (const result of results) if (result.status === 'rejected') throw result.reason
    },
  }
}

/** Runs `start` at the first call; a failed start is tried again by the next caller. */
function once<T>(start: () => Promise<T>): { get: () => Promise<T>; started: () => Promise<T | undefined> } {
  let pending: Promise<T> | undefined
  return {
    get: () => {
      pending ??= start().catch((error: unknown) => {
        pending = undefined
        throw error
      })
      return pending
    },
    started: async () => pending?.catch(() => undefined),
  }
}
