import { expectThat, idsOf, messageOf, type Requirement } from '../requirement.ts'

const reader = { agent: 'reader', max: 100, consumer: 'one' }
const delayMs = 150

/** What time and newer messages do to a message that waits. */
export const scheduleRequirements: readonly Requirement[] = [
  {
    id: 'HMP-020',
    level: 'MUST',
    title: 'a delayed message is not delivered before its time, and is from then on',
    check: async (trial) => {
      const bus = await trial.connect()
      const notBeforeMs = trial.clock.now().getTime() + delayMs
      const message = messageOf({ id: 'delayed', instructions: { notBeforeMs } })
      await bus.publish([message, messageOf({ id: 'prompt' })])
      const [again] = await bus.publish([message])
      expectThat(again?.kind === 'duplicate', `sent again while it waits, it answered ${again?.kind ?? 'nothing'}`)
      const early = await bus.receive(reader)
      expectThat(idsOf(early.deliveries).join() === 'prompt', `at once came ${idsOf(early.deliveries).join()}`)
      expectThat(early.dueInMs !== undefined && early.dueInMs <= delayMs, 'nobody is told when to come back')
      await trial.clock.sleep(delayMs + 50, trial.signal)
      const late = await (await trial.connect()).receive(reader)
      expectThat(
        idsOf(late.deliveries).join() === 'delayed',
        `later came ${idsOf(late.deliveries).join() || 'nothing'}`,
      )
      return `held back for ${delayMs} ms, then delivered`
    },
  },
  {
    id: 'HMP-021',
    level: 'MUST',
    title: 'an expired message is not delivered: it goes to the dead letters',
    check: async (trial) => {
      const bus = await trial.connect()
      const expiresAtMs = trial.clock.now().getTime() + delayMs
      await bus.publish([
        messageOf({ id: 'short-lived', instructions: { expiresAtMs } }),
        messageOf({ id: 'lasting', instructions: { expiresAtMs: expiresAtMs + 3_600_000 } }),
      ])
      await trial.clock.sleep(delayMs + 50, trial.signal)
      const { deliveries, buried } = await bus.receive(reader)
      expectThat(idsOf(deliveries).join() === 'lasting', `delivered: ${idsOf(deliveries).join() || 'nothing'}`)
      const [letter] = await bus.deadLetters()
      expectThat(buried === 1 && letter?.reason === 'expired', 'it is not among the dead letters as expired')
      return 'expired in the inbox, buried, the next one delivered'
    },
  },
  {
    id: 'HMP-022',
    level: 'MUST',
    title: 'a supersede key replaces what waits of the same source under the same key, and nothing else',
    check: async (trial) => {
      const bus = await trial.connect()
      const keyed = (id: string, source = 'sender', supersedeKey = 'progress') =>
        messageOf({ id, source, instructions: { supersedeKey } })
      await bus.publish([keyed('held')])
      const held = await bus.receive(reader)
      await bus.publish([keyed('old'), keyed('other-sender', 'rival'), keyed('other-key', 'sender', 'mood')])
      const notBeforeMs = trial.clock.now().getTime() + delayMs
      await bus.publish([messageOf({ id: 'planned', instructions: { supersedeKey: 'progress', notBeforeMs } })])
      await bus.publish([keyed('new'), messageOf({ id: 'plain' })])
      await trial.clock.sleep(delayMs + 50, trial.signal)
      const { deliveries } = await bus.receive(reader)
      const ids = idsOf(deliveries).toSorted().join()
      expectThat(ids === 'new,other-key,other-sender,plain', `delivered: ${ids || 'nothing'}`)
      const own = await bus.receive({ ...reader, ownFrom: '-' })
      expectThat(idsOf(own.deliveries).includes('held'), 'a message that was being worked on was taken from its holder')
      const settle = held.deliveries.map(({ token }) => ({ token, outcome: 'done' as const }))
      const { settled } = await bus.receive({ ...reader, max: 0, settle })
      expectThat(settled.join() === 'true', 'the holder of an older message could not settle')
      return 'the waiting and the delayed one replaced; other senders, other keys and the delivered one kept'
    },
  },
]
