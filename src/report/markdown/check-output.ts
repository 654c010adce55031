import type { Evidence, Finding } from '../../evidence/index.ts'
import { circumstances } from '../circumstances.ts'
import { isRepositoryPath } from '../location.ts'
import { factsOf, findingsOf, standingOfResult } from '../model.ts'
import { oneLine, truncate, visible } from '../neutralise.ts'
import { gateTitle } from '../verdict-style.ts'
import {
  artifactsTable,
  circumstancesTable,
  findingItem,
  fit,
  gateHeading,
  leftOutLine,
  measuresTable,
} from './parts.ts'
import type { LinkOptions } from './parts.ts'

/** What the Checks API takes; `annotations` is everything, and the caller sends 50 a request. */
export interface CheckOutput {
  readonly title: string
  readonly summary: string
  readonly text: string
  readonly annotations: readonly CheckAnnotation[]
}

interface CheckAnnotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly annotation_level: 'failure' | 'warning' | 'notice'
  readonly message: string
  readonly title: string
}

/** GitHub counts bytes: 255 of a title, 65,535 of summary and text. A character can take four. */
const titleBytes = 255
const textBytes = 65_535
const firstFindings = 10

/** The Check of one gate: the verdict as title, measures and first findings as summary, the rest as text. */
export function renderCheckOutput(result: Evidence, links: LinkOptions = {}): CheckOutput {
  const all = findingsOf([result]).map(({ gate: _gate, ...finding }) => finding)
  const write = (finding: Finding): string => findingItem(finding, links)
  const beginning = all.slice(0, firstFindings)
  // A quarter: characters can take four bytes, and other blocks need room; `withinBytes` has the last word.
  const first = fit(beginning, textBytes / 4, write)
  const rest = fit(all.slice(beginning.length - first.leftOut), textBytes / 4, write)
  return {
    title: checkTitle(result),
    summary: withinBytes(
      [
        gateHeading(result),
        measuresTable(result, textBytes / 4),
        ...(first.text === '' ? [] : [`**Findings**\n${first.text}`]),
      ],
      textBytes,
    ),
    text: withinBytes(
      [
        ...(rest.text === '' ? [] : [`**Further findings**\n${rest.text}${leftOutLine(rest.leftOut, 'finding')}`]),
        `**Environment and evidence**\n\n${circumstancesTable(circumstances(result), textBytes / 8)}`,
        ...[artifactsTable([result], textBytes / 8)].filter((part) => part !== ''),
      ],
      textBytes,
    ),
    annotations: all.flatMap(annotationOf),
  }
}

/** The first fact; a verdict other than pass or fail says so, since its conclusion looks the same. */
function checkTitle(result: Evidence): string {
  const standing = standingOfResult(result)
  const [first = gateTitle(result.gate)] = factsOf(result)
  const prefix = standing === 'pass' || standing === 'fail' || standing === 'waits' ? '' : `${standing}: `
  return cutBytes(oneLine(`${prefix}${first}`), titleBytes)
}

const levels = { error: 'failure', warning: 'warning', note: 'notice' } as const satisfies Record<
  Finding['severity'],
  CheckAnnotation['annotation_level']
>

function annotationOf(finding: Finding): CheckAnnotation[] {
  const { location } = finding
  if (location === undefined || !isRepositoryPath(location.path)) return []
  const start = location.startLine ?? 1
  const hint = finding.hint === undefined ? '' : `\n→ ${finding.hint}`
  return [
    {
      path: location.path,
      start_line: start,
      end_line: Math.max(start, location.endLine ?? start),
      annotation_level: levels[finding.severity],
      message: visible(`${finding.message}${hint}`),
      title: truncate(finding.code, 60),
    },
  ]
}

/** Whole blocks as long as they fit; a block is never cut, because half a table is no table. */
function withinBytes(blocks: readonly string[], limit: number): string {
  const taken: string[] = []
  let bytes = 0
  for (const block of blocks) {
    const size = Buffer.byteLength(block) + 2
    if (bytes + size > limit - 200)
      return `${taken.join('\n\n')}\n\nMore is left out here: see the evidence of this run.`
    taken.push(block)
    bytes += size
  }
  return taken.join('\n\n')
}

function cutBytes(text: string, limit: number): string {
  let cut = truncate(text, limit)
  while (Buffer.byteLength(cut) > limit) cut = truncate(cut, Array.from(cut).length - 1)
  return cut
}
