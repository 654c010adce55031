import type { Evidence, Finding } from '../../evidence/index.ts'
import { describeLocation } from '../location.ts'
import { formatCount, formatDuration } from '../formats.ts'
import { circumstances } from '../circumstances.ts'
import { formatChange, formatInterval, formatMeasured, formatTarget, standingOf } from '../measures.ts'
import type { TargetStanding } from '../measures.ts'
import { factsOf, findingsOf, standingOfResult } from '../model.ts'
import { truncate } from '../neutralise.ts'
import { gateTitle, standingStyles } from '../verdict-style.ts'
import type { Standing } from '../verdict-style.ts'
import { standingIcon } from './icons.ts'
import { anchor, html } from './markup.ts'
import type { Markup, Part } from './markup.ts'
import { measureBar } from './measure-bar.ts'
import { chip, dataTable, folded } from './page.ts'

/** The page stays under a megabyte: so many findings a gate are written, and the rest is counted. */
const findingsShown = 100
const findingsOpen = 10
const messageLength = 1_500

/** Everything about one gate; `extra` are its charts and tables. */
export function gateSection(result: Evidence, extra: Part): Markup {
  const standing = standingOfResult(result)
  const [lead = 'No summary was written.', ...more] = factsOf(result)
  return html`<section
    class="gate ${standing}"
    id="${anchor('gate', result.gate)}"
    aria-labelledby="${anchor('title', result.gate)}"
  >
    <header>
      <h2 id="${anchor('title', result.gate)}">${gateTitle(result.gate, 'heading')}</h2>
      ${chip(standing)}<span class="soft"
        >${
          standing === 'skipped'
            ? standingStyles.skipped.meaning
            : `${standingStyles[standing].meaning}, in ${formatDuration(result.durationMs)}`
        }</span
      >
    </header>
    <p class="lead">${lead}</p>
    ${more.map((fact) => html`<p class="lead">${fact}</p>`)} ${extra}
    ${
      result.measures.length > 0 &&
      html`<h3>Measures</h3>
        ${measuresTable(result)}`
    }
    ${
      result.findings.length > 0 &&
      html`<h3>Findings</h3>
        ${findingsList(result)}`
    }
    ${folded('Environment and evidence', [circumstancesTable(result), artifactsTable(result)])}
  </section>`
}

const targetStandings: Readonly<Record<Exclude<TargetStanding, 'none'>, readonly [Standing, string]>> = {
  met: ['pass', 'met'],
  missed: ['fail', 'missed'],
  unclear: ['undecided', 'unclear: the interval lies on both sides'],
}

function measuresTable(result: Evidence): Markup {
  return dataTable(
    `Measures of ${gateTitle(result.gate)}`,
    [
      { title: 'Measure', cell: (measure) => measure.name },
      {
        title: 'Value',
        numeric: true,
        cell: (measure) => html`<span class="strong">${formatMeasured(measure)}</span>`,
      },
      {
        title: 'Interval',
        numeric: true,
        cell: (measure) => (measure.interval === undefined ? '' : formatInterval(measure.interval)),
      },
      { title: 'Target', numeric: true, cell: formatTarget },
      {
        title: 'Target reached',
        cell: (measure) => {
          const standing = standingOf(measure)
          if (standing === 'none') return ''
          const [style, words] = targetStandings[standing]
          return html`<span class="tone ${style}">${standingIcon(style)} ${words}</span>`
        },
      },
      {
        title: 'Scale from 0',
        cell: (measure) => {
          const standing = standingOf(measure)
          const bar = measureBar(measure)
          return standing === 'none' || bar === undefined
            ? ''
            : html`<span class="${targetStandings[standing][0]}">${bar}</span>`
        },
      },
      { title: 'Against base', numeric: true, cell: formatChange },
    ],
    result.measures,
  )
}

function findingsList(result: Evidence): Markup {
  const all = findingsOf([result])
  const shown = all.slice(0, findingsShown)
  const item = (finding: Finding): Markup => {
    const place = describeLocation(finding)
    const tone = { error: 'fail', warning: 'undecided', note: 'skipped' }[finding.severity]
    return html`<li class="${tone}">
      <div class="head">
        <span class="tone">${finding.severity}</span><code>${finding.code}</code>${
          place !== undefined && html`<code>${place}</code>`
        }
      </div>
      <p>${truncate(finding.message, messageLength)}</p>
      ${finding.hint !== undefined && html`<p class="hint">${truncate(finding.hint, messageLength)}</p>`}
    </li>`
  }
  const list = (findings: readonly Finding[]): Markup =>
    html`<ul class="findings">
      ${findings.map(item)}
    </ul>`
  const further = shown.slice(findingsOpen)
  return html`${list(shown.slice(0, findingsOpen))}${further.length > 0 && folded(`${formatCount(further.length)} more findings`, list(further))}${
    all.length > shown.length &&
    html`<p class="soft">
      ${formatCount(all.length - shown.length)} further findings are left out here; the evidence of this gate has all of
      them.
    </p>`
  }`
}

function circumstancesTable(result: Evidence): Markup {
  return dataTable(
    `Circumstances of ${gateTitle(result.gate)}`,
    [
      { title: 'Circumstance', cell: (fact) => fact[0] },
      { title: 'Value', cell: (fact) => html`<span class="mono">${fact[1]}</span>` },
    ],
    circumstances(result).slice(0, 60),
  )
}

function artifactsTable(result: Evidence): Markup | false {
  return (
    result.artifacts.length > 0 &&
    dataTable(
      `Evidence of ${gateTitle(result.gate)}`,
      [
        { title: 'Evidence', cell: (artifact) => artifact.name },
        { title: 'File', cell: (artifact) => html`<span class="mono">${artifact.path}</span>` },
        {
          title: 'SHA-256',
          cell: (artifact) =>
            html`<span class="mono" title="${artifact.sha256}">${artifact.sha256.slice(0, 16)}…</span>`,
        },
      ],
      result.artifacts,
    )
  )
}
