import type { Verdict } from '../core/index.ts'
import type { MigrationDocument } from '../evidence/index.ts'
import { formatBytes, formatCount, formatDuration, formatItems } from './formats.ts'
import {
  bold,
  dim,
  displayWidth,
  padEnd,
  paint,
  standingGlyph,
  terminalText,
  wrap,
  wrapClauses,
} from './terminal-text.ts'
import type { TerminalTraits } from './terminal-text.ts'
import { standingStyles } from './verdict-style.ts'

/** A question that `check` found in the data and that nobody has answered yet. */
interface PendingDecision {
  /** `users.age` or `chat_file.chat_id`. */
  readonly subject: string
  /** `1 × '' in an INTEGER column`: counts and classes; what else it says is up to the caller's privacy rules. */
  readonly problem: string
  /** What may be written into the decisions file: `null`, `quarantine`, `text`. */
  readonly options: readonly string[]
  /** What happens as long as nobody decides: always what loses nothing. */
  readonly meanwhile?: string
}

interface NotCarriedObject {
  readonly kind: string
  readonly name: string
  readonly reason: string
  readonly suggestion?: string
}

/** Outcome of `hive db check`, as plain values. All texts are taken as hostile. */
export interface DbCheckModel {
  readonly verdict: Verdict
  readonly sources: readonly string[]
  /** ISO time. */
  readonly startedAt: string
  readonly durationMs: number
  readonly snapshot: { readonly bytes: number; readonly tables: number; readonly rows: number }
  /** `PostgreSQL 18.4, private, temporary`. */
  readonly server: string
  readonly proof: { readonly rows: number; readonly rowsProved: number; readonly durationMs: number }
  readonly decisions: readonly PendingDecision[]
  readonly notCarried: readonly NotCarriedObject[]
  readonly databases: MigrationDocument
  /** Files that were written, by name. */
  readonly wrote: readonly string[]
  /** The command to run next; none where there is nothing to do. */
  readonly next?: string
}

/** One sentence: what would become of the data. */
export function dbCheckHeadline(model: DbCheckModel): string {
  const { rows, rowsProved } = model.proof
  const lost = rows - rowsProved
  switch (model.verdict) {
    case 'error':
      return 'Could not be checked'
    case 'fail':
      return lost > 0
        ? `${formatItems(lost, 'row')} would not arrive as ${lost === 1 ? 'it is' : 'they are'}`
        : 'Not everything would arrive as it is'
    case 'undecided':
      return model.decisions.length > 0
        ? `${formatItems(model.decisions.length, 'decision')} to take, nothing would be lost meanwhile`
        : 'Not proved either way'
    case 'pass':
    case 'skipped':
      return model.notCarried.length > 0
        ? `Every value would arrive; ${formatItems(model.notCarried.length, 'object')} would not be carried over`
        : 'Every value would arrive'
  }
}

function describeSnapshot({ snapshot }: DbCheckModel): string {
  return `${formatBytes(snapshot.bytes)}, ${formatItems(snapshot.tables, 'table')}, ${formatItems(snapshot.rows, 'row')}; the source is untouched`
}

export function describeProof({ proof, verdict }: DbCheckModel): string {
  if (verdict === 'error' && proof.rowsProved === 0) return 'nothing: the check did not get that far'
  return proof.rows === proof.rowsProved
    ? `${formatItems(proof.rows, 'row')}, every value`
    : `${formatCount(proof.rowsProved)} of ${formatItems(proof.rows, 'row')}, every value`
}

const labelColumns = 11
const decisionsShown = 20

/** The outcome as labelled lines, for stdout. Ends without a line feed. */
export function renderDbCheckTerminal(model: DbCheckModel, traits: TerminalTraits): string {
  const decisions = model.decisions.slice(0, decisionsShown)
  const standing = standingStyles[model.verdict]
  return [
    ...labelled('snapshot', describeSnapshot(model), traits),
    ...labelled('server', model.server, traits),
    ...proofLines(model, traits),
    ...decisionLines(decisions, traits),
    ...cut(model.decisions.length - decisions.length, 'decision', traits),
    ...notCarriedLines(model, traits),
    ...(model.wrote.length === 0 ? [] : labelled('wrote', model.wrote.join(', '), traits)),
    ...(model.next === undefined ? [] : labelled('next', model.next, traits)),
    '',
    ...wrap(terminalText(`${dbCheckHeadline(model)}.`, traits), traits.columns - 4).map(
      (line, index) =>
        `${index === 0 ? standingGlyph(model.verdict, traits) : ' '} ${paint(line, standing.sgr, traits)}`,
    ),
  ].join('\n')
}

function labelled(label: string, text: string, traits: TerminalTraits): string[] {
  return wrapClauses(terminalText(text, traits), traits.columns - labelColumns).map(
    (line, index) => `${paint((index === 0 ? label : '').padEnd(labelColumns), dim, traits)}${line}`,
  )
}

function proofLines(model: DbCheckModel, traits: TerminalTraits): string[] {
  const [first = '', ...more] = labelled('proved', describeProof(model), traits)
  const time = formatDuration(model.proof.durationMs)
  const width = displayWidth(terminalText(describeProof(model), traits)) + labelColumns
  const fits = more.length === 0 && width + time.length + 2 <= traits.columns
  return fits ? [`${first}${paint(time.padStart(traits.columns - width), dim, traits)}`] : [first, ...more]
}

/** Problem on the left, the possible answers on the right, or below where there is no room. */
function decisionLines(decisions: readonly PendingDecision[], traits: TerminalTraits): string[] {
  const room = traits.columns - labelColumns
  const indent = ' '.repeat(labelColumns)
  const rows = decisions.map((decision) => ({
    problem: terminalText(`${decision.subject}: ${decision.problem}`, traits),
    options: terminalText(decision.options.join(' | '), traits),
  }))
  const optionColumns = Math.min(30, Math.max(0, ...rows.map((row) => displayWidth(row.options))))
  const problemColumns = Math.min(
    room - optionColumns - 2,
    Math.max(0, ...rows.map((row) => displayWidth(row.problem))),
  )
  return rows.flatMap(({ problem, options }, index) => {
    const lead = paint((index === 0 ? 'decide' : '').padEnd(labelColumns), dim, traits)
    if (displayWidth(problem) <= problemColumns && displayWidth(options) <= optionColumns) {
      return [`${lead}${padEnd(problem, problemColumns)}  ${paint(options, bold, traits)}`]
    }
    const problemLines = wrap(problem, room).map((line, row) => `${row === 0 ? lead : indent}${line}`)
    return problemLines.concat(wrap(options, room - 2).map((line) => `${indent}  ${paint(line, bold, traits)}`))
  })
}

function notCarriedLines(model: DbCheckModel, traits: TerminalTraits): string[] {
  const shown = model.notCarried.slice(0, decisionsShown)
  return [
    ...shown.flatMap((object, index) =>
      labelled(index === 0 ? 'left out' : '', `${object.kind} ${object.name}: ${object.reason}`, traits),
    ),
    ...cut(model.notCarried.length - shown.length, 'object', traits),
  ]
}

function cut(leftOut: number, noun: string, traits: TerminalTraits): string[] {
  return leftOut > 0 ? labelled('', `${formatItems(leftOut, noun)} more: see the report`, traits) : []
}
