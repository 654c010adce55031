import type { Evidence, Finding } from '../../evidence/index.ts'
import { formatItems } from '../formats.ts'
import { formatChange, formatInterval, formatMeasured, formatTarget, standingOf } from '../measures.ts'
import type { TargetStanding } from '../measures.ts'
import { describeLocation, isRepositoryPath } from '../location.ts'
import { factsOf, splitCode, standingOfResult } from '../model.ts'
import { markdownCode, markdownText, markdownTextWithin } from '../neutralise.ts'
import { gateTitle, standingStyles } from '../verdict-style.ts'
import type { Standing } from '../verdict-style.ts'

/** Where files of the head commit are shown, as `https://github.com/OWNER/REPO/blob/SHA`: the caller's own word. */
export interface LinkOptions {
  readonly blobUrl?: string
}

/** Cells of a table are short: the rest of a long text is in the evidence. */
const cellLength = 600

export const cell = (text: string): string => markdownTextWithin(text, cellLength)

/** Columns that are empty in every row are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = head.map((_title, column) => column === 0 || rows.some((row) => (row[column] ?? '') !== ''))
  const line = (cells: readonly string[]): string => `| ${cells.filter((_cell, column) => used[column]).join(' | ')} |`
  return [
    line(head),
    `|${used
      .filter(Boolean)
      .map(() => '---')
      .join('|')}|`,
    ...rows.map(line),
  ].join('\n')
}

/** A table of at most `budget` characters, which says how many rows are left out. Rows are written as they fit. */
export function tableWithin<Item>(
  head: readonly string[],
  items: readonly Item[],
  how: { readonly budget: number; readonly row: (item: Item) => readonly string[] },
): string {
  const rows: (readonly string[])[] = []
  let length = 0
  for (const item of items) {
    const row = how.row(item)
    length += row.join(' | ').length + 5
    if (length > how.budget) break
    rows.push(row)
  }
  return table(head, rows) + leftOutLine(items.length - rows.length, 'row')
}

export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`
}

export function standingCell(standing: Standing): string {
  const { markdown, word } = standingStyles[standing]
  return `${markdown} ${word}`
}

/** The gate's line of the overview: its facts on one line. */
export function factsCell(facts: readonly string[]): string {
  return markdownTextWithin(facts.join(' · '), cellLength)
}

/** A sentence whose parts between backticks are code. */
export function sentence(text: string): string {
  return splitCode(text)
    .map((part, index) => {
      if (part.code) return markdownCode(part.text)
      // The breaker of a line's start is for starts of lines only; spaces beside code must survive.
      const [, before = '', middle = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(part.text) ?? []
      return `${index > 0 && before !== '' ? ' ' : ''}${markdownText(middle)}${after === '' ? '' : ' '}`
    })
    .join('')
    .trim()
}

const standingWords: Readonly<Record<TargetStanding, string>> = {
  met: '✅ met',
  missed: '❌ missed',
  unclear: '❔ interval on both sides',
  none: '',
}

export function measuresTable(result: Evidence, budget: number): string {
  if (result.measures.length === 0) return 'No measures were taken.'
  return tableWithin(['Measure', 'Value', 'Interval', 'Target', 'Against base', ''], result.measures, {
    budget,
    row: (measure) => [
      markdownText(measure.name),
      `**${markdownText(formatMeasured(measure))}**`,
      measure.interval === undefined ? '' : markdownText(formatInterval(measure.interval)),
      markdownText(formatTarget(measure)),
      formatChange(measure),
      standingWords[standingOf(measure)],
    ],
  })
}

/** One finding as a list item: place, message, hint. The place is a link where `blobUrl` is known. */
export function findingItem(finding: Finding & { readonly gate?: string }, links: LinkOptions = {}): string {
  const place = describeLocation(finding)
  const from = finding.gate === undefined ? '' : `${markdownText(gateTitle(finding.gate))}, `
  const where = place === undefined ? '' : ` at ${placeLink(finding, place, links)}`
  const hint = finding.hint === undefined ? '' : `<br>→ ${markdownTextWithin(finding.hint, 2_000)}`
  return `- **${finding.severity}** ${from}${markdownCode(finding.code)}${where}<br>${markdownTextWithin(finding.message, 4_000)}${hint}`
}

function placeLink(finding: Finding, place: string, { blobUrl }: LinkOptions): string {
  const shown = markdownCode(place.length > 300 ? `…${place.slice(-299)}` : place)
  const { location } = finding
  if (blobUrl === undefined || location === undefined || !isRepositoryPath(location.path)) return shown
  const path = location.path
    .split('/')
    .map((part) =>
      encodeURIComponent(part.toWellFormed()).replaceAll(
        /[()'!*]/g,
        (character) => `%${character.charCodeAt(0).toString(16)}`,
      ),
    )
    .join('/')
  const { startLine, endLine } = location
  const lines = startLine === undefined ? '' : `#L${startLine}${endLine === undefined ? '' : `-L${endLine}`}`
  return `[${shown}](${blobUrl}/${path}${lines})`
}

export function circumstancesTable(facts: readonly (readonly [string, string])[], budget: number): string {
  return tableWithin(['Circumstance', 'Value'], facts, {
    budget,
    row: ([name, value]) => [markdownText(name), markdownCode(value)],
  })
}

/** The files of all results; the gate is named where there is more than one. */
export function artifactsTable(results: readonly Evidence[], budget: number): string {
  const artifacts = results.flatMap((result) =>
    result.artifacts.map((artifact) => ({ gate: result.gate, ...artifact })),
  )
  if (artifacts.length === 0) return ''
  return tableWithin(['Evidence', 'Gate', 'File', 'SHA-256'], artifacts, {
    budget,
    row: (artifact) => [
      cell(artifact.name),
      results.length > 1 ? markdownText(gateTitle(artifact.gate)) : '',
      markdownCode(artifact.path),
      `\`${artifact.sha256.slice(0, 16)}…\``,
    ],
  })
}

/** As many items as fit into `budget` characters, written one by one, and how many were left out. */
export function fit<Item>(
  items: readonly Item[],
  budget: number,
  write: (item: Item) => string,
): { readonly text: string; readonly leftOut: number } {
  const taken: string[] = []
  let length = 0
  for (const item of items) {
    const block = write(item)
    length += block.length + 1
    if (length > budget) break
    taken.push(block)
  }
  return { text: taken.join('\n'), leftOut: items.length - taken.length }
}

export function leftOutLine(leftOut: number, noun: string): string {
  return leftOut === 0
    ? ''
    : `\n\n${formatItems(leftOut, noun)} more ${leftOut === 1 ? 'is' : 'are'} left out here: see the evidence of this run.`
}

/** Title, facts and verdict of one gate as a heading of a longer text. */
export function gateHeading(result: Evidence): string {
  return `${standingCell(standingOfResult(result))}: ${markdownText(gateTitle(result.gate, 'heading'))} · ${factsCell(factsOf(result))}`
}
