import { fault } from '../../core/index.ts'
import { judgeCommands } from '../../gates/commands.ts'
import type { CommandFacts } from '../../gates/commands.ts'
import type { RunGate } from './gate.ts'
import { runProjectCommand } from './run-command.ts'
import type { ProjectCommand } from './run-command.ts'

/** code-quality, integration and gates of one's own: runs the project's commands, one after the other. */
export function commandGate(gate: string, commands: readonly ProjectCommand[]): RunGate {
  return async ({ cwd, env, signal, redact, progress }) => {
    if (commands.length === 0) throw fault('HIVE_GATE_NO_COMMANDS', { gate })
    const facts: CommandFacts[] = []
    for (const [index, command] of commands.entries()) {
      const name = command.name ?? command.run
      const step = commands.length === 1 ? name : `${name} (${index + 1} of ${commands.length})`
      progress({ step })
      facts.push(await runProjectCommand(command, { cwd, env, signal, redact, onLine: () => progress({ step }) }))
    }
    return { judgement: judgeCommands(facts), files: [], environment: { node: process.version } }
  }
}
