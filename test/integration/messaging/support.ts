import { systemClock, systemIds } from '../../../src/core/index.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../../src/gateway/index.ts'

/** `agent-0` … with a token each. */
export function tokensOf(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`agent-${index}`, systemIds.uuid()]))
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export interface Received {
  readonly messages: readonly {
    readonly token: string
    readonly event: { readonly id: string; readonly data: unknown }
  }[]
  readonly acked: number
  readonly stale: readonly string[]
}

/** One agent at the gateway. */
export interface Agent {
  readonly name: string
  readonly send: (event: Readonly<Record<string, unknown>>) => Promise<Answer>
  readonly receive: (body?: Readonly<Record<string, unknown>>) => Promise<Received>
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly agent: (index: number) => Agent
  readonly tokens: Readonly<Record<string, string>>
  readonly log: readonly string[]
  readonly team: string
}

/** A gateway with a team of its own and ten agents. */
export async function openTestGateway(
  servers: Pick<GatewayOptions, 'postgresUrl' | 'redisUrl'>,
  options: Partial<GatewayOptions> & { readonly agents?: number } = {},
): Promise<TestGateway> {
  const tokens = tokensOf(options.agents ?? 10)
  const log: string[] = []
  const team = options.team ?? `test-${systemIds.short(8)}`
  const gateway = await startGateway({
    tokens,
    signal: new AbortController().signal,
    clock: systemClock,
    ids: systemIds,
    log: (line) => log.push(line),
    ...servers,
    ...options,
    team,
  })
  return {
    gateway,
    tokens,
    log,
    team,
    agent: (index) => agentAt(gateway.url, { name: `agent-${index}`, token: tokens[`agent-${index}`] ?? '' }),
    [Symbol.asyncDispose]: gateway.close,
  }
}

export function agentAt(url: string, { name, token }: { readonly name: string; readonly token: string }): Agent {
  const post = (path: string, body: unknown): Promise<Answer> =>
    request(url, path, { authorization: `Bearer ${token}`, body: JSON.stringify(body) })
  return {
    name,
    send: (event) => post('/v1/messages', { specversion: '1.0', type: 'hive.request', ...event }),
    receive: async (body = {}) => {
      const answer = await post(`/v1/agents/${name}/receive`, body)
      if (answer.status !== 200) throw new Error(`receive answered ${answer.status} ${JSON.stringify(answer.body)}`)
      return answer.body as unknown as Received
    },
  }
}

export async function request(
  url: string,
  path: string,
  options: {
    readonly authorization?: string
    readonly body?: string | Uint8Array
    readonly type?: string
    readonly method?: string
  },
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: options.method ?? 'POST',
    headers: {
      'content-type': options.type ?? 'application/json',
      ...(options.authorization === undefined ? {} : { authorization: options.authorization }),
    },
    ...(options.body === undefined ? {} : { body: options.body }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

/** Receives and acknowledges until `count` messages came or the time is over. */
export async function drain(agent: Agent, count: number, limitMs = 20_000): Promise<readonly string[]> {
  const until = performance.now() + limitMs
  const ids: string[] = []
  let ack: readonly string[] = []
  while (ids.length < count && performance.now() < until) {
    const { messages } = await agent.receive({ max: 500, waitMs: 500, ack })
    ids.push(...messages.map(({ event }) => event.id))
    ack = messages.map(({ token }) => token)
  }
  // What comes after the last expected one would be a duplicate.
  const { messages } = await agent.receive({ max: 500, waitMs: 100, ack })
  return [...ids, ...messages.map(({ event }) => event.id)]
}

/** Polls until the condition holds; a test's own assertion says what was wrong otherwise. */
export async function eventually(condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<boolean> {
  const until = performance.now() + limitMs
  while (performance.now() < until) {
    if (await condition()) return true
    await systemClock.sleep(20)
  }
  return false
}
