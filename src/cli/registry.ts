import type { Command } from './command.ts'

/** Loads one command's module only when it is asked for: `hive --help` must not load a database driver. */
export interface CommandEntry {
  readonly name: string
  readonly load: () => Promise<Command>
}

/** Every command, in the order of the help. */
export const registry: readonly CommandEntry[] = [
  { name: 'gate', load: async () => (await import('./commands/gate.ts')).gate },
  { name: 'doctor', load: async () => (await import('./commands/doctor.ts')).doctor },
  { name: 'db check', load: async () => (await import('./commands/db-check.ts')).dbCheck },
  { name: 'db inspect', load: async () => (await import('./commands/db-inspect.ts')).dbInspect },
  { name: 'db plan', load: async () => (await import('./commands/db-plan.ts')).dbPlan },
  { name: 'db copy', load: async () => (await import('./commands/db-copy.ts')).dbCopy },
  { name: 'db verify', load: async () => (await import('./commands/db-verify.ts')).dbVerify },
  { name: 'gateway', load: async () => (await import('./commands/gateway.ts')).gateway },
  { name: 'send', load: async () => (await import('./commands/send.ts')).send },
  { name: 'tail', load: async () => (await import('./commands/tail.ts')).tail },
  { name: 'dlq list', load: async () => (await import('./commands/dlq-list.ts')).dlqList },
  { name: 'dlq show', load: async () => (await import('./commands/dlq-show.ts')).dlqShow },
  { name: 'dlq replay', load: async () => (await import('./commands/dlq-replay.ts')).dlqReplay },
  { name: 'dlq drop', load: async () => (await import('./commands/dlq-drop.ts')).dlqDrop },
  { name: 'conformance', load: async () => (await import('./commands/conformance.ts')).conformance },
  { name: 'load', load: async () => (await import('./commands/load.ts')).load },
]

/** The command that the words name, with the rest of the words; `undefined` where none does. */
export function matchCommand(
  words: readonly string[],
  entries: readonly CommandEntry[] = registry,
): { readonly entry: CommandEntry; readonly rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const entry = entries.find((candidate) => candidate.name === name)
    if (entry !== undefined && words.length >= length) return { entry, rest: words.slice(length) }
  }
  return undefined
}
