import type { Evidence } from '../../evidence/index.ts'
import { circumstances } from '../circumstances.ts'
import { formatCount, formatDuration, shortSha } from '../formats.ts'
import { findingsOf, gateLines, passedOf, readinessOf, readinessWord } from '../model.ts'
import type { GateReport } from '../model.ts'
import { markdownCode, markdownText, markdownTextWithin } from '../neutralise.ts'
import { gateTitle } from '../verdict-style.ts'
import {
  artifactsTable,
  cell,
  circumstancesTable,
  details,
  factsCell,
  findingItem,
  fit,
  gateHeading,
  leftOutLine,
  measuresTable,
  sentence,
  standingCell,
  table,
  tableWithin,
} from './parts.ts'
import type { LinkOptions } from './parts.ts'

export interface CommentOptions extends LinkOptions {
  /** Hidden first line, an HTML comment by which the publisher finds its comment again. */
  readonly marker: string
  /** Lines for the folded "Changed since the last approval": outside text. */
  readonly changes?: readonly string[]
}

export interface JobSummaryOptions extends LinkOptions {
  /** The workflows are not on the default branch yet: what would be published stands here. */
  readonly preview?: boolean
}

/** GitHub takes 65,536 characters of a comment and 1 MiB of a job summary; bytes can be more than characters. */
const commentLimit = 60_000
const summaryLimit = 240_000
/** One screen stays one screen: more gates than these are folded with the rest. */
const gatesShown = 30

/**
 * The comment on the pull request: headline, table and what to do next on one screen, all else folded.
 * At most 60,000 characters for any number of findings; says how many are left out.
 */
export function renderComment(report: GateReport, options: CommentOptions): string {
  return `${options.marker}\n${renderBody(report, { ...options, limit: commentLimit - options.marker.length - 1 })}`
}

/** The same text as job summary, with more room. */
export function renderJobSummary(report: GateReport, options: JobSummaryOptions = {}): string {
  const note =
    options.preview === true ? `> Preview: the workflow that publishes this is not on the default branch yet.\n\n` : ''
  return `${note}${renderBody(report, { ...options, limit: summaryLimit })}`
}

interface BodyOptions extends LinkOptions {
  readonly limit: number
  readonly changes?: readonly string[]
}

function renderBody(report: GateReport, options: BodyOptions): string {
  const parts = [headline(report), overview(report), ...next(report)]
  let room = options.limit - parts.join('\n\n').length - 400
  for (const section of [findings, changes, measures, environment]) {
    const text = section(report, { ...options, limit: Math.max(0, room) })
    if (text === '') continue
    parts.push(text)
    room -= text.length + 2
  }
  return `${parts.join('\n\n')}\n`
}

function headline(report: GateReport): string {
  const commit = report.commit === undefined ? '' : ` for ${markdownCode(shortSha(report.commit))}`
  const dirty = report.dirty ? '\n\nThe working tree has uncommitted changes: this says nothing of a commit.' : ''
  const readiness = readinessOf(report)
  const notRun = readiness.kind === 'partial' ? `; ${markdownTextWithin(readiness.reasons.join(', '), 500)}` : ''
  return `### ${readinessWord(readiness)}: ${passedOf(report)}${commit}${notRun}${dirty}`
}

function overview(report: GateReport): string {
  const lines = gateLines(report)
  const rows = lines
    .slice(0, gatesShown)
    .map((line) => [
      markdownTextWithin(line.title.charAt(0).toUpperCase() + line.title.slice(1), 200),
      standingCell(line.standing),
      factsCell(line.facts),
      line.durationMs === undefined || line.standing === 'skipped' ? '' : formatDuration(line.durationMs),
    ])
  return table(['Gate', 'Verdict', 'Measured', 'Time'], rows) + leftOutLine(lines.length - rows.length, 'gate')
}

function next(report: GateReport): string[] {
  const steps = report.nextSteps.slice(0, 6).map((step) => sentence(step.slice(0, 500)))
  if (steps.length === 0) return []
  return [
    steps.length === 1 ? `**Next**: ${steps.join('')}` : `**Next**\n${steps.map((step) => `- ${step}`).join('\n')}`,
  ]
}

function findings(report: GateReport, { limit, ...links }: BodyOptions): string {
  const all = findingsOf(report.results)
  if (all.length === 0) return ''
  const title = `Findings (${formatCount(all.length)})`
  // The sections after this one get a third of what is left.
  const { text, leftOut } = fit(all, (limit * 2) / 3, (finding) => findingItem(finding, links))
  return details(title, text + leftOutLine(leftOut, 'finding'))
}

function changes(_report: GateReport, options: BodyOptions): string {
  const lines = options.changes ?? []
  if (lines.length === 0) return ''
  const { text, leftOut } = fit(lines, options.limit / 2, (line) => `- ${markdownTextWithin(line, 1_000)}`)
  return details(`Changed since the last approval`, text + leftOutLine(leftOut, 'change'))
}

function measures(report: GateReport, { limit }: BodyOptions): string {
  const measured = report.results.filter((result) => result.measures.length > 0)
  if (measured.length === 0) return ''
  const { text, leftOut } = fit(
    measured,
    limit / 2,
    (result) => `${gateHeading(result)}\n\n${measuresTable(result, limit / 8)}\n`,
  )
  return details('Measures', text + leftOutLine(leftOut, 'gate'))
}

/** What is the same for every gate stands once; what differs, in one line a gate. */
function environment(report: GateReport, { limit }: BodyOptions): string {
  const { results } = report
  const [first, ...others] = results.map(circumstances)
  if (first === undefined) return ''
  const has = (facts: ReturnType<typeof circumstances>, [name, value]: readonly [string, string]): boolean =>
    facts.some(([otherName, otherValue]) => name === otherName && value === otherValue)
  const shared = first.filter((fact) => others.every((facts) => has(facts, fact)))
  const own = (result: Evidence): string =>
    circumstances(result)
      .filter((fact) => fact[0] !== 'took' && fact[0] !== 'started' && !has(shared, fact))
      .map((fact) => fact.join(' '))
      .join(', ')
  const tables = [
    circumstancesTable(shared, limit / 4),
    tableWithin(['Gate', 'Took', 'With'], results, {
      budget: limit / 4,
      row: (result) => [markdownText(gateTitle(result.gate)), formatDuration(result.durationMs), cell(own(result))],
    }),
    artifactsTable(results, limit / 4),
  ]
  return details('Environment and evidence', tables.filter((part) => part !== '').join('\n\n'))
}
