import type { ServerResponse } from 'node:http'
import type { ErrorCode, HiveError } from '../core/index.ts'

/** HTTP status of each code that a sender may see; anything else is a fault of the gateway. */
const statusOfCode: Partial<Record<ErrorCode, number>> = {
  HIVE_MESSAGE_INVALID: 400,
  HIVE_GATEWAY_REQUEST: 400,
  HIVE_GATEWAY_UNAUTHENTICATED: 401,
  HIVE_GATEWAY_FORBIDDEN: 403,
  HIVE_MESSAGE_ID_REUSED: 409,
  HIVE_MESSAGE_TOO_LARGE: 413,
  HIVE_MESSAGE_EXPIRED: 422,
  HIVE_MESSAGE_REFUSED: 422,
  HIVE_RECIPIENT_UNKNOWN: 422,
  HIVE_INBOX_FULL: 429,
  HIVE_GATEWAY_BUSY: 429,
  HIVE_GATEWAY_DRAINING: 503,
  HIVE_PROTOCOL_REDIS: 503,
  HIVE_STORE_UNREACHABLE: 503,
}

export function statusOf(error: HiveError): number {
  const own = error.data['status']
  return typeof own === 'number' ? own : (statusOfCode[error.code] ?? 500)
}

/** Sends a body that is JSON already. */
export function sendJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** Sends `{code, message, hint}` with the status of the code. */
export function sendError(response: ServerResponse, error: HiveError, redact: (text: string) => string): void {
  const status = statusOf(error)
  if (status === 401) response.setHeader('www-authenticate', 'Bearer')
  if (status === 429 || status === 503) response.setHeader('retry-after', '1')
  sendJson(response, status, JSON.stringify({ code: error.code, message: redact(error.message), hint: error.hint }))
}
