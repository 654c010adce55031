import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock, systemIds } from '../../../src/core/index.ts'
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../../../src/environment/index.ts'
import { agentAt, tokensOf } from './support.ts'

const kills = process.env['HIVE_TEST_PROFILE'] === 'full' ? 40 : 4
const senders = 20
const readers = 4

let postgres: PostgresServer
let redis: RedisServer
const children = new Set<ChildProcess>()
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres({ env: process.env }), startRedis({ env: process.env })])
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all([postgres.close(), redis.close()])
})

test(
  `a gateway killed ${kills} times under load loses nothing that it acknowledged`,
  { timeout: 240_000 },
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    console.log(`seed ${seed}`)
    let state = seed
    /** Park and Miller's generator: the moments of the kills can be repeated. */
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const { url: postgresUrl } = await postgres.createDatabase('kill')
    const team = `kill-${systemIds.short(8)}`
    const tokens = tokensOf(senders)
    const script = fileURLToPath(new URL('./gateway-process.ts', import.meta.url))

    let url = ''
    const start = async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [script, postgresUrl, redis.url, team, JSON.stringify(tokens)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      children.add(child)
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      url = String(line).trim()
      return child
    }

    const acknowledged = new Set<string>()
    const delivered = new Map<string, number>()
    const settled = new Set<string>()
    const [sent, received] = [new AbortController(), new AbortController()]
    const token = (index: number): { name: string; token: string } => ({
      name: `agent-${index}`,
      token: tokens[`agent-${index}`] ?? '',
    })
    const send = async (index: number): Promise<void> => {
      for (let n = 0; !sent.signal.aborted; n += 1) {
        const id = `${index}-${n}`
        const event = { id, recipient: `agent-${n % readers}`, data: { n } }
        // A sender without a receipt repeats the same message until it has one.
        while (!sent.signal.aborted) {
          const answer = await agentAt(url, token(index))
            .send(event)
            .catch(() => undefined)
          if (answer?.status === 202) {
            acknowledged.add(id)
            break
          }
          await systemClock.sleep(20)
        }
      }
    }
    const receive = async (index: number): Promise<void> => {
      let ack: readonly { readonly token: string; readonly id: string }[] = []
      while (!received.signal.aborted) {
        const answer = await agentAt(url, token(index))
          .receive({ max: 50, waitMs: 200, ack: ack.map((message) => message.token) })
          .catch(() => undefined)
        if (answer === undefined) {
          await systemClock.sleep(20)
          continue
        }
        for (const message of ack) if (!answer.stale.includes(message.token)) settled.add(message.id)
        ack = answer.messages.map((message) => ({ token: message.token, id: message.event.id }))
        for (const { id } of ack) {
          // Delivered again is allowed, delivered again after its acknowledgement was confirmed is not.
          expect(settled.has(id), `${id} came back after it was settled`).toBe(false)
          delivered.set(id, (delivered.get(id) ?? 0) + 1)
        }
      }
    }

    let gateway = await start()
    const senderWork = Promise.all(Array.from({ length: senders }, (_, index) => send(index)))
    const readerWork = Promise.all(Array.from({ length: readers }, (_, index) => receive(index)))
    for (let kill = 0; kill < kills; kill += 1) {
      await systemClock.sleep(100 + random() * 400)
      gateway.kill('SIGKILL')
      await once(gateway, 'exit')
      gateway = await start()
    }
    sent.abort()
    await senderWork
    const missing = (): readonly string[] => [...acknowledged].filter((id) => !delivered.has(id))
    const until = performance.now() + 20_000
    while (missing().length > 0 && performance.now() < until) await systemClock.sleep(50)
    received.abort()
    await readerWork
    gateway.kill('SIGKILL')
    await once(gateway, 'exit')
    expect(acknowledged.size).toBeGreaterThan(kills * 10)
    expect(missing()).toEqual([])
  },
)
