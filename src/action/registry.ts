/**
 * Every input and output of the Action, once. `action.yml` and `docs/github.md` are compared with it by a test, and
 * nothing else in the code reads an input.
 */

export interface InputDefinition {
  readonly description: string
  readonly default: string
}

export const inputs = {
  mode: {
    description:
      'What to do: gates, publish, command or sync. Empty means by the event: pull_request, merge_group and push run gates; workflow_run and workflow_dispatch publish; issue_comment obeys a command; schedule syncs.',
    default: '',
  },
  gates: {
    description:
      'Gates to run, separated by commas or spaces. Empty means those that are due on the event. Mode gates only.',
    default: '',
  },
  evidence: {
    description:
      'Folder for evidence and reports. Empty means hive in the temporary folder of the runner. Mode gates only.',
    default: '',
  },
  token: {
    description:
      'Token to read and write on GitHub with. Needed by publish, command and sync: pass github.token, or that of a GitHub App. Never used by the mode gates.',
    default: '',
  },
  'app-slug': {
    description: 'Slug of the GitHub App that the token is of. Its comments and Checks are known by it.',
    default: 'github-actions',
  },
  'gates-workflow': {
    description: 'Path of the workflow that runs the gates: the only one whose evidence is believed.',
    default: '.github/workflows/hive-gates.yml',
  },
  'run-id': {
    description: 'Gates run to publish. Empty means that of the workflow_run event. Mode publish only.',
    default: '',
  },
  retries: {
    description: 'How often a request is repeated that GitHub could not answer.',
    default: '3',
  },
  'request-timeout': {
    description: 'Seconds after which one request is given up.',
    default: '20',
  },
} as const satisfies Record<string, InputDefinition>

export type InputName = keyof typeof inputs

export interface OutputDefinition {
  readonly description: string
}

export const outputs = {
  mode: { description: 'What was done: gates, publish, command or sync.' },
  verdict: { description: 'pass, fail, undecided, error, or waits: of all gates that ran, or of readiness.' },
  'exit-code': {
    description:
      'Exit code that the command would have had: 0 passed or done, 1 negative verdict, 2 fault, 3 undecided.',
  },
  'reason-code': { description: 'Permanent code of the fault or refusal, where there was one.' },
  evidence: {
    description: 'Path of evidence.json, the one file to upload as the artifact hive-evidence. Mode gates only.',
  },
  report: { description: 'Path of the HTML report. Mode gates only.' },
  verdicts: { description: 'JSON object of gate and verdict. Mode gates only.' },
  result: {
    description: 'JSON document of what was done: schemaVersion, mode, verdict, headSha, pull, reads, writes.',
  },
} as const satisfies Record<string, OutputDefinition>

export type OutputName = keyof typeof outputs
