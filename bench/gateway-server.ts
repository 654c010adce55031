import { systemClock, systemIds } from '../src/core/index.ts'
import { sendJson } from '../src/gateway/http-reply.ts'
import { openHttpServer } from '../src/gateway/http-server.ts'
import { startGateway } from '../src/gateway/index.ts'
import { readJsonBody } from '../src/gateway/request-body.ts'
import { createAuthenticator } from '../src/gateway/tokens.ts'
import { contentHash, encodeEvent, parseEvent } from '../src/protocol/index.ts'

/**
 * One subject of the benchmark in a process of its own: the gateway, or the same work (authenticate, parse, validate,
 * hash, encode, answer) without storage. Tells its port, and its CPU time when asked.
 */
const [kind = '', postgresUrl = '', redisUrl = '', tokenText = '{}'] = process.argv.slice(2)
const tokens = JSON.parse(tokenText) as Record<string, string>
const directory = createAuthenticator(tokens)

function accept(agent: string, body: unknown): string {
  const event = parseEvent(body, { source: agent })
  contentHash(event)
  return JSON.stringify({ id: event.id, receipt: 'none', bytes: encodeEvent(event).length })
}

async function open(): Promise<number> {
  if (kind === 'gateway') {
    const gateway = await startGateway({
      postgresUrl,
      redisUrl,
      team: `bench-${systemIds.short(8)}`,
      tokens,
      signal: new AbortController().signal,
      clock: systemClock,
      ids: systemIds,
      log: (line) => process.stderr.write(`${line}\n`),
    })
    return gateway.port
  }
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    maxConnections: 2_048,
    handle: async (request, response) => {
      const agent = directory.authenticate(request.headers.authorization)
      sendJson(response, 202, accept(agent, await readJsonBody(request)))
    },
  })
  return (server.address() as { port: number }).port
}

const port = await open()
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1_000 })
})
process.send?.({ port })
