import { done, expectThat, idsOf, messageOf, type Requirement } from '../requirement.ts'

const reader = { agent: 'reader', max: 100 }

/** What reaches a recipient, how often, and in which order. */
export const deliveryRequirements: readonly Requirement[] = [
  {
    id: 'HMP-001',
    level: 'MUST',
    title: 'a published message reaches exactly one consumer of its inbox, unchanged',
    check: async (trial) => {
      const bus = await trial.connect()
      const messages = ['a', 'b', 'c', 'd'].map((id) => messageOf({ id, content: { text: `é ${id} \u{1F41D}` } }))
      const outcomes = await bus.publish(messages)
      expectThat(
        outcomes.every(({ kind }) => kind === 'published'),
        `publishing answered ${outcomes.map(({ kind }) => kind).join(', ')}`,
      )
      const first = await bus.receive({ agent: 'reader', max: 2, consumer: 'one' })
      const second = await bus.receive({ ...reader, consumer: 'two' })
      const received = [...first.deliveries, ...second.deliveries].map(({ event }) => event)
      const sent = messages.map(({ event }) => event)
      expectThat(received.length === sent.length, `${received.length} of ${sent.length} messages were delivered`)
      expectThat(
        received.every((event, index) => event === sent[index]),
        'an event was changed on its way',
      )
      return '4 messages, 2 consumers, every byte equal'
    },
  },
  {
    id: 'HMP-002',
    level: 'MUST',
    title: 'an inbox keeps the order in which one sender published',
    check: async (trial) => {
      const bus = await trial.connect()
      const ids = Array.from({ length: 1_000 }, (_, index) => `m${index}`)
      for (const part of [ids.slice(0, 1), ids.slice(1)]) await bus.publish(part.map((id) => messageOf({ id })))
      const seen: string[] = []
      for (;;) {
        const { deliveries } = await bus.receive({ ...reader, consumer: 'one' })
        if (deliveries.length === 0) break
        seen.push(...idsOf(deliveries))
        await bus.receive({ agent: 'reader', max: 0, consumer: 'one', settle: done(deliveries) })
      }
      expectThat(seen.length === ids.length, `${seen.length} of ${ids.length} messages were delivered`)
      const wrong = seen.findIndex((id, index) => id !== ids[index])
      expectThat(wrong === -1, `message ${seen[wrong] ?? ''} came in place of ${ids[wrong] ?? ''}`)
      return '1,000 messages, 999 of them in one call, in order'
    },
  },
  {
    id: 'HMP-003',
    level: 'MUST',
    title: 'a broadcast puts one copy into every recipient’s inbox, settled apart from the others',
    check: async (trial) => {
      const bus = await trial.connect()
      const agents = ['north', 'east', 'south', 'west']
      const [outcome] = await bus.publish([messageOf({ id: 'all', recipients: agents })])
      expectThat(outcome?.kind === 'published', `publishing answered ${outcome?.kind ?? 'nothing'}`)
      expectThat(outcome.entries.length === agents.length, `the receipt names ${outcome.entries.length} of 4 copies`)
      for (const agent of agents) {
        const { deliveries } = await bus.receive({ agent, max: 10, consumer: 'one' })
        expectThat(deliveries.length === 1, `${agent} got ${deliveries.length} copies`)
        if (agent !== 'west') await bus.receive({ agent, max: 0, consumer: 'one', settle: done(deliveries) })
      }
      const depths = await Promise.all(agents.map((agent) => bus.depth(agent)))
      expectThat(depths.join() === '0,0,0,1', `after three of four settled, the inboxes hold ${depths.join(', ')}`)
      return '4 recipients, one copy each'
    },
  },
  {
    id: 'HMP-004',
    level: 'MUST',
    title: 'publishing rings the doorbell of the recipient',
    check: async (trial) => {
      const [sender, receiver] = await Promise.all([trial.connect(), trial.connect()])
      const rung = new Promise<readonly string[]>((resolve) => {
        receiver.onBell((agents) => {
          if (agents !== undefined) resolve(agents)
        })
      })
      await sender.publish([messageOf({ id: 'ring' })])
      const agents = await Promise.race([rung, trial.clock.sleep(1_000, trial.signal)])
      expectThat(agents?.includes('reader') === true, 'another process of the team heard nothing within a second')
      return 'heard by another process'
    },
  },
  {
    id: 'HMP-005',
    level: 'SHOULD',
    title: 'a full inbox refuses what is sent to it and keeps what it holds',
    check: async (trial) => {
      const bus = await trial.connect({ maxInboxDepth: 3 })
      const outcomes = await bus.publish(['a', 'b', 'c', 'd'].map((id) => messageOf({ id })))
      const kinds = outcomes.map(({ kind }) => kind).join()
      expectThat(kinds === 'published,published,published,full', `four sends to an inbox of three answered ${kinds}`)
      const { deliveries } = await bus.receive({ ...reader, consumer: 'one' })
      await bus.receive({ agent: 'reader', max: 0, consumer: 'one', settle: done(deliveries) })
      const [again] = await bus.publish([messageOf({ id: 'd' })])
      expectThat(again?.kind === 'published', `sent again after it was read, it answered ${again?.kind ?? 'nothing'}`)
      return 'refused at its limit, accepted after it was read'
    },
  },
]
