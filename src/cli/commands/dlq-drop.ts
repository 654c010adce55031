import { dropDeadLetters } from '../../app/dead-letters.ts'
import type { Command } from '../command.ts'
import { busOptions, choiceOptions, readBusOptions, readChoice } from './bus-options.ts'

/** Forgets dead letters for ever. */
export const dlqDrop: Command = {
  name: 'dlq drop',
  summary: 'forgets dead letters for ever',
  usage: 'ENTRY… | --all',
  description: 'What is dropped cannot be brought back. Exit 1 where an entry is no dead letter.',
  examples: ['npx agent-hive dlq drop 1732546000000-0', 'npx agent-hive dlq drop --all --agent coordinator --json'],
  options: { ...choiceOptions, ...busOptions },
  positionals: [0, 1_000],
  run: async (context, args) => {
    const { done, missing } = await dropDeadLetters({
      ...readBusOptions(context, args),
      command: 'dlq drop',
      choice: readChoice(args, 'dlq drop'),
    })
    context.emit({ schemaVersion: 1, dropped: done, missing })
    context.print(`dropped   ${done}`)
    for (const entry of missing) context.print(`missing   ${entry} is no dead letter`)
    return missing.length === 0 ? 0 : 1
  },
}
