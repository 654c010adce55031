import { sendOne } from '../../app/send.ts'
import type { Command } from '../command.ts'
import { busOptions, readBusOptions } from './bus-options.ts'

/** Puts one message into the inboxes of its recipients. */
export const send: Command = {
  name: 'send',
  summary: 'puts one message into the inbox of an agent',
  usage: '--from AGENT --to AGENT [TEXT]',
  description:
    'Speaks to Redis itself, so it needs no token and leaves nothing in the archive of a gateway: for people and scripts that run a team. The receipt says what the configuration of the server gives: memory or fsync. The same --id with the same content is delivered once; with other content it is refused.',
  examples: [
    'npx agent-hive send --from operator --to coordinator "stop for today"',
    `npx agent-hive send --from operator --to coordinator --type hive.coordination --data '{"phase":2}' --id phase-2`,
  ],
  options: {
    from: { type: 'string', value: 'AGENT', description: 'who speaks' },
    to: { type: 'string', value: 'AGENT', multiple: true, description: 'who is spoken to; repeat it for several' },
    type: { type: 'string', value: 'TYPE', description: 'hive.notification by default; docs/protocol.md lists them' },
    data: { type: 'string', value: 'JSON', description: 'the data of the message, instead of TEXT' },
    id: { type: 'string', value: 'ID', description: 'names the message, so that it can be sent again safely' },
    ...busOptions,
  },
  positionals: [0, 1],
  run: async (context, args) => {
    const [text, data, id] = [args.positionals[0], args.text('data'), args.text('id')]
    const receipt = await sendOne({
      ...readBusOptions(context, args),
      command: 'send',
      from: args.text('from') ?? 'operator',
      to: args.list('to'),
      type: args.text('type') ?? 'hive.notification',
      ...(text === undefined ? {} : { text }),
      ...(data === undefined ? {} : { data }),
      ...(id === undefined ? {} : { id }),
      ids: context.ids,
      clock: context.clock,
    })
    context.emit({ schemaVersion: 1, ...receipt })
    const depth = receipt.inboxDepth === undefined ? '' : `, ${receipt.inboxDepth} in the inbox`
    context.print(`${receipt.duplicate ? 'repeated' : 'sent    '}  ${receipt.id}${depth}`)
    context.print(`receipt   ${receipt.receipt}: ${receipt.meaning}`)
    return 0
  },
}
