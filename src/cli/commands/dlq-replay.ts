import { replayDeadLetters } from '../../app/dead-letters.ts'
import type { Command } from '../command.ts'
import { busOptions, choiceOptions, readBusOptions, readChoice } from './bus-options.ts'

/** Puts dead letters back into their inboxes. */
export const dlqReplay: Command = {
  name: 'dlq replay',
  summary: 'puts dead letters back into their inboxes',
  usage: 'ENTRY… | --all',
  description:
    'They are delivered as new messages, behind what waits there. One whose recipient rejects it again is a dead letter again. Exit 1 where an entry is no dead letter.',
  examples: ['npx agent-hive dlq replay 1732546000000-0', 'npx agent-hive dlq replay --all --agent coordinator --json'],
  options: { ...choiceOptions, ...busOptions },
  positionals: [0, 1_000],
  run: async (context, args) => {
    const { done, missing } = await replayDeadLetters({
      ...readBusOptions(context, args),
      command: 'dlq replay',
      choice: readChoice(args, 'dlq replay'),
    })
    context.emit({ schemaVersion: 1, replayed: done, missing })
    context.print(`replayed  ${done}`)
    for (const entry of missing) context.print(`missing   ${entry} is no dead letter`)
    return missing.length === 0 ? 0 : 1
  },
}
