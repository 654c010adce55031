import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { answer, type Answer, operationOf } from './answer.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import type { Token } from './types.ts'
import { repositoryOf, type World } from './world.ts'

/**
 * GitHub over HTTP. A server of our own rather than `emulate` behind a proxy: that one has no Checks semantics,
 * reactions, runs or GraphQL, takes any token for the first user and leaves a pull request's head where it was
 * (facts measured on 0.12.2), so that the proxy would have had to do the greater part anyway.
 */

/** One line of the log. Faults have the status that the client saw, 0 for none. */
export interface LoggedRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  /** The key of the operation; undefined for one that Agent Hive does not use. */
  readonly operation?: string
  readonly body: unknown
  readonly actor?: string
  status: number
}

export interface RunningServer {
  readonly faults: Faults
  readonly requests: LoggedRequest[]
  readonly violations: string[]
  /** Ends every connection, those that hang too. */
  readonly close: () => Promise<void>
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

function plain(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = Buffer.from(
    JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest', status: String(status) }),
  )
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body, violations: [] }
}

function faultAnswer(world: World, fault: Fault): Answer | undefined {
  if (fault.kind === 'status') return plain(fault.status, fault.message ?? `fault ${fault.status}`, fault.headers)
  if (fault.kind !== 'rate-limit') return undefined
  if (fault.limit === 'secondary') {
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    return plain(429, message, { 'retry-after': String(fault.retryAfterS) })
  }
  const reset = Math.floor(Date.parse(world.now()) / 1000) + fault.retryAfterS
  return plain(403, 'API rate limit exceeded for installation.', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(reset),
  })
}

/** Artifacts: addresses are signed, so that a token that comes along is an error of the client. */
function blobServer(world: World, violations: string[]): Server {
  return createServer((request, response) => {
    const [, owner, name, id] = /^\/([^/]+)\/([^/]+)\/(\d+)\.zip\?sig=signed$/.exec(request.url ?? '') ?? []
    const artifact = repositoryOf(world, `${owner}/${name}`)?.artifacts.get(Number(id))
    if (request.headers.authorization !== undefined) {
      violations.push('the token was sent to the address from which an artifact is downloaded')
      response.writeHead(400).end('InvalidAuthenticationInfo')
    } else if (artifact === undefined) response.writeHead(404).end()
    else
      response
        .writeHead(200, { 'content-type': 'application/zip', 'content-length': artifact.zip.length })
        .end(artifact.zip)
  })
}

/** Starts the API and the artifact store on free loopback ports and writes their addresses into the world. */
export async function startServer(world: World): Promise<RunningServer> {
  const faults = createFaults()
  const requests: LoggedRequest[] = []
  const violations: string[] = []
  let served = 0

  function tokenOf(request: IncomingMessage): Token | Answer {
    const [, value] = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (value === undefined) return plain(401, 'Requires authentication')
    return world.tokens.get(value) ?? plain(401, 'Bad credentials')
  }

  function send(response: ServerResponse, { status, headers, body }: Answer, logged: LoggedRequest): void {
    logged.status = status
    const etag = `W/"${createHash('sha1').update(body).digest('hex')}"`
    const fresh = logged.method === 'GET' && status === 200 && response.req.headers['if-none-match'] === etag
    if (fresh) logged.status = 304
    response.writeHead(logged.status, {
      'x-github-request-id': `HIVE:${served.toString(16).toUpperCase().padStart(6, '0')}`,
      'x-github-media-type': 'github.v3; format=json',
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': String(Math.max(0, 1000 - served)),
      'x-ratelimit-used': String(served),
      'x-ratelimit-resource': 'core',
      'x-ratelimit-reset': String(Math.floor(Date.parse(world.now()) / 1000) + 3600),
      ...(logged.method === 'GET' && status === 200 && { etag }),
      ...(fresh ? {} : { 'content-length': String(body.length) }),
      ...headers,
    })
    response.end(fresh || status === 204 ? undefined : body)
  }

  function lose(response: ServerResponse, fault: Fault, { body, status, headers }: Answer): void {
    if (fault.kind === 'reset') response.socket?.resetAndDestroy()
    if (fault.kind === 'truncate') {
      response.writeHead(status, { ...headers, 'content-length': String(body.length) })
      response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy())
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const path = request.url ?? '/'
    const url = new URL(path, `http://${request.headers.host ?? '127.0.0.1'}`)
    const operation = operationOf(method, url)
    const body = await readBody(request)
    const logged: LoggedRequest = { method, path, ...(operation !== undefined && { operation }), body, status: 0 }
    requests.push(logged)
    served += 1
    const hitting = faults.hitting(operation ?? '', `${method} ${path}`)
    for (const fault of hitting) {
      if (fault.kind === 'delay') await delay(fault.ms)
      if (fault.kind === 'meanwhile') await fault.run()
    }
    const token = tokenOf(request)
    if ('value' in token) Object.assign(logged, { actor: token.actor.login })
    const failing = hitting.find(({ kind }) => ['status', 'rate-limit', 'hang', 'reset', 'truncate'].includes(kind))
    const skipped = failing !== undefined && failing.kind !== 'truncate' && failing.applied !== true
    const full: Answer = skipped
      ? plain(500, 'not carried out')
      : 'status' in token
        ? token
        : answer(world, { method, url, body, accept: request.headers.accept ?? '', token, faults: hitting })
    violations.push(...full.violations)
    if (request.headers['user-agent'] === undefined)
      violations.push(`${method} ${path}: GitHub refuses requests without a user-agent`)
    if (failing === undefined) send(response, full, logged)
    else {
      const instead = faultAnswer(world, failing)
      if (instead === undefined) lose(response, failing, full)
      else send(response, instead, logged)
    }
  }

  const api = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push(
        `stand-in: ${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      response.writeHead(500).end()
    })
  })
  const blobs = blobServer(world, violations)
  world.apiUrl = await listen(api)
  world.blobUrl = await listen(blobs)
  let closing: Promise<unknown> | undefined
  return {
    faults,
    requests,
    violations,
    close: async () => {
      closing ??= Promise.all([api, blobs].map(stop))
      await closing
    },
  }
}
