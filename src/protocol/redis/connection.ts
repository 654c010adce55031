import { Redis } from 'ioredis'
import { fault, type HiveError, isHiveError } from '../../core/index.ts'

/**
 * Nothing is resent or queued behind the caller's back: a command that was in flight when the connection broke fails,
 * and whoever sent it decides. (The client's own resending ran XADD twice and lost XREADGROUP replies.)
 * `maxRetriesPerRequest: 0` is part of that: with null and without resending, ioredis 6 drops such commands when it
 * reconnects, and their promises never settle.
 */
const options = {
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 5_000,
  // No command blocks, so a server that is silent for so long is as good as gone.
  commandTimeout: 10_000,
  keepAlive: 5_000,
  retryStrategy: (times: number) => Math.min(50 * times, 1_000),
  disableClientInfo: true,
}

/** Opens a connection, or throws HIVE_PROTOCOL_REDIS when the first attempt fails; later it reconnects by itself. */
export async function openRedis(url: string, extra: { readonly enableAutoPipelining?: boolean } = {}): Promise<Redis> {
  const redis = new Redis(url, { ...options, ...extra })
  let problem: unknown
  redis.on('error', (error) => {
    problem = error
  })
  try {
    await redis.connect()
    return redis
  } catch (error) {
    redis.disconnect()
    throw redisFault(problem ?? error)
  }
}

/** Gives what the client threw the shape of a catalogue error. */
export function redisFault(error: unknown): HiveError {
  if (isHiveError(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  return fault('HIVE_PROTOCOL_REDIS', { problem: message === '' ? 'connection failed' : message }, error)
}
