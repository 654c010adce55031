import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Behaviour {
  /** Added to every write, after the message is stored. */
  readonly delayMs?: number
  /** Status of a write; 202 by default. */
  readonly statusOf?: (write: number) => number
  /** Stops answering (`hang`) or ends the server (`die`) after so many writes. */
  readonly after?: { readonly writes: number; readonly do: 'hang' | 'die' }
  /** What an inbox hands out for one written message. */
  readonly deliver?: (event: unknown) => readonly unknown[]
}

export interface MessageServer extends AsyncDisposable {
  readonly url: string
  readonly writes: () => number
  /** Tokens that came with a write, to prove that they arrived. */
  readonly authorizations: ReadonlySet<string>
}

interface Inbox {
  readonly waiting: unknown[]
  wake: (() => void) | undefined
}

/** The two routes of the gateway that a load test uses, kept in memory, with the faults that a test asks for. */
export async function startMessageServer(behaviour: Behaviour = {}): Promise<MessageServer> {
  const inboxes = new Map<string, Inbox>()
  const authorizations = new Set<string>()
  let writes = 0
  let hanging = false
  const deliver = behaviour.deliver ?? ((event) => [event])
  const inboxOf = (name: string): Inbox => {
    const known = inboxes.get(name)
    if (known !== undefined) return known
    const inbox: Inbox = { waiting: [], wake: undefined }
    inboxes.set(name, inbox)
    return inbox
  }

  const write = async (body: string, response: ServerResponse): Promise<void> => {
    writes += 1
    if (behaviour.after !== undefined && writes > behaviour.after.writes) {
      if (behaviour.after.do === 'hang') hanging = true
      else stop(server)
      return
    }
    const status = behaviour.statusOf?.(writes) ?? 202
    if (status < 300) {
      const event = JSON.parse(body) as { readonly recipient: string }
      const inbox = inboxOf(event.recipient)
      inbox.waiting.push(...deliver(event))
      inbox.wake?.()
    }
    if (behaviour.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs))
    response.writeHead(status).end('{}')
  }

  const receive = async (name: string, response: ServerResponse): Promise<void> => {
    const inbox = inboxOf(name)
    if (inbox.waiting.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000)
        inbox.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    const messages = inbox.waiting.splice(0, 500).map((event, index) => ({ token: `${writes}-${index}`, event }))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ messages }))
  }

  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      if (hanging) return
      const inbox = /^\/v1\/agents\/([^/]+)\/receive$/.exec(request.url ?? '')?.[1]
      if (request.url === '/v1/messages') {
        authorizations.add(request.headers.authorization ?? '')
        await write(body, response)
      } else if (inbox !== undefined) await receive(decodeURIComponent(inbox), response)
      else response.writeHead(404).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: () => writes,
    authorizations,
    [Symbol.asyncDispose]: async () => stop(server),
  }
}

function stop(server: Server): void {
  server.close()
  server.closeAllConnections()
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
