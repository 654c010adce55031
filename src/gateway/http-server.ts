import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fault } from '../core/index.ts'

export interface HttpServerOptions {
  readonly host: string
  readonly port: number
  readonly maxConnections: number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/**
 * Opens the HTTP server with its limits: 16 KiB and 64 lines of headers within 10 s, the whole request within 30 s.
 *
 * @throws HIVE_PORT_IN_USE, HIVE_GATEWAY_PORT
 */
export async function openHttpServer(options: HttpServerOptions): Promise<Server> {
  const { host, port } = options
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => void options.handle(request, response),
  )
  server.maxConnections = options.maxConnections
  server.maxHeadersCount = 64
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return
    socket.end(malformed(error.code))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? fault('HIVE_PORT_IN_USE', { host, port }, error)
          : fault('HIVE_GATEWAY_PORT', { host, port, problem: error.message }, error),
      )
    })
    server.listen(port, host, resolve)
  })
  return server
}

/** The answer to what is not even HTTP. */
function malformed(code: string | undefined): string {
  const [status, problem] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'the headers are larger than 16 KiB']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'the request did not arrive in time']
        : ['400 Bad Request', 'it is not HTTP/1.1']
  const { message, hint } = fault('HIVE_GATEWAY_REQUEST', { problem })
  const body = JSON.stringify({ code: 'HIVE_GATEWAY_REQUEST', message, hint })
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}
