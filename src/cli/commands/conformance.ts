import { checkConformance } from '../../app/conformance.ts'
import type { RequirementResult } from '../../conformance/index.ts'
import type { Command, CommandContext } from '../command.ts'

/** Tries every requirement of the message protocol against a Redis server. */
export const conformance: Command = {
  name: 'conformance',
  summary: 'tries every requirement of the message protocol against a Redis server',
  usage: '[--redis URL]',
  description:
    'Runs the numbered requirements of docs/protocol.md, each in a team of its own whose keys are removed afterwards; nothing else on the server is read or changed. Exit 1: a MUST is broken; 2: something could not be tried. A broken SHOULD is named and does not change the exit code.',
  examples: ['npx agent-hive conformance', 'npx agent-hive conformance --redis redis://127.0.0.1:6379 --json'],
  options: {
    redis: { type: 'string', value: 'URL', description: 'the server; HIVE_REDIS_URL or a private one by default' },
  },
  positionals: [0, 0],
  run: async (context, args) => {
    const url = args.text('redis')
    const { report, server, exitCode } = await checkConformance({
      env: context.env,
      ...(url === undefined ? {} : { redis: url }),
      signal: context.signal,
      clock: context.clock,
      ids: context.ids,
      progress: context.progress,
    })
    context.print(`server     ${server}`)
    context.print(`durability ${report.durability}`)
    context.print()
    for (const result of report.results) printResult(result, context)
    const passed = report.results.filter(({ status }) => status === 'pass').length
    context.print()
    context.print(`${passed} of ${report.results.length} requirements passed`)
    context.emit({ schemaVersion: 1, server, ...report })
    return exitCode
  },
}

function printResult(
  { id, level, title, status, detail, durationMs }: RequirementResult,
  context: CommandContext,
): void {
  const { unicode } = context.terminal
  const mark = { pass: unicode ? '✓' : 'ok  ', fail: unicode ? '✗' : 'FAIL', error: unicode ? '!' : 'ERR ' }[status]
  context.print(`${mark} ${id} ${level.padEnd(6)} ${title}`)
  context.print(`${' '.repeat(mark.length + 1)}${status === 'pass' ? '' : `${status}: `}${detail}   ${durationMs} ms`)
}
