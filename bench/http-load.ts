import { createConnection } from 'node:net'

export interface LoadFigures {
  readonly requests: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly deliveredPerSecond: number
}

type Post = (path: string, token: string, body: string) => Promise<string>

/** A keep-alive connection that sends one request at a time: the client costs as little CPU as Node allows. */
function connect(port: number): Promise<Post & { end: () => void }> {
  return new Promise((resolve, reject) => {
    let buffer = ''
    let answered: ((text: string) => void) | undefined
    const socket = createConnection(port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1')
      const head = buffer.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(buffer)?.[1] ?? 0)
      if (buffer.length < head + 4 + length) return
      const text = buffer
      buffer = ''
      answered?.(text)
    })
    const post: Post = (path, token, body) =>
      new Promise((done) => {
        answered = done
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        )
      })
    socket.on('connect', () => resolve(Object.assign(post, { end: () => socket.destroy() })))
  })
}

/** 100 writers in a closed loop for `seconds`, after one second that is not counted; ten readers where `receive` is set. */
export async function drive(
  port: number,
  options: { readonly tokens: Readonly<Record<string, string>>; readonly seconds: number; readonly receive: boolean },
): Promise<LoadFigures> {
  const names = Object.keys(options.tokens)
  const run = `${process.pid}-${performance.now()}`
  const latencies: number[] = []
  let measuring = false
  const stop = new AbortController()
  let delivered = 0
  const write = async (name: string, index: number): Promise<void> => {
    const post = await connect(port)
    for (let n = 0; !stop.signal.aborted; n += 1) {
      const event = {
        specversion: '1.0',
        id: `${run}-${index}-${n}`,
        type: 'hive.status.update',
        recipient: names[(index + n) % 10],
        data: { sequence: n, status: 'working', detail: 'schema of messages.db compared, 12 of 23 tables done' },
      }
      const started = performance.now()
      const answer = await post('/v1/messages', options.tokens[name] ?? '', JSON.stringify(event))
      if (!answer.startsWith('HTTP/1.1 202')) throw new Error(`could not send: ${answer.slice(-300)}`)
      if (measuring) latencies.push(performance.now() - started)
    }
    post.end()
  }
  const read = async (name: string): Promise<void> => {
    const post = await connect(port)
    let ack: readonly string[] = []
    while (!stop.signal.aborted) {
      const text = await post(
        `/v1/agents/${name}/receive`,
        options.tokens[name] ?? '',
        JSON.stringify({ max: 500, waitMs: 500, ack }),
      )
      const { messages } = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { messages: { token: string }[] }
      ack = messages.map(({ token }) => token)
      if (measuring) delivered += ack.length
    }
    post.end()
  }
  const work = Promise.all([...names.map(write), ...(options.receive ? names.slice(0, 10).map(read) : [])])
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  await Promise.race([work, pause(1_000)])
  measuring = true
  await Promise.race([work, pause(options.seconds * 1_000)])
  measuring = false
  stop.abort()
  const deliveredPerSecond = delivered / options.seconds
  await work
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return {
    requests: latencies.length,
    perSecond: latencies.length / options.seconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    deliveredPerSecond,
  }
}
