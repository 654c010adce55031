import type { MigrationDocument } from '../../evidence/index.ts'
import { formatBytes, formatCount, formatItems } from '../formats.ts'
import { standingIcon } from './icons.ts'
import { html } from './markup.ts'
import type { Markup, Part } from './markup.ts'
import { dataTable } from './page.ts'

type Database = MigrationDocument['databases'][number]

const databasesShown = 500

/** One row a database: what was there, what was proved, and everything that was not carried over, counted. */
export function databaseTable(migration: MigrationDocument | undefined): Part {
  if (migration === undefined || migration.databases.length === 0) {
    return html`<div class="empty">
      <strong>No database was measured.</strong> The gate left no migration document: rows and proofs are unknown, not
      zero.
    </div>`
  }
  const all = migration.databases
  const shared = sharedFolder(all.map((database) => database.path)).length
  const sum = (of: (database: Database) => number): number => all.reduce((total, database) => total + of(database), 0)
  const count = (
    title: string,
    of: (database: Database) => number,
  ): Parameters<typeof dataTable<Database>>[1][number] => ({
    title,
    numeric: true,
    cell: (database) => faint(of(database)),
    total: formatCount(sum(of)),
  })
  return html`<h3>Databases</h3>
    ${dataTable(
      'Databases and their proofs',
      [
        {
          title: 'SQLite file',
          cell: (database) => html`<span class="mono">${database.path.slice(shared)}</span>`,
          total: formatItems(all.length, 'database'),
        },
        { title: 'Schema', cell: (database) => html`<span class="mono">${database.schema}</span>` },
        {
          title: 'Size',
          numeric: true,
          cell: (database) => formatBytes(database.bytes),
          total: formatBytes(sum((database) => database.bytes)),
        },
        count('Tables', (database) => database.tables),
        count('Rows', (database) => database.rows),
        { title: 'Proved', numeric: true, cell: proved, total: formatCount(sum((database) => database.rowsProved)) },
        count('Differ', (database) => database.differences),
        count('Quarantined', (database) => database.rowsQuarantined),
        count('Orphans', (database) => database.orphans),
        count('Not carried', (database) => database.notCarried),
        {
          title: 'Digest',
          cell: (database) => html`<span class="mono" title="${database.digest}">${database.digest.slice(0, 8)}</span>`,
        },
      ],
      all.slice(0, databasesShown),
    )}${all.length > databasesShown && html`<p class="soft">${formatItems(all.length - databasesShown, 'database')} more in migration.json.</p>`}`
}

function faint(count: number): Part {
  return count === 0 ? html`<span class="zero">0</span>` : formatCount(count)
}

function proved(database: Database): Markup {
  const all = database.rowsProved === database.rows
  return html`<span class="tone ${all ? 'pass' : 'fail'}"
    >${standingIcon(all ? 'pass' : 'fail')}
    ${formatCount(database.rowsProved)}${all ? '' : ` of ${formatCount(database.rows)}`}</span
  >`
}

/** The folder in which all files lie, where they are named from the root: it says nothing of them, and much of the machine. */
export function sharedFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths
  if (!first.startsWith('/')) return ''
  const folders = first.split('/').slice(0, -1)
  const common = folders.findIndex((folder, index) =>
    others.some((path) => path.split('/').slice(0, -1)[index] !== folder),
  )
  return `${folders.slice(0, common === -1 ? folders.length : common).join('/')}/`
}
