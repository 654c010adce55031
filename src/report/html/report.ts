import { formatDuration, formatUtc } from '../formats.ts'
import {
  describeCheckout,
  gateLines,
  headlineOf,
  passedOf,
  readinessOf,
  readinessStandings,
  readinessWord,
  splitCode,
} from '../model.ts'
import type { GateReport } from '../model.ts'
import { databaseTable } from './database-table.ts'
import { gateSection } from './gate-section.ts'
import { loadCharts } from './load-charts.ts'
import { anchor, html } from './markup.ts'
import type { Markup, Part } from './markup.ts'
import { badge, chip, page } from './page.ts'

/**
 * The self-contained page of one run: the first screen says whether the commit is ready and why, then a section a
 * gate. No script, no request; under a megabyte for any number of findings.
 */
export function renderHtml(report: GateReport): string {
  return page({
    title: `${headlineOf(report)} · ${report.project}`,
    body: html`${top(report)}
      <main id="main">
        ${hero(report)} ${overview(report)} ${nextSteps(report.nextSteps)}
        ${report.results.map((result) =>
          gateSection(result, [
            result.gate === 'migration' && databaseTable(report.migration),
            result.gate === 'performance' && result.verdict !== 'skipped' && loadCharts(report.load),
          ]),
        )}
      </main>
      <footer>
        <p>
          Every verdict here was produced by a machine, for this commit, from the numbers shown. What was not proved
          does not pass.
        </p>
        <p>
          Agent Hive, run of
          ${formatUtc(report.startedAt)}${report.runFolder !== undefined && html`, evidence in <code>${report.runFolder}</code>`}
        </p>
      </footer>`,
  })
}

function top(report: GateReport): Markup {
  return html`<header class="top">
    <strong>${report.project}</strong><span>${describeCheckout(report)}</span
    ><time datetime="${report.startedAt}">${formatUtc(report.startedAt)}</time>
  </header>`
}

function hero(report: GateReport): Markup {
  const readiness = readinessOf(report)
  const standing = readinessStandings[readiness.kind]
  const stopping = gateLines(report).filter((line) =>
    readiness.kind === 'waiting' ? line.standing === 'waits' : ['error', 'fail', 'undecided'].includes(line.standing),
  )
  return html`<section class="hero ${standing}" aria-labelledby="verdict">
    <h1 id="verdict">${badge(standing)}${readinessWord(readiness)}</h1>
    <p class="why">${capital(whyOf(report))}.</p>
    ${
      stopping.length > 0 &&
      html`<ul>
        ${stopping.slice(0, 6).map((line) => html`<li><strong>${capital(line.title)}</strong>: ${line.facts.join('; ')}</li>`)}
      </ul>`
    }
    ${report.dirty && html`<p class="why">The working tree has uncommitted changes: this says nothing of a commit, and is never published.</p>`}
  </section>`
}

function whyOf(report: GateReport): string {
  const { kind, reasons } = readinessOf(report)
  if (kind === 'not-ready') return `${reasons.join(', ')}; ${passedOf(report)}`
  return kind === 'partial' ? `${passedOf(report)}; ${reasons.join(', ')}` : passedOf(report)
}

function overview(report: GateReport): Markup {
  const known = new Set(report.results.map((result) => result.gate))
  return html`<h2 class="soft" id="gates">Gates</h2>
    <ul class="gates">
      ${gateLines(report).map((line) => {
        const [first = '', ...more] = line.facts
        const name = capital(line.title)
        return html`<li>
          <span class="name"
            >${known.has(line.gate) ? html`<a href="#${anchor('gate', line.gate)}">${name}</a>` : name}</span
          ><span class="verdict">${chip(line.standing)}</span
          ><span class="facts">${first}${more.map((fact) => html`<span class="more">${fact}</span>`)}</span
          ><span class="time"
            >${line.durationMs !== undefined && line.standing !== 'skipped' && formatDuration(line.durationMs)}</span
          >
        </li>`
      })}
    </ul>`
}

/** Sentences with code between backticks, as a list. */
export function nextSteps(steps: readonly string[]): Part {
  return (
    steps.length > 0 &&
    html`<aside class="next" aria-labelledby="next">
      <h2 id="next">What to do next</h2>
      <ul>
        ${steps.map(
          (step) =>
            html`<li>${splitCode(step).map((part) => (part.code ? html`<code>${part.text}</code>` : part.text))}</li>`,
        )}
      </ul>
    </aside>`
  )
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
