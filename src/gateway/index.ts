import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../core/index.ts'
import { connectRedisBus, type RedisBus } from '../protocol/index.ts'
import { applyMigrations, openBatchWriter, openClient, openOutbox, type OutboxRow } from '../store/index.ts'
import { createCounters } from './counters.ts'
import { openHttpServer } from './http-server.ts'
import { createInboxes } from './inboxes.ts'
import { type Gateway, gatewayDefaults, type GatewayOptions, type GatewayStats } from './options.ts'
import { createPublisher } from './publisher.ts'
import { handleRequest } from './routes.ts'
import { checkRedisRun, runSweeper, sweepOnce } from './sweeper.ts'
import { createAuthenticator } from './tokens.ts'

export type { Gateway, GatewayOptions } from './options.ts'
export { parseTokens } from './tokens.ts'

/**
 * Starts the HTTP front door of a team's messages.
 *
 * A sender's receipt comes after the commit in PostgreSQL; the message is put into the recipient's inbox in Redis at
 * once after that, and by a sweeper where that failed. So an acknowledged message survives the loss of either server's
 * memory and of the gateway itself.
 *
 * @throws HIVE_STORE_UNREACHABLE, HIVE_STORE_SCHEMA, HIVE_PROTOCOL_REDIS, HIVE_REDIS_TOO_OLD, HIVE_PORT_IN_USE,
 * HIVE_GATEWAY_PORT, HIVE_GATEWAY_TOKENS; nothing stays open then
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { team, clock, log, host = '127.0.0.1' } = options
  const tuning = { ...gatewayDefaults, ...options.tuning }
  const directory = createAuthenticator(options.tokens)
  const opened: (() => Promise<unknown>)[] = []
  const undo = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close().catch(() => {})
  }
  try {
    // 1. the store, brought to this release
    await migrateStore(options.postgresUrl)
    let enqueue = (_rows: readonly OutboxRow[]): void => {}
    const writer = await openBatchWriter({ url: options.postgresUrl, team, onStored: (rows) => enqueue(rows) })
    opened.push(writer.close)
    const outbox = await openOutbox({ url: options.postgresUrl, team })
    opened.push(outbox.close)

    // 2. the bus
    const bus: RedisBus = await connectRedisBus({ redisUrl: options.redisUrl, team, ...tuning })
    opened.push(bus.close)
    const counters = createCounters()
    const publisher = createPublisher({ bus, outbox, agents: directory.agents, counters, clock, log })
    enqueue = publisher.enqueue

    // 3. what an earlier gateway left behind goes first, so that the order of every inbox is kept
    await checkRedisRun({ bus, outbox, log })
    await sweepOnce({ outbox, publisher, counters, log }, 0)
    const stopping = new AbortController()
    const sweeper = runSweeper({ bus, outbox, publisher, counters, clock, tuning, log, signal: stopping.signal })
    opened.push(() => (stopping.abort(), sweeper))

    // 4. the door
    const inboxes = createInboxes({ bus, consumer: `gateway-${options.ids.short(12)}`, counters, clock, tuning })
    const draining = new AbortController()
    const stats = (): GatewayStats => ({
      ...counters,
      queued: writer.queued(),
      unpublished: publisher.backlog(),
      waiting: inboxes.waiting(),
    })
    const parts = { writer, publisher, bus, directory, counters, clock, tuning, inboxes, stats, log }
    const server = await openHttpServer({
      host,
      port: options.port ?? 0,
      maxConnections: tuning.maxConnections,
      handle: (request, response) => handleRequest({ ...parts, draining: draining.signal }, { request, response }),
    })
    const { port } = server.address() as AddressInfo

    /** Ends waits, lets requests finish, publishes what was committed, hands back what was not settled. */
    const shutDown = async (): Promise<void> => {
      draining.abort()
      const deadline = new AbortController()
      const timer = clock.sleep(tuning.drainMs, deadline.signal).then(
        () => server.closeAllConnections(),
        () => {},
      )
      await closeServer(server, clock)
      await publisher.flush(AbortSignal.timeout(tuning.drainMs))
      if (bus.isReady()) await inboxes.leave()
      deadline.abort()
      await timer
      await undo()
    }
    let closing: Promise<void> | undefined
    const close = (): Promise<void> => (closing ??= shutDown())
    options.signal.addEventListener('abort', () => void close(), { once: true })
    if (options.signal.aborted) await close()
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, stats, close }
  } catch (error) {
    await undo()
    throw error
  }
}

/** Requests that are being answered finish; their connections are closed as soon as they are idle. */
async function closeServer(server: Server, clock: Clock): Promise<void> {
  const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')))
  do server.closeIdleConnections()
  while ((await Promise.race([closed, clock.sleep(20)])) !== 'closed')
}

async function migrateStore(url: string): Promise<void> {
  const client = await openClient(url)
  try {
    await applyMigrations(client)
  } finally {
    await client.end().catch(() => {})
  }
}
