import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** What the runner reads from `action.yml` and from the files that an action writes. */

interface ActionDefinition {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown }>>
  readonly runs: { readonly using: string; readonly main: string }
}

export function readActionDefinition(root: string): ActionDefinition {
  return parse(readFileSync(join(root, 'action.yml'), 'utf8')) as ActionDefinition
}

/**
 * `INPUT_…` for every declared input, defaults included, as the runner sets them: upper case, spaces to underscores,
 * hyphens kept. An input that `action.yml` does not declare is a mistake of the test; the runner only warns.
 */
export function inputVariables(
  definition: ActionDefinition,
  given: Readonly<Record<string, string>>,
  token: string | undefined,
): Record<string, string> {
  const declared = definition.inputs ?? {}
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) throw new Error(`action.yml has no input ${name}`)
  }
  const entries = Object.entries(declared).map(([name, { default: usual }]) => {
    const value = given[name] ?? expand(usual === undefined ? '' : String(usual), token)
    return [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]
  })
  return Object.fromEntries(entries) as Record<string, string>
}

/** The one expression that a default of ours may hold. */
function expand(value: string, token: string | undefined): string {
  const result = value.replace(/\$\{\{\s*github\.token\s*\}\}/g, token ?? '')
  if (result.includes('${{')) throw new Error(`the default ${value} holds an expression that the harness does not know`)
  return result
}

/** `name=value` lines and `name<<delimiter` blocks of `GITHUB_OUTPUT`, `GITHUB_ENV` and `GITHUB_STATE`. */
export function parseCommandFile(text: string): Record<string, string> {
  const result: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? []
    if (name === undefined || delimiter === undefined) {
      const equals = line.indexOf('=')
      if (equals <= 0) throw new Error(`the runner does not understand this line of a command file: ${line}`)
      result[line.slice(0, equals)] = line.slice(equals + 1)
      continue
    }
    const end = lines.indexOf(delimiter)
    if (end < 0) throw new Error(`the value of ${name} has no end: ${delimiter} is missing`)
    result[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n')
  }
  return result
}

export interface WorkflowCommand {
  /** `error`, `warning`, `notice`, `group`, `add-mask` … */
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

function unescape(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}

/** The `::command name=value::message` lines of a log. */
export function parseWorkflowCommands(log: string): WorkflowCommand[] {
  return log.split(/\r?\n/).flatMap((line) => {
    const [, command, properties = '', message = ''] = /^::([a-z-]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? []
    if (command === undefined) return []
    const pairs = properties.split(',').filter((pair) => pair.includes('='))
    const entries = pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), unescape(pair.slice(equals + 1))]
    })
    return [{ command, properties: Object.fromEntries(entries) as Record<string, string>, message: unescape(message) }]
  })
}
