import type { DatabaseSync } from 'node:sqlite'
import type { ReportProgress } from '../../core/index.ts'
import { ColumnObserver } from '../evidence.ts'
import type { ColumnEvidence, Inventory, Sighting } from '../inventory.ts'
import { coverTable, type Coverage } from '../pages/coverage.ts'
import type { PageFile } from '../pages/page-file.ts'
import { RecordCursor } from '../pages/record-cursor.ts'
import { rowidOf, storedValue } from '../pages/stored-value.ts'
import { listLeaves } from '../pages/table-tree.ts'
import { keyOfRow, type StoredValue } from '../values.ts'
import { PageObserver } from './page-observer.ts'
import { readRows } from './rows.ts'
import type { TableDefinition } from './schema.ts'
import type { SnapshotReader } from './table-reader.ts'

/** What one pass over a table needs. */
export interface Observation {
  readonly database: DatabaseSync
  readonly reader: SnapshotReader
  readonly pages: PageFile
  readonly encoding: Inventory['encoding']
  readonly table: TableDefinition
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

export interface Observed {
  readonly rows: number
  readonly nullKeys: Sighting
  /** In the order of the table's columns. */
  readonly evidence: readonly ColumnEvidence[]
}

/** Rows between two looks at the signal; the event loop gets its turn there. */
const rowsPerTurn = 20_000

/** Gathers the evidence of every stored value in one pass: over the pages where they can be read, else by SQLite. */
export async function observeRows(observation: Observation): Promise<Observed> {
  const { reader, table } = observation
  return observeBy(coverTable(reader.facts(table.name), table), observation)
}

/** The same by a reader that was chosen: both must tell the same. */
export function observeBy(coverage: Coverage, observation: Observation): Promise<Observed> {
  return new TableObserver(observation).observe(coverage)
}

class TableObserver {
  readonly #observation: Observation
  readonly #observers: readonly ColumnObserver[]
  readonly #keyColumns: readonly number[]
  readonly #nullKeys = { count: 0, exampleKeys: [] as string[] }
  #rows = 0

  constructor(observation: Observation) {
    const { columns, primaryKey } = observation.table
    this.#observation = observation
    this.#observers = columns.map(({ declared }) => new ColumnObserver(declared))
    this.#keyColumns = primaryKey.map((key) => columns.findIndex(({ name }) => name === key))
  }

  async observe(coverage: Coverage): Promise<Observed> {
    if (coverage.kind === 'pages') await this.#observePages(coverage)
    else await this.#observeValues()
    return {
      rows: this.#rows,
      nullKeys: this.#nullKeys,
      evidence: this.#observers.map((observer) => observer.read()),
    }
  }

  async #observeValues(): Promise<void> {
    const { database, encoding, table } = this.#observation
    const { name, withoutRowid, primaryKey } = table
    const columns = table.columns.map((column) => column.name)
    for (const row of readRows(database, { table: name, columns, withoutRowid, primaryKey, encoding })) {
      const key = (): string => keyOfRow(row, this.#keyColumns)
      this.#observers.forEach((observer, index) => observer.observe(row[index + 1] ?? null, key))
      if (this.#keyColumns.some((index) => row[index + 1] === null)) this.#addNullKey(String(row[0]))
      if (this.#endsTurn()) await this.#turn()
    }
  }

  async #observePages({ rootPage, storedColumns, places }: Extract<Coverage, { kind: 'pages' }>): Promise<void> {
    const { pages, reader, table } = this.#observation
    const record = new RecordCursor(pages, listLeaves(pages, rootPage), storedColumns)
    const defaults = new Map<number, StoredValue>()
    const value = (column: number): StoredValue => {
      const place = places[column]
      if (place === undefined) return null
      return storedValue(record, place, (_place, rowid) => {
        // A default is a constant: the first row without the column tells it for all.
        const known = defaults.get(column)
        if (known !== undefined) return known
        const found = reader.valueAt(table.name, { column: table.columns[column]?.name ?? '', rowid }) ?? null
        defaults.set(column, found)
        return found
      })
    }
    const key = (): string => keyOfRow([rowidOf(record), ...places.map((_, column) => value(column))], this.#keyColumns)
    const row = { value, key }
    const observers = this.#observers.flatMap((observer, column) => {
      const place = places[column]
      return place === undefined ? [] : [new PageObserver(observer, place, { column })]
    })
    // The rowid itself is never NULL.
    const nullable = this.#keyColumns.filter((column) => places[column]?.stored !== undefined)
    while (record.next()) {
      for (let index = 0; index < observers.length; index += 1) observers[index]?.observe(record, row)
      if (nullable.some((column) => value(column) === null)) {
        this.#addNullKey(String(rowidOf(record)))
      }
      if (this.#endsTurn()) await this.#turn()
    }
    for (const observer of observers) observer.finish()
  }

  #addNullKey(rowid: string): void {
    this.#nullKeys.count += 1
    if (this.#nullKeys.exampleKeys.length < 5) this.#nullKeys.exampleKeys.push(`rowid ${rowid}`)
  }

  #endsTurn(): boolean {
    this.#rows += 1
    return this.#rows % rowsPerTurn === 0
  }

  async #turn(): Promise<void> {
    const { progress, signal, table } = this.#observation
    progress({ step: `inspect ${table.name}`, done: this.#rows, unit: 'rows' })
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
  }
}
