import type { CataloguePart } from './entry.ts'

export const generalErrors = {
  HIVE_USAGE: {
    exitCode: 2,
    message: (data: { problem: string }) => data.problem,
    hint: (data: { command?: string }) =>
      `run npx agent-hive ${data.command === undefined ? '' : `${data.command} `}--help`,
    explanation: 'The command line could not be understood. Nothing was started.',
  },
  HIVE_INTERRUPTED: {
    exitCode: 2,
    message: (data: { during: string }) => `interrupted during ${data.during}`,
    hint: 'run the same command again; nothing half done was left in place',
    explanation: 'The run was stopped by Ctrl-C or a signal. Servers that it had started were stopped.',
  },
  HIVE_DISK: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not write ${data.path}: ${data.problem}`,
    hint: 'free some space or give another folder, then run the command again',
    explanation:
      'The operating system refused a write: the disk is full, the folder is read-only or a quota is used up.',
  },
  HIVE_INTERNAL: {
    exitCode: 2,
    message: (data: { problem: string }) => `unexpected fault: ${data.problem}`,
    hint: 'this is a defect of Agent Hive; please report it with the output of npx agent-hive doctor',
    explanation: 'Something happened that the code does not foresee. It is never reported as a pass.',
  },
} as const satisfies CataloguePart
