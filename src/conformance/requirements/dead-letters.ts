import { expectThat, messageOf, type Requirement } from '../requirement.ts'

/** What cannot be delivered, and is not lost. */
export const deadLetterRequirements: readonly Requirement[] = [
  {
    id: 'HMP-017',
    level: 'MUST',
    title: 'a message that has a receipt and whose id is taken by other content goes to the dead letters, once',
    check: async (trial) => {
      const bus = await trial.connect()
      await bus.publish([messageOf({ id: 'taken', content: 'straight to Redis' })])
      const archived = messageOf({ id: 'taken', content: 'archived', recipients: ['north', 'east'] })
      const [first] = await bus.publish([archived], { buryConflicts: true })
      const [again] = await bus.publish([archived], { buryConflicts: true })
      const buried = [first, again].map((outcome) => (outcome?.kind === 'conflict' ? outcome.buried : outcome?.kind))
      expectThat(buried.join() === '2,0', `two attempts for two recipients buried ${buried.join()}`)
      const letters = await bus.deadLetters()
      expectThat(letters.length === 2, `there are ${letters.length} dead letters`)
      for (const letter of letters) {
        expectThat(letter.event === archived.event, 'the dead letter is not the message')
        expectThat(letter.code === 'HIVE_MESSAGE_ID_REUSED', `its code is ${letter.code ?? 'missing'}`)
      }
      expectThat(letters.map(({ agent }) => agent).join() === 'north,east', 'the dead letters lack their recipients')
      return 'one dead letter a recipient, with its code, none for the repetition'
    },
  },
  {
    id: 'HMP-018',
    level: 'MUST',
    title: 'a replayed dead letter is delivered again, whole, and is no dead letter any more',
    check: async (trial) => {
      const bus = await trial.connect()
      const message = messageOf({ id: 'second-chance' })
      await bus.publish([message])
      const { deliveries } = await bus.receive({ agent: 'reader', max: 1, consumer: 'one' })
      const settle = deliveries.map(({ token }) => ({ token, outcome: 'reject' as const }))
      await bus.receive({ agent: 'reader', max: 0, consumer: 'one', settle })
      const [letter] = await bus.deadLetters()
      expectThat(letter !== undefined, 'there is no dead letter to replay')
      const flags = await bus.replay([letter.entry, '1-1'])
      expectThat(flags.join() === 'true,false', `replaying it and one that is not there answered ${flags.join()}`)
      expectThat((await bus.deadLetters()).length === 0, 'it is still a dead letter')
      const again = await bus.receive({ agent: 'reader', max: 10, consumer: 'one' })
      expectThat(again.deliveries.map(({ event }) => event).join() === message.event, 'it was not delivered again')
      expectThat((await bus.replay([letter.entry])).join() === 'false', 'it can be replayed twice')
      return 'delivered again once'
    },
  },
  {
    id: 'HMP-019',
    level: 'SHOULD',
    title: 'whoever watches sees every event that is published, once, and takes it from nobody',
    check: async (trial) => {
      const bus = await trial.connect()
      const watcher = await trial.connect()
      const seen: string[] = []
      const end = await watcher.watch((event) => seen.push(event))
      const message = messageOf({ id: 'watched', recipients: ['north', 'east'] })
      await bus.publish([message])
      await bus.publish([message])
      // What is published on this connection comes after what was published before.
      const last = messageOf({ id: 'last', recipients: ['north'] })
      await bus.publish([last])
      for (let left = 100; left > 0 && seen.at(-1) !== last.event; left -= 1) await trial.clock.sleep(10, trial.signal)
      await end()
      expectThat(seen.join() === [message.event, last.event].join(), `it saw ${seen.length} events, 2 were published`)
      expectThat((await bus.depth('north')) === 2, 'watching took a message out of an inbox')
      return 'two published, two seen, none taken'
    },
  },
]
