import type { Redis } from 'ioredis'
import { fault } from '../../core/index.ts'
import type {
  DeadLetter,
  DeliveryInstructions,
  MessageBus,
  OutgoingMessage,
  PublishOutcome,
  ReceiveRequest,
  Settlement,
} from '../bus.ts'
import { defaults, limits } from '../limits.ts'
import { createBatchReceiver } from './batch-receiver.ts'
import { openRedis, redisFault } from './connection.ts'
import { teamKeys } from './keys.ts'
import { createLibrary, type FunctionLibrary } from './library.ts'
import { parseAnswer, parseDeadLetters, parseFlags, parseOutcomes } from './replies.ts'

export interface RedisBusOptions {
  readonly redisUrl: string
  readonly team: string
  readonly claimIdleMs?: number
  readonly maxDeliveries?: number
  readonly maxInboxDepth?: number
  /** The server-side functions; tests pass broken ones. */
  readonly library?: FunctionLibrary
}

export interface RedisBus extends MessageBus {
  /** False while the connection is down: commands fail at once then. */
  readonly isReady: () => boolean
  /** Calls back after every later reconnect. */
  readonly onReconnect: (listener: () => void) => void
  /** Identifies one start of the server: another one may have lost what was not yet on disk. */
  readonly runId: () => Promise<string>
  /** The connection for commands, for the lint. */
  readonly redis: Redis
}

/** Of one inbox, however many are read in one call. */
const leastBytes = 64 * 1024

/**
 * Connects a process to the messages of a team: one connection for commands and one for the doorbell, however many
 * inboxes it serves. (One XREADGROUP over N inboxes took 321 µs a message at N = 1 and 1,042 µs at N = 1,000.)
 *
 * @throws HIVE_PROTOCOL_REDIS, HIVE_REDIS_TOO_OLD
 */
export async function connectRedisBus(options: RedisBusOptions): Promise<RedisBus> {
  const keys = teamKeys(options.team)
  const library = options.library ?? createLibrary()
  const redis = await openRedis(options.redisUrl, { enableAutoPipelining: true })
  const listeners = new Set<(agents: readonly string[] | undefined) => void>()
  let bell: Redis
  try {
    await loadLibrary(redis, library)
    bell = await openRedis(options.redisUrl)
    await bell.subscribe(keys.bell)
  } catch (error) {
    redis.disconnect()
    throw redisFault(error)
  }
  const watchers = new Set<(event: string) => void>()
  bell.on('message', (channel: string, text: string) => {
    if (channel === keys.tap) for (const watcher of watchers) watcher(text)
    else for (const listener of listeners) listener(text.split(','))
  })
  bell.on('ready', () => {
    for (const listener of listeners) listener(undefined)
  })

  /** Calls a function; loads the library again where the server has lost it. */
  const call = async (
    name: string,
    keyList: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> => {
    const run = (): Promise<unknown> =>
      redis.call('FCALL', [`${library.name}_${name}`, keyList.length, ...keyList, ...args])
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('Function not found')) throw redisFault(error)
      await loadLibrary(redis, library)
      return await run().catch((again: unknown) => {
        throw redisFault(again)
      })
    }
  }

  return {
    redis,
    isReady: () => redis.status === 'ready',
    onReconnect: (listener) => void redis.on('ready', listener),
    runId: async () => /run_id:([0-9a-f]+)/.exec(await redis.info('server'))?.[1] ?? '',
    publish: async (messages, { buryConflicts = false } = {}): Promise<readonly PublishOutcome[]> => {
      if (messages.length === 0) return []
      const { keyList, args } = packPublish(messages, keys)
      const head = [options.maxInboxDepth ?? defaults.maxInboxDepth, keys.bell, buryConflicts ? 1 : 0]
      return parseOutcomes(await call('publish', keyList, [...head, ...args]))
    },
    receive: createBatchReceiver(async (requests) => {
      const bytes = Math.max(leastBytes, Math.floor(limits.receiveBytes / requests.length))
      const args = requests.map((request) => packReceive(request, { ...options, bytes }))
      const inboxes = requests.map(({ agent }) => keys.inbox(agent))
      return await call(
        'receive',
        [keys.dead, ...inboxes],
        args.flatMap((own) => [own.length, ...own]),
      )
    }),
    leave: async ({ agent, consumer }) => Number(await call('leave', [keys.inbox(agent)], [consumer])),
    deadLetters: async ({ max = 100, from = '-' } = {}): Promise<readonly DeadLetter[]> =>
      parseDeadLetters(await redis.xrange(keys.dead, from, '+', 'COUNT', max).catch(rethrow)),
    replay: async (entries): Promise<readonly boolean[]> =>
      entries.length === 0 ? [] : parseFlags(await call('replay', [keys.dead], [keys.bell, ...entries])),
    drop: async (entries) => (entries.length === 0 ? 0 : await redis.xdel(keys.dead, ...entries).catch(rethrow)),
    answer: async ({ source, id }) => parseAnswer(await redis.get(keys.answer(source, id)).catch(rethrow)),
    depth: async (agent) => await redis.xlen(keys.inbox(agent)).catch(rethrow),
    onBell: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    watch: async (listener) => {
      watchers.add(listener)
      await bell.subscribe(keys.tap).catch(rethrow)
      return async () => {
        watchers.delete(listener)
        if (watchers.size === 0) await bell.unsubscribe(keys.tap).catch(rethrow)
      }
    },
    close: () => {
      redis.disconnect()
      bell.disconnect()
      return Promise.resolve()
    },
  }
}

/** Loads the functions unless the server has them. @throws HIVE_REDIS_TOO_OLD */
async function loadLibrary(redis: Redis, library: FunctionLibrary): Promise<void> {
  try {
    await redis.call('FUNCTION', ['LOAD', library.code])
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    if (message.includes('already exists')) return
    if (message.includes('unknown command')) {
      const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'of unknown version'
      throw fault('HIVE_REDIS_TOO_OLD', { version }, error)
    }
    throw redisFault(error)
  }
}

function packPublish(
  messages: readonly OutgoingMessage[],
  keys: ReturnType<typeof teamKeys>,
): { keyList: string[]; args: string[] } {
  if (messages.length > limits.publishBatch) {
    throw new RangeError(`could not publish ${messages.length} messages at once: at most ${limits.publishBatch}`)
  }
  const keyList: string[] = [...keys.seen, keys.dead]
  const indexes = new Map<string, number>()
  const indexOf = (agent: string): number => {
    const known = indexes.get(agent)
    if (known !== undefined) return known
    keyList.push(keys.inbox(agent))
    indexes.set(agent, keyList.length)
    return keyList.length
  }
  const args = messages.flatMap((message) => [
    `${message.source} ${message.id}`,
    message.hash,
    message.event,
    message.recipients.map(indexOf).join(','),
    packInstructions(message.instructions),
  ])
  return { keyList, args }
}

function packReceive(
  request: ReceiveRequest,
  options: RedisBusOptions & { readonly bytes: number },
): (string | number)[] {
  const settle = request.settle ?? []
  return [
    request.consumer,
    request.max,
    request.ownFrom ?? '',
    request.reclaim === true ? (options.claimIdleMs ?? defaults.claimIdleMs) : -1,
    options.maxDeliveries ?? defaults.maxDeliveries,
    options.bytes,
    settle.length,
    ...settle.flatMap(({ token, outcome }) => [token.entry, token.deliveries, token.consumer, packOutcome(outcome)]),
  ]
}

function packOutcome(outcome: Settlement['outcome']): string {
  return typeof outcome === 'string' ? outcome : String(Math.max(0, Math.round(outcome.retryInMs)))
}

function packInstructions(instructions: DeliveryInstructions | undefined): string {
  if (instructions === undefined) return ''
  const { notBeforeMs: d, expiresAtMs: x, supersedeKey: k, answers: a, awaitsAnswer } = instructions
  const text = JSON.stringify({ d, x, k, a, ...(awaitsAnswer === true ? { q: 1 } : {}) })
  return text === '{}' ? '' : text
}

function rethrow(error: unknown): never {
  throw redisFault(error)
}
