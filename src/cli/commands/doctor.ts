import { diagnose } from '../../app/doctor.ts'
import type { Command, CommandContext } from '../command.ts'

/** Says what is missing or misconfigured, and the command that mends it. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'says what is missing or misconfigured, and the command that mends it',
  usage: '',
  description:
    'Looks for hive.yml, git, Node, PostgreSQL, Redis and k6 in the order in which the gates look for them. Given servers (HIVE_POSTGRES_URL, HIVE_REDIS_URL) are asked for their version; nothing is started or changed.',
  examples: ['npx agent-hive doctor', 'npx agent-hive doctor --json'],
  options: {},
  positionals: [0, 0],
  run: async (context) => {
    const { probes, blocked } = await diagnose({ cwd: context.cwd, env: context.env, signal: context.signal })
    const names = Math.max(...probes.map(({ name }) => name.length)) + 2
    for (const { name, status, version, origin, detail, fix } of probes) {
      const found = [version, origin === undefined ? undefined : `(${origin})`, detail].filter(
        (part) => part !== undefined,
      )
      context.print(`${mark(status, context)} ${name.padEnd(names)}${found.join(' ')}`)
      if (fix !== undefined) context.print(`${' '.repeat(names + 5)}fix  ${fix}`)
    }
    context.emit({ schemaVersion: 1, blocked, probes })
    return blocked ? 2 : 0
  },
}

function mark(status: 'ok' | 'missing' | 'wrong', { terminal }: CommandContext): string {
  const text = { ok: 'ok  ', missing: 'none', wrong: 'BAD ' }[status]
  if (!terminal.colour) return text
  return `\u001B[${{ ok: 32, missing: 33, wrong: 31 }[status]}m${text}\u001B[39m`
}
