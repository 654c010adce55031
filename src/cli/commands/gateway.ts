import { openGateway, type RunningGateway } from '../../app/gateway.ts'
import type { Command, CommandContext } from '../command.ts'

/** Serves the messages of a team over HTTP until it is stopped. */
export const gateway: Command = {
  name: 'gateway',
  summary: 'serves the messages of a team over HTTP until it is stopped',
  usage: '[--port N] [--token-file FILE]',
  description:
    'Agents in any language send, receive and acknowledge over HTTP. A receipt comes after the commit in PostgreSQL; the message then stands in the inbox of its recipient in Redis. Servers are those of HIVE_POSTGRES_URL and HIVE_REDIS_URL, or private ones that end with the gateway and forget everything. Tokens come from --token-file or HIVE_GATEWAY_TOKENS (agent=token, one a line or separated by commas); without either, two agents with new tokens are made for this run. Ctrl-C drains: what was accepted is finished and published first.',
  examples: ['npx agent-hive gateway', 'npx agent-hive gateway --port 8787 --token-file tokens.txt'],
  options: {
    port: { type: 'string', value: 'N', description: 'port to listen on; 0, the default, takes a free one' },
    host: { type: 'string', value: 'NAME', description: 'loopback address to listen on; 127.0.0.1 by default' },
    team: {
      type: 'string',
      value: 'NAME',
      description: 'name of the team in Redis and in the archive; main by default',
    },
    'token-file': { type: 'string', value: 'FILE', description: 'agent=token pairs, one a line' },
  },
  positionals: [0, 0],
  run: async (context, args) => {
    const tokenFile = args.text('token-file')
    await using running = await openGateway({
      cwd: context.cwd,
      env: context.env,
      team: args.text('team') ?? 'main',
      host: args.text('host') ?? '127.0.0.1',
      port: args.text('port') ?? '0',
      ...(tokenFile === undefined ? {} : { tokenFile }),
      signal: context.signal,
      clock: context.clock,
      ids: context.ids,
      progress: context.progress,
      log: context.note,
    })
    announce(running, context)
    await stopped(context.signal)
    context.note('draining')
    await running.gateway.close()
    const { acknowledged, published, delivered, settled } = running.gateway.stats()
    context.note(
      `stopped   ${acknowledged} accepted, ${published} published, ${delivered} delivered, ${settled} settled`,
    )
    return 0
  },
}

function announce({ gateway: { url }, agents, generated, servers }: RunningGateway, context: CommandContext): void {
  context.emit({
    schemaVersion: 1,
    url,
    agents,
    servers,
    ...(generated === undefined ? {} : { tokens: Object.fromEntries(generated) }),
  })
  context.print(`gateway   ${url}`)
  context.print(`servers   ${servers.join(', ')}`)
  context.print(`agents    ${agents.length === 0 ? 'none' : agents.slice(0, 8).join(', ')}${more(agents.length - 8)}`)
  const [sender = 'alice', recipient = sender] = agents
  if (generated !== undefined) {
    context.print()
    for (const [agent, token] of generated) context.print(`export ${variableOf(agent)}=${token}`)
  }
  // --oauth2-bearer makes the Authorization header, and keeps these lines out of reach of the redactor.
  const curl = (path: string, agent: string): string =>
    `  curl ${url}${path} --oauth2-bearer "$${variableOf(agent)}" -H 'Content-Type: application/json' \\`
  context.print()
  context.print('send')
  context.print(curl('/v1/messages', sender))
  context.print(
    `    -d '{"specversion":"1.0","id":"1","type":"hive.request","recipient":"${recipient}","data":{"text":"hello"}}'`,
  )
  context.print('receive')
  context.print(curl(`/v1/agents/${recipient}/receive`, recipient))
  context.print(`    -d '{"waitMs":10000}'`)
}

function variableOf(agent: string): string {
  return `TOKEN_${agent.toUpperCase().replaceAll('-', '_')}`
}

function more(left: number): string {
  return left > 0 ? ` and ${left} more` : ''
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
