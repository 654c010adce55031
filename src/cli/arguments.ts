import { parseArgs } from 'node:util'
import { fault } from '../core/index.ts'
import type { Command, OptionDefinition, ParsedArguments } from './command.ts'

/** Options that every command takes. */
export const commonOptions = {
  json: { type: 'boolean', description: 'one JSON document on stdout, progress on stderr' },
  help: { type: 'boolean', short: 'h', description: 'this text' },
} as const satisfies Record<string, OptionDefinition>

/** Parses the words after a command's name; anything that it does not know is `HIVE_USAGE`. */
export function parseCommandArguments(command: Command, words: readonly string[]): ParsedArguments {
  const { values, positionals } = parseStrictly(command, words)
  const [least, most] = command.positionals
  if (values['help'] !== true && (positionals.length < least || positionals.length > most)) {
    throw fault('HIVE_USAGE', { problem: describeCount(command, positionals), command: command.name })
  }
  return {
    positionals,
    text: (option) => lastOf(values[option]),
    list: (option) => listOf(values[option]),
    flag: (option) => values[option] === true,
  }
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

function parseStrictly(command: Command, words: readonly string[]): { values: Values; positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...commonOptions } as Record<string, OptionDefinition>).map(
      ([name, { type, short, multiple }]) => [
        name,
        { type, ...(short === undefined ? {} : { short }), ...(multiple === true ? { multiple } : {}) },
      ],
    ),
  )
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error)
    throw fault(
      'HIVE_USAGE',
      { problem: `could not read the arguments of hive ${command.name}: ${problem}`, command: command.name },
      error,
    )
  }
}

function describeCount(command: Command, positionals: readonly string[]): string {
  const [least, most] = command.positionals
  const wanted = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`
  return `could not run hive ${command.name}: ${positionals.length} arguments given, ${wanted} wanted (${command.usage})`
}

function lastOf(value: Values[string]): string | undefined {
  if (Array.isArray(value)) return lastOf(value.at(-1) as string | undefined)
  return typeof value === 'string' ? value : undefined
}

function listOf(value: Values[string]): readonly string[] {
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string')
  return typeof value === 'string' ? [value] : []
}
