import { createConnection } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../../../src/environment/index.ts'
import { openTestGateway, request, type TestGateway } from './support.ts'

let postgres: PostgresServer
let redis: RedisServer
let shared: TestGateway

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres({ env: process.env }), startRedis({ env: process.env })])
  const { url } = await postgres.createDatabase('refusals')
  shared = await openTestGateway({ postgresUrl: url, redisUrl: redis.url })
})
afterAll(async () => {
  await shared.gateway.close()
  await Promise.all([postgres.close(), redis.close()])
})

const bearer = (index: number): string => `Bearer ${shared.tokens[`agent-${index}`] ?? ''}`
const event = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ specversion: '1.0', id: 'x', type: 'hive.request', recipient: 'agent-1', ...change })

test.each<[string, number, string, () => Parameters<typeof request>[2] & { readonly path?: string }]>([
  ['no token', 401, 'HIVE_GATEWAY_UNAUTHENTICATED', () => ({ body: event() })],
  [
    'an unknown token',
    401,
    'HIVE_GATEWAY_UNAUTHENTICATED',
    () => ({ authorization: `Bearer ${'z'.repeat(36)}`, body: event() }),
  ],
  [
    'another source',
    403,
    'HIVE_GATEWAY_FORBIDDEN',
    () => ({ authorization: bearer(0), body: event({ source: 'agent-1' }) }),
  ],
  [
    'another inbox',
    403,
    'HIVE_GATEWAY_FORBIDDEN',
    () => ({ authorization: bearer(0), body: '{}', path: '/v1/agents/agent-1/receive' }),
  ],
  ['an unknown path', 404, 'HIVE_GATEWAY_REQUEST', () => ({ authorization: bearer(0), path: '/v2/messages' })],
  ['another method', 405, 'HIVE_GATEWAY_REQUEST', () => ({ authorization: bearer(0), method: 'PUT', body: event() })],
  [
    'another media type',
    415,
    'HIVE_GATEWAY_REQUEST',
    () => ({ authorization: bearer(0), body: event(), type: 'text/plain' }),
  ],
  ['no JSON', 400, 'HIVE_MESSAGE_INVALID', () => ({ authorization: bearer(0), body: '{' })],
  [
    'no UTF-8',
    400,
    'HIVE_MESSAGE_INVALID',
    () => ({ authorization: bearer(0), body: new Uint8Array([0x22, 0xff, 0x22]) }),
  ],
  ['a NUL in data', 400, 'HIVE_MESSAGE_INVALID', () => ({ authorization: bearer(0), body: event({ data: 'a\0' }) })],
  [
    '200 levels',
    400,
    'HIVE_MESSAGE_INVALID',
    () => ({ authorization: bearer(0), body: event().replace('}', `,"data":${'['.repeat(200)}${']'.repeat(200)}}`) }),
  ],
  [
    'an expired message',
    422,
    'HIVE_MESSAGE_EXPIRED',
    () => ({ authorization: bearer(0), body: event({ expirytime: '2020-01-01T00:00:00Z' }) }),
  ],
  [
    'an unknown recipient',
    422,
    'HIVE_RECIPIENT_UNKNOWN',
    () => ({ authorization: bearer(0), body: event({ recipient: 'nobody' }) }),
  ],
  [
    'a body over 256 KiB',
    413,
    'HIVE_MESSAGE_TOO_LARGE',
    () => ({ authorization: bearer(0), body: event({ data: 'x'.repeat(300_000) }) }),
  ],
  [
    'max over 500',
    400,
    'HIVE_GATEWAY_REQUEST',
    () => ({ authorization: bearer(0), body: '{"max":501}', path: '/v1/agents/agent-0/receive' }),
  ],
  [
    'a token that is none',
    400,
    'HIVE_GATEWAY_REQUEST',
    () => ({ authorization: bearer(0), body: '{"ack":["x"]}', path: '/v1/agents/agent-0/receive' }),
  ],
])('%s is answered with %i %s', async (_name, status, code, options) => {
  const { path = '/v1/messages', ...rest } = options()
  const before = shared.gateway.stats()
  const answer = await request(shared.gateway.url, path, rest)
  expect([answer.status, answer.body['code']]).toEqual([status, code])
  expect(Object.keys(answer.body).sort()).toEqual(['code', 'hint', 'message'])
  expect(shared.gateway.stats().stored).toBe(before.stored)
})

test('a body that never says its length is cut off at 256 KiB', async () => {
  const socket = createConnection(shared.gateway.port, '127.0.0.1')
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nhost: x\r\nauthorization: ${bearer(0)}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    )
    for (let n = 0; n < 20; n += 1) socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer).toContain('HIVE_MESSAGE_TOO_LARGE')
})

test('what is not HTTP gets an answer and no crash', async () => {
  const socket = createConnection(shared.gateway.port, '127.0.0.1')
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('close', () => resolve(text))
    socket.write('HELLO\r\n\r\n')
  })
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect((await request(shared.gateway.url, '/healthz', { method: 'GET' })).status).toBe(200)
})
