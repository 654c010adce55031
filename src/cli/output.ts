import type { HiveError, Progress, Redactor, ReportProgress } from '../core/index.ts'
import type { CommandContext } from './command.ts'

/** The part of a stream that is used: process.stdout in the shell, a recorder in tests. */
export interface OutputStream {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export type TerminalTraits = CommandContext['terminal']

/** What the terminal can show. A pipe, `CI`, `NO_COLOR` and a locale without UTF-8 each take something away. */
export function readTerminal(stream: OutputStream, env: CommandContext['env']): TerminalTraits {
  const live = stream.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb'
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? ''
  return {
    columns: Math.max(40, Math.min(stream.columns ?? 80, 120)),
    colour: (live || env['FORCE_COLOR'] !== undefined) && env['NO_COLOR'] === undefined,
    unicode: /utf-?8/i.test(locale) || process.platform === 'win32' || env['GITHUB_ACTIONS'] === 'true',
    live,
  }
}

/** An error for people, in the one shape that it has everywhere. */
export function formatError(error: HiveError, traits: Pick<TerminalTraits, 'colour'>): string {
  const red = (text: string): string => (traits.colour ? `\u001B[31m${text}\u001B[39m` : text)
  return [`${red('error')} ${error.code}  ${error.message}`, `  hint   ${error.hint}`, `  docs   ${error.docs}`].join(
    '\n',
  )
}

/** The same error as the one JSON document of a command that failed. */
export function errorDocument(error: HiveError): unknown {
  return {
    schemaVersion: 1,
    error: { code: error.code, message: error.message, hint: error.hint, docs: error.docs, exitCode: error.exitCode },
  }
}

/**
 * Shows progress on stderr: one redrawn line in a terminal, elsewhere a line whenever the step changes.
 * Text is redacted before it is cut to the width, so that a cut can't save half a secret from being found.
 */
export function createProgressLine(
  stream: OutputStream,
  options: { traits: TerminalTraits; redact: Redactor },
): {
  readonly report: ReportProgress
  readonly clear: () => void
} {
  const { traits, redact } = options
  let shownStep = ''
  let drawn = false
  const clear = (): void => {
    if (drawn) stream.write('\r\u001B[2K')
    drawn = false
  }
  const report = (progress: Progress): void => {
    if (traits.live) {
      stream.write(`\r\u001B[2K${redact(describeProgress(progress)).slice(0, traits.columns - 1)}`)
      drawn = true
    } else if (progress.step !== shownStep) {
      shownStep = progress.step
      stream.write(`${redact(progress.step)}\n`)
    }
  }
  return { report, clear }
}

export function describeProgress({ step, done, total, unit }: Progress): string {
  if (done === undefined) return step
  const count = (value: number): string => Math.round(value).toLocaleString('en-US')
  const suffix = unit === undefined ? '' : ` ${unit}`
  if (total === undefined || total <= 0) return `${step}  ${count(done)}${suffix}`
  return `${step}  ${count(done)} of ${count(total)}${suffix}  ${Math.min(100, Math.floor((100 * done) / total))} %`
}
