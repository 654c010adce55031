import { type TailedMessage, tailMessages } from '../../app/tail.ts'
import type { Command, CommandContext } from '../command.ts'
import { busOptions, readBusOptions, readCount } from './bus-options.ts'

/** Shows messages as they are published. */
export const tail: Command = {
  name: 'tail',
  summary: 'shows messages as they are published, and takes none',
  usage: '[--agent NAME] [--type TYPE]',
  description:
    'Watches a team until it is stopped: every message that is published from now on, whoever it is for. Nothing is taken out of an inbox and no delivery is counted. Text of messages is shown on one line, with everything that could move the cursor made visible. With --json each line is one document.',
  examples: ['npx agent-hive tail', 'npx agent-hive tail --agent coordinator --type hive.error.report --json'],
  options: {
    agent: { type: 'string', value: 'NAME', description: 'only what this agent sends or is sent' },
    type: { type: 'string', value: 'TYPE', description: 'only messages of this type' },
    count: { type: 'string', value: 'N', description: 'end after N messages' },
    ...busOptions,
  },
  positionals: [0, 0],
  run: async (context, args) => {
    const [agent, type] = [args.text('agent'), args.text('type')]
    const count = readCount(args, { option: 'count', command: 'tail' })
    const bus = readBusOptions(context, args)
    const shown = await tailMessages({
      ...bus,
      command: 'tail',
      ...(agent === undefined ? {} : { agent }),
      ...(type === undefined ? {} : { type }),
      ...(count === undefined ? {} : { count }),
      signal: context.signal,
      clock: context.clock,
      onStart: () => context.note(`watching ${bus.team}`),
      onGap: () => context.note('the connection was lost for a while: what was published meanwhile is not shown'),
      onMessage: (message) => {
        context.emit({ schemaVersion: 1, event: message.event })
        context.print(lineOf(message, context.terminal))
      },
    })
    context.note(`${shown} messages shown`)
    return 0
  },
}

/** `09:15:02  alice → bob  hive.request  m-1  {"text":"…"}` */
export function lineOf(message: TailedMessage, { colour, unicode }: CommandContext['terminal']): string {
  const paint = (text: string, code: number): string => (colour ? `\u001B[${code}m${text}\u001B[0m` : text)
  const { time, source, recipient, type, id, data } = message
  return [
    paint(time.slice(11, 19) || time, 2),
    `${paint(source, 36)} ${unicode ? '→' : '->'} ${paint(recipient, 36)}`,
    paint(type.replace(/^hive\./, ''), type === 'hive.error.report' ? 31 : 33),
    paint(id, 2),
    data,
  ].join('  ')
}
