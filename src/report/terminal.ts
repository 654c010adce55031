import { formatDuration } from './formats.ts'
import { describeCheckout, gateLines, headlineOf, readinessOf, readinessStandings } from './model.ts'
import type { GateLine, GateReport } from './model.ts'
import { truncate } from './neutralise.ts'
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

/**
 * The final summary for people: one gate a block, the verdict first, then its numbers. Plain text without cursor
 * movement, so that it reads the same in a terminal, a pipe and a log. Ends without a line feed.
 */
export function renderTerminal(report: GateReport, traits: TerminalTraits): string {
  const lines = gateLines(report)
  const readiness = readinessOf(report)
  const headlineColour = standingStyles[readinessStandings[readiness.kind]].sgr
  return [
    ...headerLines(report, traits),
    '',
    ...gateBlocks(lines, traits),
    '',
    ...indented(`${terminalText(headlineOf(report), traits)}.`, traits).map((line) =>
      paint(line, headlineColour, traits),
    ),
    ...pointerLines(report, traits),
  ].join('\n')
}

function headerLines(report: GateReport, traits: TerminalTraits): string[] {
  const checkout = terminalText(describeCheckout(report), traits)
  const project = terminalText(report.project, traits)
  const head = `hive gate   ${project}`
  const painted = `${paint('hive gate', bold, traits)}   ${project}`
  if (displayWidth(`${head}   ${checkout}`) <= traits.columns) return [`${painted}   ${paint(checkout, dim, traits)}`]
  return [painted, ...wrap(checkout, traits.columns - 12).map((line) => `            ${paint(line, dim, traits)}`)]
}

function gateBlocks(lines: readonly GateLine[], traits: TerminalTraits): string[] {
  const glyphColumns = traits.unicode ? 1 : 4
  const nameColumns = Math.min(24, Math.max(0, ...lines.map((line) => displayWidth(titleOf(line, traits))))) + 2
  const wordColumns = Math.max(0, ...lines.map((line) => standingStyles[line.standing].word.length)) + 2
  const left = 2 + glyphColumns + 1 + nameColumns + wordColumns
  return lines.flatMap((line) => {
    const { word, sgr } = standingStyles[line.standing]
    const time = line.durationMs === undefined || line.standing === 'skipped' ? '' : formatDuration(line.durationMs)
    const head = `  ${standingGlyph(line.standing, traits)} ${padEnd(titleOf(line, traits), nameColumns)}${paint(padEnd(word, wordColumns), sgr, traits)}`
    const room = traits.columns - left - (time === '' ? 0 : time.length + 2)
    const texts = line.facts.flatMap((fact) => wrapClauses(terminalText(fact, traits), room))
    return texts.length === 0
      ? [`${head}${time.padStart(traits.columns - left)}`.trimEnd()]
      : texts.map((text, index) =>
          index > 0
            ? `${' '.repeat(left)}${text}`
            : `${head}${time === '' ? text : `${padEnd(text, room)}  ${paint(time, dim, traits)}`}`,
        )
  })
}

function titleOf(line: GateLine, traits: TerminalTraits): string {
  return truncate(terminalText(line.title, traits), 22)
}

function indented(text: string, traits: TerminalTraits): string[] {
  return wrap(text, traits.columns - 2).map((line) => `  ${line}`)
}

/** Where the report lies and what to do next, as labelled lines. */
function pointerLines(report: GateReport, traits: TerminalTraits): string[] {
  const pointers: (readonly [string, string])[] = [
    ...(report.runFolder === undefined ? [] : [['report', `${report.runFolder}/report.html`] as const]),
    ...report.nextSteps.map((step) => ['next', step.replaceAll('`', '')] as const),
  ]
  return pointers.flatMap(([label, text]) =>
    wrap(terminalText(text, traits), traits.columns - 11).map(
      (line, row) => `  ${paint((row === 0 ? label : '').padEnd(9), dim, traits)}${line}`,
    ),
  )
}
