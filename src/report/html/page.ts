import { standingIcon } from './icons.ts'
import { html } from './markup.ts'
import type { Markup, Part } from './markup.ts'
import { standingStyles } from '../verdict-style.ts'
import type { Standing } from '../verdict-style.ts'
import { styleSheet } from './style.ts'

/** Nothing is loaded and nothing runs: the page is safe to open wherever it came from. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** A whole document. Indentation of the templates is left out: browsers do not see it, and it is a fifth of the page. */
export function page(parts: { readonly title: string; readonly body: Part }): string {
  const style: Markup = { markup: `<style>${styleSheet}</style>` }
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${parts.title}</title>
        <link rel="icon" href="data:," />
        ${style}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the verdict</a>
        ${parts.body}
      </body>
    </html> `.markup.replaceAll(/\n\s+/g, '\n')
}

export function chip(standing: Standing): Markup {
  const { word, meaning } = standingStyles[standing]
  return html`<span class="chip ${standing}" title="${meaning}">${standingIcon(standing)}${word}</span>`
}

export function badge(standing: Standing): Markup {
  return html`<span class="badge">${standingIcon(standing)}</span>`
}

/** A region that scrolls inside itself where it is too wide, also by keyboard. */
function scrollable(label: string, content: Part): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`
}

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => Part
  readonly numeric?: boolean
  /** Written in the foot of the table. */
  readonly total?: Part
}

/** A table whose first column heads its rows. Columns in which no row says anything are left out. */
export function dataTable<Row>(label: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const used = columns.filter((column) => rows.some((row) => saysSomething(column.cell(row))))
  const kind = (column: Column<Row>): string => (column.numeric === true ? 'n' : '')
  return scrollable(
    label,
    html`<table>
      <thead>
        <tr>
          ${used.map((column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${used.map((column, index) =>
                index === 0
                  ? html`<th scope="row" class="${kind(column)}">${column.cell(row)}</th>`
                  : html`<td class="${kind(column)}">${column.cell(row)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
      ${
        rows.length > 1 &&
        used.some((column) => column.total !== undefined) &&
        html`<tfoot>
          <tr>
            ${used.map((column, index) =>
              index === 0
                ? html`<th scope="row">${column.total}</th>`
                : html`<td class="${kind(column)}">${column.total}</td>`,
            )}
          </tr>
        </tfoot>`
      }
    </table>`,
  )
}

function saysSomething(part: Part): boolean {
  return html`${part}`.markup !== ''
}

export function folded(summary: string, content: Part): Markup {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`
}
