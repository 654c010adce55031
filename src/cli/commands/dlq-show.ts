import { showDeadLetter } from '../../app/dead-letters.ts'
import type { Command } from '../command.ts'
import { busOptions, readBusOptions } from './bus-options.ts'

/** Shows one dead letter whole. */
export const dlqShow: Command = {
  name: 'dlq show',
  summary: 'shows one dead letter whole',
  usage: 'ENTRY',
  description: 'Exit 1 where there is no such dead letter.',
  examples: ['npx agent-hive dlq show 1732546000000-0', 'npx agent-hive dlq show 1732546000000-0 --json'],
  options: busOptions,
  positionals: [1, 1],
  run: async (context, args) => {
    const [entry = ''] = args.positionals
    const letter = await showDeadLetter({
      ...readBusOptions(context, args),
      command: 'dlq show',
      entry,
      clock: context.clock,
    })
    if (letter === undefined) {
      context.emit({ schemaVersion: 1, entry, found: false })
      context.print(`${entry} is no dead letter`)
      return 1
    }
    const { message, event: _event, text, ...facts } = letter
    context.emit({ schemaVersion: 1, found: true, ...facts, event: message.event })
    const code = facts.code === undefined ? '' : ` (${facts.code})`
    context.print(`entry      ${facts.entry}`)
    context.print(`recipient  ${facts.agent}`)
    context.print(`reason     ${facts.reason}${code}, ${facts.deliveries} deliveries`)
    context.print(`message    ${message.type} ${message.id} from ${message.source} at ${message.time}`)
    for (const line of text.split('\n')) context.print(`  ${line}`)
    return 0
  },
}
