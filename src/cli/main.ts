import { packageVersion } from '../app/package.ts'
import {
  createRedactor,
  fault,
  redactValue,
  secretsOfEnvironment,
  systemClock,
  systemIds,
  toHiveError,
} from '../core/index.ts'
import type { ExitCode } from '../core/index.ts'
import { parseCommandArguments } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { commandHelp, overview } from './help.ts'
import { createProgressLine, errorDocument, formatError, readTerminal } from './output.ts'
import type { OutputStream } from './output.ts'
import { matchCommand, registry } from './registry.ts'

/** What the shell hands in; tests hand in recorders. */
export interface Shell {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: CommandContext['env']
  readonly cwd: string
  readonly signal: AbortSignal
}

/** Runs one command line and returns its exit code. Never throws, never exits the process. */
export async function runCommandLine(words: readonly string[], shell: Shell): Promise<ExitCode> {
  const json = words.includes('--json')
  const redact = createRedactor(secretsOfEnvironment(shell.env))
  const traits = readTerminal(shell.stderr, shell.env)
  const progress = createProgressLine(shell.stderr, { traits, redact })
  const writeLine = (stream: OutputStream, line: string): void => {
    progress.clear()
    stream.write(`${redact(line)}\n`)
  }
  const context: CommandContext = {
    cwd: shell.cwd,
    env: shell.env,
    signal: shell.signal,
    clock: systemClock,
    ids: systemIds,
    redact,
    json,
    print: (line = '') => (json ? undefined : writeLine(shell.stdout, line)),
    note: (line) => writeLine(shell.stderr, line),
    emit: (document) => (json ? writeLine(shell.stdout, JSON.stringify(redactValue(document, redact))) : undefined),
    progress: progress.report,
    terminal: { ...readTerminal(shell.stdout, shell.env), live: traits.live },
  }
  try {
    return await dispatch(words, context)
  } catch (thrown) {
    const error = shell.signal.aborted
      ? fault('HIVE_INTERRUPTED', { during: nameOf(words) }, thrown)
      : toHiveError(thrown)
    writeLine(shell.stderr, formatError(error, traits))
    if (json) writeLine(shell.stdout, JSON.stringify(redactValue(errorDocument(error), redact)))
    if (error.code === 'HIVE_INTERNAL' && shell.env['HIVE_DEBUG'] !== undefined) {
      writeLine(shell.stderr, String(thrown instanceof Error ? thrown.stack : thrown))
    }
    return error.exitCode
  } finally {
    progress.clear()
  }
}

async function dispatch(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const match = matchCommand(words)
  if (match === undefined) return listCommands(words, context)
  const command = await match.entry.load()
  const args = parseCommandArguments(command, match.rest)
  if (args.flag('help')) {
    context.print(commandHelp(command))
    context.emit({ schemaVersion: 1, help: commandHelp(command) })
    return 0
  }
  return command.run(context, args)
}

async function listCommands(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const named = words.filter((word) => !word.startsWith('-'))
  const commands: Command[] = []
  for (const entry of registry) {
    if (named.length === 0 || entry.name.startsWith(`${named[0] ?? ''} `)) commands.push(await entry.load())
  }
  const unknown = named.length > 1 || (named.length === 1 && commands.length === 0)
  const helped = words.some((word) => word === '--help' || word === '-h' || word === 'help')
  if (unknown && named[0] !== 'help') {
    throw fault('HIVE_USAGE', {
      problem: `could not find the command hive ${named.join(' ')}: ${registry.length} commands exist`,
    })
  }
  if (words.includes('--version')) {
    const version = packageVersion()
    context.print(version)
    context.emit({ schemaVersion: 1, version })
    return 0
  }
  context.print(overview(commands.length === 0 ? await loadAll() : commands))
  context.emit({ schemaVersion: 1, commands: commands.map(({ name, summary }) => ({ name, summary })) })
  return helped || named[0] === 'help' ? 0 : 2
}

async function loadAll(): Promise<Command[]> {
  return Promise.all(registry.map(({ load }) => load()))
}

/** `hive db copy`, as far as the words name a command. */
function nameOf(words: readonly string[]): string {
  return `hive ${matchCommand(words)?.entry.name ?? words[0] ?? ''}`.trim()
}

/** Entry of the launcher: real streams, Ctrl-C and SIGTERM as an abort, a second one as an immediate end. */
export async function main(words: readonly string[]): Promise<number> {
  const controller = new AbortController()
  let interrupts = 0
  const interrupt = (): void => {
    interrupts += 1
    if (interrupts > 1) process.exit(130)
    process.stderr.write(
      '\nstopping: servers are shut down and temporary folders removed; press Ctrl-C again to end at once\n',
    )
    controller.abort(fault('HIVE_INTERRUPTED', { during: nameOf(words) }))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // A reader that went away (`hive … | head`) changes nothing of the verdict: go on without it.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  return runCommandLine(words, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
  })
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
