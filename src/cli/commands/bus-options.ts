import { fault } from '../../core/index.ts'
import type { CommandContext, OptionDefinition, ParsedArguments } from '../command.ts'

/** Options of every command that speaks to the Redis of a team. */
export const busOptions = {
  redis: { type: 'string', value: 'URL', description: 'the server of the messages; HIVE_REDIS_URL by default' },
  team: { type: 'string', value: 'NAME', description: 'whose messages; main by default' },
} as const satisfies Record<string, OptionDefinition>

/** What they say, for the use cases of app. */
export function readBusOptions(
  context: CommandContext,
  args: ParsedArguments,
): { readonly env: CommandContext['env']; readonly redis?: string; readonly team: string } {
  const redis = args.text('redis')
  return { env: context.env, team: args.text('team') ?? 'main', ...(redis === undefined ? {} : { redis }) }
}

/** Which dead letters are meant: entries, or all that the filters leave. */
export const choiceOptions = {
  all: { type: 'boolean', description: 'every dead letter that the filters leave, instead of named ones' },
  agent: { type: 'string', value: 'NAME', description: 'with --all: only those for this agent' },
  reason: { type: 'string', value: 'WORD', description: 'with --all: only those that died of this' },
} as const satisfies Record<string, OptionDefinition>

/** @throws HIVE_USAGE where neither or both are given: nothing is replayed or forgotten by guessing */
export function readChoice(
  args: ParsedArguments,
  command: string,
):
  | { readonly kind: 'entries'; readonly entries: readonly string[] }
  | { readonly kind: 'all'; readonly agent?: string; readonly reason?: string } {
  const entries = args.positionals
  const filter = readFilter(args)
  const filtered = Object.keys(filter).length > 0
  if (args.flag('all') === entries.length > 0 || (filtered && !args.flag('all'))) {
    throw fault('HIVE_USAGE', { problem: 'could not choose dead letters: name their entries, or use --all', command })
  }
  return args.flag('all') ? { kind: 'all', ...filter } : { kind: 'entries', entries }
}

export function readFilter(args: ParsedArguments): { readonly agent?: string; readonly reason?: string } {
  const [agent, reason] = [args.text('agent'), args.text('reason')]
  return { ...(agent === undefined ? {} : { agent }), ...(reason === undefined ? {} : { reason }) }
}

/** A whole number of at least 1. @throws HIVE_USAGE */
export function readCount(
  args: ParsedArguments,
  { option, command }: { readonly option: string; readonly command: string },
): number | undefined {
  const text = args.text(option)
  if (text === undefined) return undefined
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw fault('HIVE_USAGE', {
    problem: `could not use --${option} ${text.slice(0, 40)}: a number from 1 is needed`,
    command,
  })
}
