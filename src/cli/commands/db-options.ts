import type { DbRequest } from '../../app/db.ts'
import { fault } from '../../core/index.ts'
import type { CommandContext, OptionDefinition, ParsedArguments } from '../command.ts'

/** Options that the `hive db` commands share. */
export const schemaOption: OptionDefinition = {
  type: 'string',
  value: 'NAME',
  description: 'PostgreSQL schema of a single source; by default public',
}
export const decisionsOption: OptionDefinition = {
  type: 'string',
  value: 'FILE',
  description: 'decisions file, as written by db check',
}
export const stateOption: OptionDefinition = {
  type: 'string',
  value: 'DIR',
  description: 'folder for plan and quarantine of a copy into existing tables, instead of the schema hive',
}
export const toOption: OptionDefinition = {
  type: 'string',
  value: 'URL',
  description: 'the target: postgresql://user:password@host:port/database',
}
export const keyOption: OptionDefinition = {
  type: 'string',
  value: 'FILE',
  description: 'secret of profiles and proofs; hive-proof.key beside the data, made where missing',
}

export function dbRequest(context: CommandContext, args: ParsedArguments): DbRequest {
  const schema = args.text('schema')
  const decisions = args.text('decisions')
  return {
    sources: args.positionals,
    cwd: context.cwd,
    env: context.env,
    signal: context.signal,
    progress: context.progress,
    ...(schema === undefined ? {} : { schema }),
    ...(decisions === undefined ? {} : { decisions }),
  }
}

/** @throws HIVE_USAGE where `--to` is missing */
export function requiredTarget(args: ParsedArguments, command: string): string {
  const target = args.text('to')
  if (target !== undefined && /^postgres(ql)?:\/\//.test(target)) return target
  throw fault('HIVE_USAGE', {
    problem: `could not run hive ${command}: --to ${target === undefined ? 'is missing' : 'is no such URL'}, wanted postgresql://…`,
    command,
  })
}

/** `1,204,611 rows`, `1 row`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** Text from a database, for one line of a terminal: no control characters, no direction marks. */
export function plainLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
