import { expectThat, idsOf, messageOf, type Requirement } from '../requirement.ts'

const reader = { agent: 'reader', max: 100, consumer: 'one' }

/** What a repeated send does. */
export const dedupeRequirements: readonly Requirement[] = [
  {
    id: 'HMP-006',
    level: 'MUST',
    title: 'the same id with the same content is delivered once and gets the first receipt',
    check: async (trial) => {
      const bus = await trial.connect()
      const message = messageOf({ id: 'once' })
      const [first, inCall] = await bus.publish([message, message])
      const [later] = await (await trial.connect()).publish([message])
      expectThat(first?.kind === 'published', `the first send answered ${first?.kind ?? 'nothing'}`)
      for (const repeated of [inCall, later]) {
        expectThat(repeated?.kind === 'duplicate', `a repetition answered ${repeated?.kind ?? 'nothing'}`)
        expectThat(repeated.entries.join() === first.entries.join(), 'a repetition got another receipt')
      }
      const { deliveries } = await bus.receive(reader)
      expectThat(deliveries.length === 1, `it was delivered ${deliveries.length} times`)
      return 'sent three times, delivered once'
    },
  },
  {
    id: 'HMP-007',
    level: 'MUST',
    title: 'the same id with other content is refused',
    check: async (trial) => {
      const bus = await trial.connect()
      const outcomes = await bus.publish([
        messageOf({ id: 'reused', content: 'first' }),
        messageOf({ id: 'reused', content: 'second' }),
        messageOf({ id: 'reused', source: 'other', content: 'second' }),
      ])
      const kinds = outcomes.map(({ kind }) => kind).join()
      expectThat(kinds === 'published,conflict,published', `first, other content, other sender answered ${kinds}`)
      const { deliveries } = await bus.receive(reader)
      expectThat(deliveries.length === 2, `${deliveries.length} messages were delivered, 2 were accepted`)
      return 'refused for its sender, free for another sender'
    },
  },
  {
    id: 'HMP-008',
    level: 'MUST',
    title: 'a publish that failed is not remembered: sent again, it is delivered',
    check: async (trial) => {
      const bus = await trial.connect()
      const message = messageOf({ id: 'retried' })
      // A key of another type under the inbox's name makes XADD impossible until it is gone.
      const [full] = await bus.publish([messageOf({ id: 'probe' })])
      expectThat(full?.kind === 'published', `publishing answered ${full?.kind ?? 'nothing'}`)
      await bus.redis.set(trial.inboxKey('reader'), 'no stream')
      const failed = await bus.publish([message]).then(
        ([outcome]) => outcome?.kind ?? 'nothing',
        () => 'failed',
      )
      expectThat(failed === 'failed', `publishing into a broken inbox answered ${failed}`)
      await bus.redis.del(trial.inboxKey('reader'))
      const [again] = await bus.publish([message])
      expectThat(again?.kind === 'published', `sent again, it answered ${again?.kind ?? 'nothing'}`)
      const { deliveries } = await bus.receive(reader)
      expectThat(idsOf(deliveries).join() === 'retried', `delivered: ${idsOf(deliveries).join() || 'nothing'}`)
      return 'failed, sent again, delivered'
    },
  },
]
