import { dbCheckHeadline, describeProof } from '../db-check.ts'
import type { DbCheckModel } from '../db-check.ts'
import { formatBytes, formatCount, formatDuration, formatItems, formatUtc } from '../formats.ts'
import type { Standing } from '../verdict-style.ts'
import { databaseTable } from './database-table.ts'
import { html } from './markup.ts'
import type { Markup, Part } from './markup.ts'
import { badge, dataTable, page } from './page.ts'
import { capital, nextSteps } from './report.ts'

const rowsShown = 500

/** The page that `hive db check` leaves: what would become of the data, what to decide, and the proof. */
export function renderDbCheckHtml(model: DbCheckModel): string {
  const name = model.sources.length === 1 ? (model.sources[0] ?? '') : formatItems(model.sources.length, 'database')
  return page({
    title: `${dbCheckHeadline(model)} · ${name}`,
    body: html`<header class="top">
        <strong>${name}</strong><span>SQLite to PostgreSQL, checked on a copy</span
        ><time datetime="${model.startedAt}">${formatUtc(model.startedAt)}</time>
      </header>
      <main id="main">
        ${hero(model)} ${facts(model)}
        ${nextSteps(model.next === undefined ? [] : [`run \`${model.next.replaceAll('`', "'")}\``])} ${decisions(model)}
        ${notCarried(model)}
        <section class="gate" aria-labelledby="proof">
          <header><h2 id="proof">Proof</h2></header>
          <p class="lead">
            A row is proved when every value of it was read back from PostgreSQL and equals what SQLite says.
          </p>
          ${databaseTable(model.databases)}
        </section>
      </main>
      <footer>
        <p>Checked on a private snapshot and a private server: the source is untouched, and nothing was kept.</p>
        <p>Agent Hive, run of ${formatUtc(model.startedAt)}, ${formatDuration(model.durationMs)}</p>
      </footer>`,
  })
}

function hero(model: DbCheckModel): Markup {
  const standing: Standing = model.verdict
  return html`<section class="hero long ${standing}" aria-labelledby="verdict">
    <h1 id="verdict">${badge(standing)}${dbCheckHeadline(model)}</h1>
    <p class="why">
      Proved:
      ${describeProof(model)}.${model.wrote.length > 0 && html` Written: ${model.wrote.map((name, index) => html`${index > 0 && ', '}<code class="nowrap">${name}</code>`)}.`}
    </p>
  </section>`
}

function facts(model: DbCheckModel): Markup {
  const { snapshot, proof } = model
  const cards: readonly (readonly [string, string, string])[] = [
    ['Snapshot', formatBytes(snapshot.bytes), `${formatItems(snapshot.tables, 'table')}; source untouched`],
    [
      'Rows',
      formatCount(snapshot.rows),
      `${formatCount(proof.rowsProved)} proved in ${formatDuration(proof.durationMs)}`,
    ],
    [
      'To decide',
      formatCount(model.decisions.length),
      model.decisions.length === 0 ? 'nothing is open' : 'nothing is lost meanwhile',
    ],
    ['Server', ...serverParts(model.server)],
  ]
  return html`<dl class="cards">
    ${cards.map(
      ([name, value, more]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}<small>${more}</small></dd>
        </div>`,
    )}
  </dl>`
}

function serverParts(server: string): readonly [string, string] {
  const [first = '', ...more] = server.split(', ')
  return [first, more.join(', ')]
}

function decisions(model: DbCheckModel): Part {
  if (model.decisions.length === 0) return false
  const shown = model.decisions.slice(0, rowsShown)
  return html`<section class="gate" aria-labelledby="decisions">
    <header><h2 id="decisions">To decide</h2></header>
    <p class="lead">
      Values that do not fit what is declared. Until someone decides, everything is kept in a wider type or as it is.
    </p>
    ${dataTable(
      'Decisions to take',
      [
        { title: 'Where', cell: (decision) => html`<span class="mono">${decision.subject}</span>` },
        { title: 'Found', cell: (decision) => decision.problem },
        { title: 'Choose', cell: (decision) => decision.options.map((option) => html`<code>${option}</code> `) },
        { title: 'Until then', cell: (decision) => decision.meanwhile },
      ],
      shown,
    )}${leftOut(model.decisions.length - shown.length, 'decision', 'hive-decisions.yml')}
  </section>`
}

function notCarried(model: DbCheckModel): Part {
  if (model.notCarried.length === 0) return false
  const shown = model.notCarried.slice(0, rowsShown)
  return html`<section class="gate" aria-labelledby="not-carried">
    <header><h2 id="not-carried">Not carried over</h2></header>
    <p class="lead">Objects of the schema that PostgreSQL has no equal of, or that must be written anew.</p>
    ${dataTable(
      'Objects that are not carried over',
      [
        { title: 'Object', cell: (object) => html`<span class="mono">${object.name}</span>` },
        { title: 'Kind', cell: (object) => object.kind },
        { title: 'Reason', cell: (object) => capital(object.reason) },
        { title: 'Instead', cell: (object) => object.suggestion },
      ],
      shown,
    )}${leftOut(model.notCarried.length - shown.length, 'object', 'the plan')}
  </section>`
}

function leftOut(count: number, noun: string, where: string): Part {
  return count > 0 && html`<p class="soft">${formatItems(count, noun)} more in ${where}.</p>`
}
