import { resolve } from 'node:path'
import { createGateTerminal } from '../../app/gate-terminal.ts'
import { runGateCommand } from '../../app/gates.ts'
import type { Command } from '../command.ts'

/** Runs the gates of this checkout, as the Action does. */
export const gate: Command = {
  name: 'gate',
  summary: 'runs the gates of this checkout, as the Action does',
  usage: '[NAME…] [--out DIR]',
  description:
    'Runs all gates of hive.yml, or those that are named, and leaves evidence, a Markdown summary and an HTML report in a folder. PostgreSQL and Redis are started for the run unless HIVE_POSTGRES_URL and HIVE_REDIS_URL name servers. Acceptance is decided on GitHub and only listed.',
  examples: ['npx agent-hive gate', 'npx agent-hive gate migration protocol --out out/'],
  options: {
    out: { type: 'string', value: 'DIR', description: 'folder for evidence and reports (default .hive/runs/TIME)' },
  },
  positionals: [0, 50],
  run: async (context, args) => {
    const { cwd, env, signal, clock, ids, redact } = context
    const out = args.text('out')
    const terminal = createGateTerminal({ ...context, stream: process.stderr })
    try {
      const result = await runGateCommand({
        cwd,
        env,
        named: args.positionals,
        ...(out === undefined ? {} : { out: resolve(cwd, out) }),
        signal,
        clock,
        ids,
        redact,
        onPlan: terminal.plan,
        onEvent: terminal.event,
      })
      terminal.stop()
      context.print(terminal.summary(result.report))
      context.emit({
        schemaVersion: 1,
        verdict: { 0: 'pass', 1: 'fail', 2: 'error', 3: 'undecided' }[result.exitCode],
        exitCode: result.exitCode,
        folder: result.folder,
        results: result.report.results,
        listed: result.report.listedOnly,
      })
      return result.exitCode
    } finally {
      terminal.stop()
    }
  },
}
