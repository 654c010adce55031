import { Redis } from 'ioredis'
import { systemIds } from '../src/core/index.ts'
import { startRedis } from '../src/environment/index.ts'
import { connectRedisBus, createBatchPublisher, type Settlement } from '../src/protocol/index.ts'
import { type BullMq, requireBullMq } from './bullmq.ts'
import { type BenchResult, measureInterleaved, type Subject } from './result.ts'

const inboxes = 100
const publishers = 100
const messages = 60_000
/** BullMQ does a tenth of it in the same time. */
const jobs = 6_000
const rounds = 5
const settleWithinMs = 20
const body = { status: 'working', detail: 'schema of messages.db compared, 12 of 23 tables done', percent: 52 }

/**
 * Messages a second end to end: 100 publishers in a closed loop, 100 inboxes, publishers and consumers in one process,
 * an entry a message. Ours with dedupe and fenced acknowledgement and removal of what is settled; no receipts but the
 * publisher's, no sequence. BullMQ comes from a folder outside of the repository:
 * `npm install --prefix DIR bullmq@6.7.0 ioredis@5 && HIVE_BENCH_BULLMQ=DIR npm run bench -- messages`.
 */
export async function run(): Promise<BenchResult> {
  const bullmq = requireBullMq()
  await using everysec = await startRedis({ env: process.env })
  await using always = await startRedis({ env: process.env, settings: { appendfsync: 'always' } })
  const subject = (name: string, work: () => Promise<number>): Subject => ({ name, unit: 'messages/s', run: work })
  return await measureInterleaved({
    name: 'messages',
    rounds,
    subjects: [
      subject('ours', () => ours(everysec.url)),
      subject('plain Streams, ioredis', () => plain(everysec.url)),
      subject('BullMQ', () => queued(bullmq, everysec.url)),
      subject('ours, appendfsync always', () => ours(always.url)),
      subject('plain Streams, always', () => plain(always.url)),
    ],
    ratios: [
      { of: 'ours', to: 'BullMQ', bar: 6 },
      { of: 'ours', to: 'plain Streams, ioredis', bar: 0.75 },
      { of: 'ours, appendfsync always', to: 'plain Streams, always' },
    ],
    environment: { redis: `${everysec.version} (${everysec.origin})`, bullmq: bullmq.version },
  })
}

/** Publishes `total` messages from all publishers, each waiting for its own; resolves when all were consumed. */
async function race(
  total: number,
  options: { readonly publish: (n: number) => Promise<unknown>; readonly consumed: Promise<void> },
): Promise<number> {
  const started = performance.now()
  let next = 0
  const publisher = async (): Promise<void> => {
    while (next < total) await options.publish(next++)
  }
  await Promise.all([options.consumed, ...Array.from({ length: publishers }, publisher)])
  return total / ((performance.now() - started) / 1_000)
}

/** Counts up to `total` different messages; one that comes twice is an error of the subject. */
function countTo(total: number): { readonly done: Promise<void>; readonly count: (n: number) => void } {
  const seen = new Uint8Array(total)
  let left = total
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const count = (n: number): void => {
    if (seen[n] !== 0) reject(new Error(`message ${n} came twice`))
    seen[n] = 1
    left -= 1
    if (left === 0) resolve()
  }
  return { done: promise, count }
}

async function ours(redisUrl: string): Promise<number> {
  const bus = await connectRedisBus({ redisUrl, team: `bench-${systemIds.short(8)}` })
  const publishOne = createBatchPublisher(bus)
  const { done, count } = countTo(messages)
  const bells = new Map<string, () => void>()
  const ringAll = (): void => {
    for (const ring of bells.values()) ring()
  }
  bus.onBell((agents) => {
    if (agents === undefined) ringAll()
    else for (const agent of agents) bells.get(agent)?.()
  })
  // What was worked on is settled with the next read, and never later than this.
  const settleAtLeast = setInterval(ringAll, settleWithinMs)
  const over = new AbortController()
  const consume = async (agent: string): Promise<void> => {
    let settle: Settlement[] = []
    let rung = Promise.withResolvers<void>()
    bells.set(agent, () => rung.resolve())
    while (!over.signal.aborted) {
      await rung.promise
      rung = Promise.withResolvers<void>()
      const { deliveries } = await bus.receive({ agent, consumer: 'bench', max: 100, settle })
      for (const { event } of deliveries) count((JSON.parse(event) as { data: { n: number } }).data.n)
      settle = deliveries.map(({ token }) => ({ token, outcome: 'done' }))
    }
    await bus.receive({ agent, consumer: 'bench', max: 0, settle })
  }
  const consumers = Array.from({ length: inboxes }, (_, index) => consume(`agent-${index}`))
  const rate = await race(messages, {
    consumed: done,
    publish: (n) => {
      const [id, recipient] = [`m${n}`, `agent-${n % inboxes}`]
      const event = {
        specversion: '1.0',
        id,
        source: 'bench',
        type: 'hive.status.update',
        recipient,
        data: { n, ...body },
      }
      const text = JSON.stringify(event)
      return publishOne({ source: 'bench', id, hash: 'h', event: text, recipients: [recipient] })
    },
  })
  over.abort()
  ringAll()
  await Promise.all(consumers)
  clearInterval(settleAtLeast)
  await bus.redis.flushall()
  await bus.close()
  return rate
}

/** XADD → XREADGROUP over all inboxes → XACK, autopipelined: what one writes without the protocol. */
async function plain(redisUrl: string): Promise<number> {
  const redis = new Redis(redisUrl, { enableAutoPipelining: true })
  const reader = new Redis(redisUrl)
  const { done, count } = countTo(messages)
  const keys = Array.from({ length: inboxes }, (_, index) => `plain:${index}`)
  await Promise.all(keys.map((key) => redis.xgroup('CREATE', key, 'g', '0', 'MKSTREAM')))
  const over = new AbortController()
  const consume = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const reply = (await reader.xreadgroup(
        ...(['GROUP', 'g', 'c', 'COUNT', 100, 'BLOCK', 100, 'STREAMS'] as const),
        ...keys,
        ...keys.map(() => '>'),
      )) as [string, [string, string[]][]][] | null
      for (const [key, entries] of reply ?? []) {
        for (const [, fields] of entries) count((JSON.parse(fields[1] ?? '') as { data: { n: number } }).data.n)
        void redis.xack(key, 'g', ...entries.map(([entry]) => entry))
      }
    }
  }
  const consumer = consume()
  const rate = await race(messages, {
    consumed: done,
    publish: (n) => {
      const event = {
        specversion: '1.0',
        id: `m${n}`,
        source: 'bench',
        type: 'hive.status.update',
        data: { n, ...body },
      }
      return redis.xadd(`plain:${n % inboxes}`, '*', 'e', JSON.stringify(event))
    },
  })
  over.abort()
  await consumer
  await redis.flushall()
  redis.disconnect()
  reader.disconnect()
  return rate
}

/** A queue and a worker an inbox, which is what an inbox is there. */
async function queued({ Queue, Worker }: BullMq, redisUrl: string): Promise<number> {
  const { hostname: host, port, password } = new URL(redisUrl)
  const connection = { host, port: Number(port), password, maxRetriesPerRequest: null }
  const names = Array.from({ length: inboxes }, (_, index) => `inbox-${index}`)
  const { done, count } = countTo(jobs)
  const queues = names.map((name) => new Queue(name, { connection }))
  const workers = names.map(
    (name) => new Worker(name, (job) => Promise.resolve(count(job.data.n)), { connection, concurrency: 10 }),
  )
  await Promise.all([...queues, ...workers].map((part) => part.waitUntilReady()))
  const rate = await race(jobs, {
    consumed: done,
    publish: async (n) => queues[n % inboxes]?.add('m', { n, ...body }, { jobId: `m${n}`, removeOnComplete: true }),
  })
  await Promise.all([...workers, ...queues].map((part) => part.close()))
  const redis = new Redis(redisUrl)
  await redis.flushall()
  redis.disconnect()
  return rate
}
