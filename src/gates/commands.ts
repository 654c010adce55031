import type { Finding } from '../evidence/index.ts'
import { countOf } from './judgement.ts'
import type { Judgement } from './judgement.ts'
import type { JunitReading, TestCase } from './junit.ts'

/** What one command of a project did. */
export interface CommandFacts {
  readonly name: string
  readonly run: string
  readonly end:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'killed'; readonly signal: string }
    | { readonly kind: 'timed-out'; readonly afterMs: number }
    | { readonly kind: 'not-started'; readonly why: string }
  /** Last lines of its output, redacted. */
  readonly tail: string
  /** JUnit files by path; `undefined` where the command promises none. */
  readonly junit?: readonly { readonly path: string; readonly reading: JunitReading }[]
}

/** code-quality, integration and gates of one's own: every command ended with 0 and no test failed. */
export function judgeCommands(commands: readonly CommandFacts[]): Judgement {
  const findings = commands.flatMap((command) => [...endFindings(command), ...junitFindings(command)])
  const cases = commands.flatMap(({ junit = [] }) =>
    junit.flatMap(({ reading }) => (reading.kind === 'read' ? reading.cases : [])),
  )
  const failed = cases.filter(({ status }) => status === 'failed').length
  const skipped = cases.filter(({ status }) => status === 'skipped').length
  const unmeasured = findings.some(({ code }) => unmeasuredCodes.has(code)) || commands.length === 0
  return {
    verdict: unmeasured ? 'error' : findings.length > 0 ? 'fail' : 'pass',
    summary: summarise(commands, { tests: cases.length, failed, skipped }),
    measures: [
      { name: 'commands', unit: 'commands', value: commands.length },
      ...(cases.length === 0
        ? []
        : [
            { name: 'tests', unit: 'tests', value: cases.length },
            { name: 'tests failed', unit: 'tests', value: failed, target: { op: '==' as const, value: 0 } },
            { name: 'tests skipped', unit: 'tests', value: skipped },
          ]),
    ],
    findings,
  }
}

/** A command that never ran or never said what it found has measured nothing. */
const unmeasuredCodes = new Set([
  'COMMAND_NOT_STARTED',
  'COMMAND_TIMED_OUT',
  'COMMAND_KILLED',
  'COMMAND_NO_TESTS',
  'JUNIT_UNREADABLE',
])

function summarise(
  commands: readonly CommandFacts[],
  tests: { tests: number; failed: number; skipped: number },
): string {
  if (commands.length === 0) return 'no command is configured, so nothing is proved'
  const broken = commands.find(({ end }) => end.kind !== 'exited' || end.code !== 0)
  const counts =
    tests.tests === 0
      ? countOf(commands.length, 'command')
      : `${countOf(tests.tests, 'test')}, ${tests.failed} failed, ${tests.skipped} skipped`
  return broken === undefined ? counts : `${counts}; ${broken.name} ${describeEnd(broken.end)}`
}

function describeEnd(end: CommandFacts['end']): string {
  switch (end.kind) {
    case 'exited':
      return `exited with ${end.code}`
    case 'killed':
      return `was ended by ${end.signal}`
    case 'timed-out':
      return `did not end within ${Math.round(end.afterMs / 1000)} s`
    case 'not-started':
      return `could not be started: ${end.why}`
  }
}

function endFindings({ name, run, end, tail }: CommandFacts): Finding[] {
  if (end.kind === 'exited' && end.code === 0) return []
  const codes = {
    exited: 'COMMAND_FAILED',
    killed: 'COMMAND_KILLED',
    'timed-out': 'COMMAND_TIMED_OUT',
    'not-started': 'COMMAND_NOT_STARTED',
  } as const
  const output = tail === '' ? '' : `\n${tail.slice(-2_000)}`
  return [
    {
      code: codes[end.kind],
      severity: 'error',
      message: `${name} ${describeEnd(end)}${output}`,
      hint: `run it here: ${run}`.slice(0, 1_000),
    },
  ]
}

function junitFindings({ name, junit }: CommandFacts): Finding[] {
  if (junit === undefined) return []
  const unreadable = junit.flatMap(({ path, reading }): Finding[] =>
    reading.kind === 'read'
      ? []
      : [
          {
            code: 'JUNIT_UNREADABLE',
            severity: 'error',
            message: `could not read ${path}: ${reading.why}`,
            hint: 'the command must write JUnit XML there',
          },
        ],
  )
  const cases = junit.flatMap(({ reading }) => (reading.kind === 'read' ? reading.cases : []))
  const ran = cases.filter(({ status }) => status !== 'skipped').length
  const empty: Finding[] =
    ran > 0
      ? []
      : [
          {
            code: 'COMMAND_NO_TESTS',
            severity: 'error',
            message: `${name} promised JUnit results and ran no test`,
            hint: 'check the junit path of the command in hive.yml: old files do not count',
          },
        ]
  return [...unreadable, ...empty, ...cases.filter(({ status }) => status === 'failed').map(caseFinding)]
}

function caseFinding({ name, message, file, line }: TestCase): Finding {
  return {
    code: 'TEST_FAILED',
    severity: 'error',
    message: `${name}: ${message ?? 'failed'}`.slice(0, 2_000),
    ...(file === undefined ? {} : { location: { path: file, ...(line === undefined ? {} : { startLine: line }) } }),
  }
}
