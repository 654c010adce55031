import type { PlanTable } from '../documents.ts'
import { rowsOfValues, type RowSource } from '../postgres/row-source.ts'
import { sourceFault } from '../sqlite/open.ts'
import type { Snapshot } from '../sqlite/snapshot.ts'
import { SnapshotReader } from '../sqlite/table-reader.ts'
import { coverTable } from './coverage.ts'
import { PageFile } from './page-file.ts'
import { PageRows } from './page-rows.ts'

/** Opens the tables of one snapshot for the copy. The proof reads through SQLite alone, by a reader of its own. */
export class CopySource {
  readonly #snapshot: Snapshot
  readonly #reader: SnapshotReader
  #pages: PageFile | undefined

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot
    this.#reader = new SnapshotReader(snapshot.path)
  }

  close(): void {
    this.#reader.close()
    this.#pages?.close()
  }

  /** @throws HIVE_SOURCE_CORRUPT, HIVE_SOURCE_UNREADABLE */
  openRows(table: PlanTable): RowSource {
    const coverage = coverTable(this.#reader.facts(table.name), table)
    if (coverage.kind === 'sqlite') return rowsOfValues(this.#reader.rows(table), `by SQLite: ${coverage.reason}`)
    this.#pages ??= new PageFile(this.#snapshot.path, this.#snapshot.source)
    return new PageRows({
      file: this.#pages,
      table,
      coverage,
      missing: (column, rowid) => {
        try {
          return this.#reader.valueAt(table.name, { column, rowid })
        } catch (error) {
          throw sourceFault(error, this.#snapshot.source)
        }
      },
    })
  }
}
