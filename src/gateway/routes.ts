import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRedactor, fault, toHiveError } from '../core/index.ts'
import { sendError, sendJson, statusOf } from './http-reply.ts'
import type { Inboxes } from './inboxes.ts'
import { renderMetrics } from './metrics.ts'
import type { GatewayStats } from './options.ts'
import { receiveMessages } from './receive-messages.ts'
import { readJsonBody } from './request-body.ts'
import { admitSend, sendMessage, type SenderParts } from './send-message.ts'

export interface RouteParts extends SenderParts {
  readonly inboxes: Inboxes
  readonly stats: () => GatewayStats
  readonly log: (line: string) => void
  /** Aborted when the gateway begins to drain. */
  readonly draining: AbortSignal
}

const receivePath = /^\/v1\/agents\/([^/]{1,100})\/receive$/
const redact = createRedactor()

/** Answers one request; every failure becomes `{code, message, hint}` with its status. */
export async function handleRequest(
  parts: RouteParts,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  try {
    await route(parts, request, { response })
  } catch (error) {
    const known = toHiveError(error)
    const status = statusOf(known)
    if (status >= 500) parts.log(redact(`${known.code} ${known.message}`))
    else parts.counters.refused += 1
    if (response.headersSent || response.destroyed) return
    // What was not read of the body would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close')
    sendError(response, known, redact)
  }
}

async function route(
  parts: RouteParts,
  request: IncomingMessage,
  { response }: { readonly response: ServerResponse },
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  if (path === '/v1/messages') {
    expectMethod(request, 'POST')
    const agent = parts.directory.authenticate(request.headers.authorization)
    refuseWhileDraining(parts)
    admitSend(parts)
    const receipt = await sendMessage(parts, { agent, body: await readJsonBody(request) })
    sendJson(response, 202, JSON.stringify(receipt))
    return
  }
  const wanted = receivePath.exec(path)?.[1]
  if (wanted !== undefined) {
    expectMethod(request, 'POST')
    const agent = parts.directory.authenticate(request.headers.authorization)
    if (agent !== wanted) throw fault('HIVE_GATEWAY_FORBIDDEN', { agent, wanted })
    const body = await readJsonBody(request)
    const gone = new AbortController()
    // A reason of our own: the default one is an exception with a stack, made for every request.
    const onGone = (): void => gone.abort('gone')
    response.once('close', onGone)
    parts.draining.addEventListener('abort', onGone, { once: true })
    if (parts.draining.aborted) onGone()
    try {
      sendJson(response, 200, await receiveMessages(parts.inboxes, { agent, body, signal: gone.signal }))
    } finally {
      parts.draining.removeEventListener('abort', onGone)
    }
    return
  }
  sendOperational(parts, path, { request, response })
}

/** Health, readiness and metrics: what watches the gateway needs no token. */
function sendOperational(
  parts: RouteParts,
  path: string,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void {
  switch (path) {
    case '/healthz':
      expectMethod(request, 'GET')
      sendJson(response, 200, '{"status":"ok"}')
      return
    case '/readyz': {
      expectMethod(request, 'GET')
      const state = {
        redis: parts.bus.isReady(),
        postgres: parts.writer.isReady(),
        draining: parts.draining.aborted,
      }
      const ready = state.redis && state.postgres && !state.draining
      sendJson(response, ready ? 200 : 503, JSON.stringify({ status: ready ? 'ready' : 'not ready', ...state }))
      return
    }
    case '/metrics': {
      expectMethod(request, 'GET')
      if (!isLoopback(request.socket.remoteAddress)) break
      const body = renderMetrics(parts.stats())
      response.writeHead(200, {
        'content-type': 'text/plain; version=0.0.4',
        'content-length': Buffer.byteLength(body),
      })
      response.end(body)
      return
    }
    default:
  }
  throw fault('HIVE_GATEWAY_REQUEST', { problem: `there is no ${path.slice(0, 100)}`, status: 404 })
}

function expectMethod(request: IncomingMessage, method: string): void {
  if (request.method === method) return
  throw fault('HIVE_GATEWAY_REQUEST', { problem: `the method is ${request.method ?? ''}, not ${method}`, status: 405 })
}

function refuseWhileDraining(parts: RouteParts): void {
  if (parts.draining.aborted) throw fault('HIVE_GATEWAY_DRAINING', { state: 'shutting down' })
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:127\.|::1$|::ffff:127\.)/.test(address)
}
