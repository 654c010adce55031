import { commonOptions } from './arguments.ts'
import type { Command, OptionDefinition } from './command.ts'

const width = 80

/** Help of one command: usage, what it does, options, examples, exit codes. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions } as Record<string, OptionDefinition>)
  const labels = options.map(([name, option]) => optionLabel(name, option))
  const column = Math.min(30, Math.max(...labels.map((label) => label.length)) + 2)
  return [
    `hive ${command.name}: ${command.summary}`,
    '',
    `usage    npx agent-hive ${command.name} ${command.usage}`.trimEnd(),
    ...(command.description === undefined ? [] : ['', ...wrap(command.description, width)]),
    '',
    ...options.flatMap(([, option], index) => optionLines(labels[index] ?? '', option, column)),
    '',
    ...command.examples.map((example) => `example  ${example}`),
    '',
    'exit     0 passed or done · 1 negative verdict · 2 fault · 3 undecided',
  ].join('\n')
}

/** The list of all commands. */
export function overview(commands: readonly Pick<Command, 'name' | 'summary'>[]): string {
  const column = Math.max(...commands.map(({ name }) => name.length)) + 3
  return [
    "hive: gates a repository's way from prototype to production",
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(column)}${summary}`),
    '',
    'first    npx agent-hive db check app.db     what would a move to PostgreSQL lose?',
    'then     npx agent-hive gate                every gate of this checkout',
    'help     npx agent-hive COMMAND --help',
    'docs     docs/ and README.md',
  ].join('\n')
}

function optionLabel(name: string, option: OptionDefinition): string {
  const short = option.short === undefined ? '' : `-${option.short}, `
  return `${short}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`
}

function optionLines(label: string, option: OptionDefinition, column: number): string[] {
  const [first = '', ...rest] = wrap(option.description, width - column - 2)
  const indent = ' '.repeat(column + 2)
  return label.length + 2 > column
    ? [`  ${label}`, ...[first, ...rest].map((line) => indent + line)]
    : [`  ${label.padEnd(column)}${first}`, ...rest.map((line) => indent + line)]
}

function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > columns) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}
