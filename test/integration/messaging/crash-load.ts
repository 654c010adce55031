import { expect } from 'vitest'
import { systemClock } from '../../../src/core/index.ts'
import { agentAt } from './support.ts'

export interface CrashLoad {
  /** Ids whose sender has a receipt. */
  readonly acknowledged: ReadonlySet<string>
  /** Stops the senders, waits until everything acknowledged was delivered or 20 s are over, stops the readers. */
  readonly finish: () => Promise<{ readonly missing: readonly string[]; readonly settledTwice: readonly string[] }>
}

/** Senders and readers in closed loops that live through crashes: whoever has no answer repeats. */
export function startCrashLoad(options: {
  /** Where the gateway is now. */
  readonly url: () => string
  readonly tokens: Readonly<Record<string, string>>
  readonly readers: number
}): CrashLoad {
  const { url, tokens, readers } = options
  const acknowledged = new Set<string>()
  const delivered = new Set<string>()
  /** How often the settlement of a message was confirmed: an effect bound to it happens so often. */
  const settled = new Map<string, number>()
  const [sent, received] = [new AbortController(), new AbortController()]
  const agent = (index: number): ReturnType<typeof agentAt> =>
    agentAt(url(), { name: `agent-${index}`, token: tokens[`agent-${index}`] ?? '' })

  const send = async (index: number): Promise<void> => {
    for (let n = 0; !sent.signal.aborted; n += 1) {
      const id = `${index}-${n}`
      const event = { id, recipient: `agent-${n % readers}`, data: { n } }
      // A sender without a receipt repeats the same message until it has one.
      while (!sent.signal.aborted) {
        const answer = await agent(index)
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
      const answer = await agent(index)
        .receive({ max: 50, waitMs: 200, ack: ack.map((message) => message.token) })
        .catch(() => undefined)
      if (answer === undefined) {
        await systemClock.sleep(20)
        continue
      }
      for (const { token, id } of ack) {
        if (!answer.stale.includes(token)) settled.set(id, (settled.get(id) ?? 0) + 1)
      }
      ack = answer.messages.map((message) => ({ token: message.token, id: message.event.id }))
      // Delivered again is allowed, delivered again after its acknowledgement was confirmed is not.
      for (const { id } of ack) {
        expect(settled.has(id), `${id} came back after it was settled`).toBe(false)
        delivered.add(id)
      }
    }
  }
  const senders = Promise.all(Object.keys(tokens).map((_name, index) => send(index)))
  const readerWork = Promise.all(Array.from({ length: readers }, (_, index) => receive(index)))
  const failed = readerWork.then(
    () => {},
    () => {},
  )
  return {
    acknowledged,
    finish: async () => {
      sent.abort()
      await senders
      const missing = (): readonly string[] => [...acknowledged].filter((id) => !delivered.has(id))
      const until = performance.now() + 20_000
      while (missing().length > 0 && performance.now() < until) {
        await Promise.race([failed, systemClock.sleep(50)])
      }
      received.abort()
      await readerWork
      return {
        missing: missing(),
        settledTwice: [...settled].filter(([, times]) => times > 1).map(([id]) => id),
      }
    },
  }
}

/** Park and Miller's generator: the moments of the kills can be repeated by their seed, which is printed. */
export function seededRandom(): () => number {
  let state = 1 + Math.floor(Math.random() * (2 ** 31 - 2))
  console.log(`seed ${state}`)
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
