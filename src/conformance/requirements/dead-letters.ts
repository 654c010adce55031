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
]
