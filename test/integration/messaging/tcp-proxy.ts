import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

/** Stands between a client and its server, and breaks what is between them on request. */
export interface TcpProxy {
  readonly url: string
  /** Requests go through, replies do not: the server executes, the client never hears. */
  readonly dropReplies: (drop: boolean) => void
  /** Ends every connection at once; while `refuse` is set, new ones are ended too. */
  readonly cut: (refuse: boolean) => void
  readonly close: () => Promise<void>
}

export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl)
  const pairs = new Set<readonly [Socket, Socket]>()
  let dropping = false
  let refusing = false
  const server = createServer((client) => {
    if (refusing) {
      client.destroy()
      return
    }
    const upstream = createConnection(Number(target.port), target.hostname)
    const pair = [client, upstream] as const
    pairs.add(pair)
    client.on('data', (chunk) => upstream.write(chunk))
    upstream.on('data', (chunk) => (dropping ? undefined : client.write(chunk)))
    for (const socket of pair) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        for (const other of pair) other.destroy()
        pairs.delete(pair)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(targetUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const cut = (refuse: boolean): void => {
    refusing = refuse
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  return {
    url: url.href,
    dropReplies: (drop) => {
      dropping = drop
    },
    cut,
    close: async () => {
      cut(true)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
