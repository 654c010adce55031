import { combineVerdicts, exitCodeOf } from '../core/index.ts'
import type { ExitCode } from '../core/index.ts'
import type { Evidence, Finding, LoadDocument, MigrationDocument } from '../evidence/index.ts'
import { formatItems, shortSha } from './formats.ts'
import { gateTitle, standings } from './verdict-style.ts'
import type { Standing } from './verdict-style.ts'

/** A gate that is decided elsewhere: acceptance on a laptop, with who decides and how. */
interface ListedGate {
  readonly gate: string
  readonly note: string
}

/** Everything that a report of one run says. All texts are taken as hostile and neutralised by the renderers. */
export interface GateReport {
  readonly project: string
  readonly commit?: string
  readonly branch?: string
  readonly baseRef?: string
  readonly baseCommit?: string
  readonly dirty: boolean
  /** ISO time. */
  readonly startedAt: string
  readonly results: readonly Evidence[]
  readonly listedOnly: readonly ListedGate[]
  /** Gates of the configuration that this run was not asked for: without them nothing is said to be ready. */
  readonly notRun?: readonly string[]
  readonly load?: LoadDocument
  readonly migration?: MigrationDocument
  readonly runFolder?: string
  /** Sentences; what stands between backticks is a command or a path. */
  readonly nextSteps: readonly string[]
}

/** One gate as every renderer lists it. */
export interface GateLine {
  readonly gate: string
  readonly title: string
  readonly standing: Standing
  /** The summary, split at `; `: the first fact stands beside the verdict, the others below it. */
  readonly facts: readonly string[]
  readonly durationMs?: number
}

/** Acceptance that waits for a person is no measurement without a result. */
function waits(result: Evidence): boolean {
  return result.gate === 'acceptance' && result.verdict === 'undecided'
}

export function standingOfResult(result: Evidence): Standing {
  return waits(result) ? 'waits' : result.verdict
}

/** Splits a summary into its facts: at `; `, ` · ` and line ends. */
export function splitFacts(summary: string): string[] {
  return summary
    .split(/; | · |[\r\n]+/)
    .map((fact) => fact.trim())
    .filter((fact) => fact !== '')
}

/** The facts of a result, without a verdict's word that stands beside them anyway. */
export function factsOf(result: Evidence): string[] {
  const word = `${result.verdict}: `
  return splitFacts(result.summary.startsWith(word) ? result.summary.slice(word.length) : result.summary)
}

export function gateLines(report: GateReport): GateLine[] {
  return [
    ...report.results.map((result) => ({
      gate: result.gate,
      title: gateTitle(result.gate),
      standing: standingOfResult(result),
      facts: factsOf(result),
      durationMs: result.durationMs,
    })),
    ...report.listedOnly.map(({ gate, note }) => ({
      gate,
      title: gateTitle(gate),
      standing: 'waits' as const,
      facts: splitFacts(note),
    })),
  ]
}

export interface VerdictCounts extends Readonly<Record<Standing, number>> {
  readonly total: number
}

export function countStandings(report: GateReport): VerdictCounts {
  const lines = gateLines(report)
  const counts = Object.fromEntries(
    standings.map((standing) => [standing, lines.filter((line) => line.standing === standing).length]),
  ) as Record<Standing, number>
  return { ...counts, total: lines.length }
}

/** Ready or not, and why: one reason a gate, the worst first. */
export interface Readiness {
  readonly kind: 'ready' | 'waiting' | 'partial' | 'not-ready'
  readonly reasons: readonly string[]
}

/** The glyph and colour of the headline. */
export const readinessStandings: Readonly<Record<Readiness['kind'], Standing>> = {
  ready: 'pass',
  waiting: 'waits',
  partial: 'waits',
  'not-ready': 'fail',
}

export function readinessOf(report: GateReport): Readiness {
  const lines = gateLines(report)
  const stopping = (['error', 'fail', 'undecided'] as const).flatMap((standing) =>
    lines
      .filter((line) => line.standing === standing)
      .map(
        (line) =>
          `${line.title} ${{ error: 'could not be measured', fail: 'failed', undecided: 'is undecided' }[standing]}`,
      ),
  )
  if (stopping.length > 0) return { kind: 'not-ready', reasons: stopping }
  if (!lines.some((line) => line.standing === 'pass' || line.standing === 'skipped')) {
    return { kind: 'not-ready', reasons: ['no gate ran'] }
  }
  const notRun = (report.notRun ?? []).map((gate) => gateTitle(gate))
  if (notRun.length > 0) return { kind: 'partial', reasons: [`not run: ${notRun.join(', ')}`] }
  const waiting = lines.filter((line) => line.standing === 'waits').map((line) => `${line.title} waits`)
  return waiting.length > 0 ? { kind: 'waiting', reasons: waiting } : { kind: 'ready', reasons: [] }
}

/** The two or three words that everything else explains. */
export function readinessWord(readiness: Readiness): string {
  switch (readiness.kind) {
    case 'ready':
      return 'Ready'
    case 'waiting':
      return 'Ready for acceptance'
    case 'partial':
      return 'Passed so far'
    case 'not-ready':
      return 'Not ready'
  }
}

/** `4 of 6 gates passed`, with the skipped ones named, since they count as passed. */
export function passedOf(report: GateReport): string {
  const counts = countStandings(report)
  const passed = `${counts.pass + counts.skipped} of ${formatItems(counts.total, 'gate')} passed`
  return counts.skipped === 0 ? passed : `${passed} (${counts.skipped} skipped)`
}

/** `Not ready: performance failed` or `Ready: 6 of 6 gates passed`. */
export function headlineOf(report: GateReport): string {
  const readiness = readinessOf(report)
  const reasons = readiness.reasons.join(', ')
  const why = {
    'not-ready': reasons,
    partial: `${passedOf(report)}; ${reasons}`,
    ready: passedOf(report),
    waiting: passedOf(report),
  }[readiness.kind]
  return `${readinessWord(readiness)}: ${why}`
}

/** `4f2c1e9 on feature/pg, base main 9a0b7d2`, as far as it is known. */
export function describeCheckout(report: GateReport): string {
  const head = [
    report.commit === undefined ? 'no commit' : shortSha(report.commit),
    ...(report.dirty ? ['with uncommitted changes'] : []),
    ...(report.branch === undefined ? [] : [`on ${report.branch}`]),
  ].join(' ')
  if (report.baseRef === undefined && report.baseCommit === undefined) return head
  const base = [report.baseRef, report.baseCommit === undefined ? undefined : shortSha(report.baseCommit)]
  return `${head}, base ${base.filter((part) => part !== undefined).join(' ')}`
}

/** Exit code of the run: 2 with an `error`, else 1 with a `fail`, else 3 with an `undecided`, else 0. Acceptance is not counted. */
export function exitCodeOfReport(report: GateReport): ExitCode {
  return exitCodeOf(combineVerdicts(report.results.filter((result) => !waits(result)).map((result) => result.verdict)))
}

const severityOrder = { error: 0, warning: 1, note: 2 } as const

export interface LocatedFinding extends Finding {
  readonly gate: string
}

/** Findings of all gates, errors first, otherwise in the order in which the gates gave them. */
export function findingsOf(results: readonly Evidence[]): LocatedFinding[] {
  return results
    .flatMap((result) => result.findings.map((finding) => ({ ...finding, gate: result.gate })))
    .toSorted((a, b) => severityOrder[a.severity] - severityOrder[b.severity])
}

/** Work and references are written between backticks in {@link GateReport.nextSteps}. */
export function splitCode(text: string): { readonly code: boolean; readonly text: string }[] {
  return text
    .split('`')
    .map((part, index, all) => ({ code: index % 2 === 1 && index < all.length - 1, text: part }))
    .filter((part) => part.text !== '')
}
