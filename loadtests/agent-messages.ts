import exec from 'k6/execution'
import http from 'k6/http'
import { sleep } from 'k6'
import { Counter } from 'k6/metrics'
import type { Options, Scenario } from 'k6/options'

/**
 * The load of a hive: AGENTS agents write RATE messages a second to an open-loop schedule, while a few consumers
 * receive and acknowledge them. Run by `hive load` and by the performance gate, which judge the raw points;
 * docs/performance.md states what they need from a script.
 *
 * Configuration, by environment: BASE_URL, TOKENS (JSON: agent → bearer token), AGENTS, RATE, WARMUP_S,
 * DURATION_S, RUN_ID.
 */

interface Delivery {
  readonly token: string
  readonly event: {
    readonly specversion?: unknown
    readonly id?: unknown
    readonly data?: { readonly sequence?: unknown }
  }
}

const baseUrl = required('BASE_URL').replace(/\/+$/, '')
const tokens = JSON.parse(required('TOKENS')) as Record<string, string>
const names = Object.keys(tokens).sort()
const runId = __ENV['RUN_ID'] ?? 'run'
const agents = number('AGENTS', 100)
const rate = number('RATE', 1_100)
const seconds = number('WARMUP_S', 5) + number('DURATION_S', 30)

/** Every inbox has one consumer, so that the consumer alone can tell what came twice. */
const inboxes = names.slice(0, 10)
/** Ids of the last so many messages that a consumer remembers: at 110 messages a second about three minutes. */
const rememberedIds = 20_000

const delivered = new Counter('messages_delivered')
const repeated = new Counter('messages_repeated')
const malformed = new Counter('messages_malformed')

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }))

export const options: Options = {
  discardResponseBodies: true,
  scenarios: {
    // 100 at most in flight: at 50 ms a write 55 are busy, past 91 ms iterations are dropped, and drops are counted.
    agents: {
      executor: 'constant-arrival-rate',
      exec: 'write',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: agents,
      maxVUs: agents,
      gracefulStop: '5s',
    },
    // One scenario an inbox: ids of virtual users are dealt out in no order, so they cannot say who reads what.
    ...Object.fromEntries(inboxes.map((inbox, index) => [`consumer_${index}`, consumer(inbox)])),
  },
}

function consumer(inbox: string): Scenario {
  return {
    executor: 'constant-vus',
    exec: 'receive',
    vus: 1,
    env: { INBOX: inbox },
    duration: `${seconds + 1}s`,
    gracefulStop: '3s',
  }
}

/**
 * One message of one agent. The sender goes round by iteration and not by virtual user: k6 reuses the few virtual
 * users that are free, so that a fast server would otherwise hear from three agents instead of all of them.
 */
export function write(): void {
  const sequence = exec.scenario.iterationInTest
  const sender = names[(sequence % agents) % names.length] ?? ''
  const inbox = inboxes[sequence % inboxes.length] ?? ''
  const event = {
    specversion: '1.0',
    id: `${runId}-${sequence}`,
    source: sender,
    type: 'hive.status.update',
    recipient: inbox,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { sequence, status: 'working', detail: 'schema of messages.db compared, 12 of 23 tables done' },
  }
  http.post(`${baseUrl}/v1/messages`, JSON.stringify(event), {
    headers: { 'Content-Type': 'application/cloudevents+json', Authorization: `Bearer ${tokens[sender] ?? ''}` },
    tags: { op: 'write' },
    redirects: 0,
    timeout: '10s',
  })
}

// Each virtual user has its own copy of this module: these are the state of one consumer.
let toAcknowledge: readonly string[] = []
let started = false
const seen = new Set<number>()

/** Receives one batch and acknowledges the one before. */
export function receive(): void {
  // Without a point the counter would not exist, and "nothing delivered" would look like "nothing counted".
  if (!started) delivered.add(0)
  started = true
  const inbox = required('INBOX')
  const response = http.post(
    `${baseUrl}/v1/agents/${encodeURIComponent(inbox)}/receive`,
    JSON.stringify({ max: 500, waitMs: 1_000, ack: toAcknowledge }),
    {
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokens[inbox] ?? ''}` },
      responseType: 'text',
      tags: { op: 'receive' },
      redirects: 0,
      timeout: '10s',
    },
  )
  if (response.status !== 200) {
    sleep(0.2)
    return
  }
  const batch = readBatch(response.body)
  toAcknowledge = batch.map((delivery) => delivery.token)
  count(batch)
}

function readBatch(body: unknown): readonly Delivery[] {
  try {
    const { messages } = JSON.parse(String(body)) as { messages?: unknown }
    if (Array.isArray(messages)) return messages as Delivery[]
  } catch {
    // Counted below: what is no batch is malformed.
  }
  malformed.add(1)
  return []
}

/** Counts what came for the first time. Messages of an earlier run are acknowledged and not counted. */
function count(batch: readonly Delivery[]): void {
  let fresh = 0
  for (const { event } of batch) {
    const id = String(event?.id)
    if (!id.startsWith(`${runId}-`)) continue
    const sequence = Number(id.slice(runId.length + 1))
    if (event.specversion !== '1.0' || event.data?.sequence !== sequence) malformed.add(1)
    else if (seen.has(sequence)) repeated.add(1)
    else {
      fresh += 1
      remember(sequence)
    }
  }
  if (fresh > 0) delivered.add(fresh)
}

function remember(sequence: number): void {
  seen.add(sequence)
  if (seen.size <= rememberedIds) return
  const oldest = seen.values().next()
  if (oldest.done !== true) seen.delete(oldest.value)
}

function required(name: string): string {
  const value = __ENV[name]
  if (value === undefined || value === '') throw new Error(`could not start the load test: ${name} is not set`)
  return value
}

function number(name: string, fallback: number): number {
  const value = Number(__ENV[name] ?? fallback)
  if (!(value > 0) && name !== 'WARMUP_S')
    throw new Error(`could not start the load test: ${name} is no number above 0`)
  return value
}
