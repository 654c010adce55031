import type { CataloguePart } from './entry.ts'

export const gatesErrors = {
  HIVE_GATE_UNKNOWN: {
    exitCode: 2,
    message: (data: { gate: string; known: readonly string[] }) =>
      `could not run the gate ${data.gate}: hive.yml has ${data.known.join(', ')}`,
    hint: 'name a gate of hive.yml, or none to run them all',
    explanation: 'The command line names a gate that the configuration does not have.',
  },
  HIVE_GATE_NO_COMMANDS: {
    exitCode: 2,
    message: (data: { gate: string }) => `could not run the gate ${data.gate}: it has neither commands nor a check`,
    hint: (data: { gate: string }) => `give gates.${data.gate}.commands in hive.yml, or skip it with a reason`,
    explanation: 'A gate of this name measures what its commands say. Without a command there is nothing to measure.',
  },
  HIVE_GATE_NO_SOURCES: {
    exitCode: 2,
    message: (data: { patterns: readonly string[] }) =>
      `could not run the migration gate: no SQLite file matches ${data.patterns.join(', ') || 'migration.sources, which is empty'}`,
    hint: 'list the databases under migration.sources in hive.yml, or skip the gate with a reason',
    explanation:
      'The migration gate proves the databases that hive.yml lists. A list that matches nothing proves nothing, so it is an error and not a pass.',
  },
  HIVE_GIT: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not read the checkout: ${data.problem}`,
    hint: 'install git, and run the command inside a clone',
    explanation: 'Evidence is bound to a commit, so the commit, its tree and whether files were changed must be known.',
  },
} as const satisfies CataloguePart
