import { listDeadLetters } from '../../app/dead-letters.ts'
import type { Command } from '../command.ts'
import { busOptions, readBusOptions, readCount, readFilter } from './bus-options.ts'

/** Lists messages that could not be delivered. */
export const dlqList: Command = {
  name: 'dlq list',
  summary: 'lists dead letters: messages that could not be delivered',
  usage: '[--agent NAME] [--reason WORD]',
  description:
    'A message becomes a dead letter when its recipient rejects it, when its last try is used up (exhausted), or when its id is taken by other content (conflict). Oldest first.',
  examples: ['npx agent-hive dlq list', 'npx agent-hive dlq list --agent coordinator --reason exhausted --json'],
  options: {
    agent: { type: 'string', value: 'NAME', description: 'only those for this agent' },
    reason: { type: 'string', value: 'WORD', description: 'only those that died of this' },
    max: { type: 'string', value: 'N', description: 'at most so many; 50 by default' },
    ...busOptions,
  },
  positionals: [0, 0],
  run: async (context, args) => {
    const { letters, left } = await listDeadLetters({
      ...readBusOptions(context, args),
      ...readFilter(args),
      command: 'dlq list',
      max: readCount(args, { option: 'max', command: 'dlq list' }) ?? 50,
      clock: context.clock,
    })
    context.emit({
      schemaVersion: 1,
      letters: letters.map(({ message, event: _event, text: _text, ...letter }) => ({
        ...letter,
        event: message.event,
      })),
      left,
    })
    for (const { entry, agent, reason, deliveries, message } of letters) {
      const tries = reason === 'conflict' ? '' : ` after ${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'}`
      context.print(`${entry}  for ${agent}  ${reason}${tries}`)
      context.print(`  ${message.type} ${message.id} from ${message.source}  ${message.data}`)
    }
    if (left > 0) context.print(`${left} more: --max shows them`)
    if (letters.length === 0) context.print('no dead letters')
    else context.print('next     npx agent-hive dlq replay ENTRY, or npx agent-hive dlq drop ENTRY')
    return 0
  },
}
