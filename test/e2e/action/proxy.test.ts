import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { setStage } from './stage.ts'

/** A forward proxy that counts: plain requests and tunnels. */
async function startProxy(): Promise<{ readonly url: string; readonly seen: () => number } & AsyncDisposable> {
  let seen = 0
  const server: Server = createServer((incoming, outgoing) => {
    seen += 1
    const forwarded = request(
      incoming.url ?? '',
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    incoming.pipe(forwarded)
  })
  server.on('connect', (incoming, socket) => {
    seen += 1
    const { hostname, port } = new URL(`http://${incoming.url ?? ''}`)
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('behind a proxy every request goes through it', async () => {
  await using proxy = await startProxy()
  await using stage = await setStage()
  const result = await stage.publish(undefined, { env: { HTTP_PROXY: proxy.url, http_proxy: proxy.url } })
  expect(result.exitCode, result.stdout).toBe(0)
  expect(proxy.seen()).toBeGreaterThan(0)
  const direct = proxy.seen()
  await stage.publish(undefined, { env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' } })
  expect(proxy.seen()).toBe(direct)
})
