import type { ReportProgress } from '../../core/index.ts'
import type { Converted } from '../conversions.ts'
import type { CopyTable } from '../documents.ts'
import { quoteName } from '../names.ts'
import type { Client } from '../postgres/connect.ts'
import { Quarantine, type Refusal } from '../postgres/quarantine.ts'
import { readTargetType, type Carrier } from '../target-type.ts'
import type { StoredValue } from '../values.ts'
import { checkFor, type CheckValue } from './column-check.ts'
import type { ExistingTable } from './plan-types.ts'
import type { RefusedRows } from './refused-rows.ts'
import { RowBlock } from './row-block.ts'
import { sendRows } from './send-rows.ts'

export interface WriteTable {
  readonly source: string
  readonly schema: string
  readonly table: ExistingTable
  readonly rows: Iterator<readonly StoredValue[]>
  readonly refused: RefusedRows
  /** Places (counted from 0 in the order of reading) of rows whose parents turned out to be refused. */
  readonly orphans: ReadonlySet<number>
  /** Columns of the target that are written as NULL and filled once their parents are there. */
  readonly later: ReadonlySet<string>
  /** Table that notes which rows were written, by place, with these columns of the target. */
  readonly notes?: { readonly sql: string; readonly columns: readonly string[] }
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

interface Field {
  readonly name: string
  readonly target: string
  readonly carrier: Carrier
  readonly check: CheckValue
  readonly misfitIsNull: boolean
  readonly notNull: boolean
}

/** Rows and bytes that wait for one COPY, and for another try if the server refuses it. */
const blockRows = 2_000
const blockBytes = 4 * 1024 * 1024

/** Writes one table in the surrounding transaction. Every row is in the target afterwards, or kept as refused. */
export async function writeTable(client: Client, write: WriteTable): Promise<CopyTable> {
  const { document, inventory } = write.table
  const writer = new TableWriter(client, write)
  if (document.rows !== 'none') {
    let place = 0
    for (let next = write.rows.next(); next.done !== true; next = write.rows.next()) {
      writer.add(next.value, place)
      place += 1
      if (writer.isFull) {
        await writer.flush()
        write.signal.throwIfAborted()
        write.progress({ step: `copy ${document.name}`, done: place, total: inventory.rows, unit: 'rows' })
      }
    }
    await writer.flush()
  }
  return { name: document.name, target: document.target, ...writer.counts }
}

class TableWriter {
  readonly counts = { rowsRead: 0, rowsWritten: 0, rowsQuarantined: 0 }
  readonly #client: Client
  readonly #write: WriteTable
  readonly #fields: readonly Field[]
  readonly #quarantine: Quarantine
  readonly #sql: string
  readonly #block = new RowBlock()
  readonly #notes = new RowBlock()
  #rows: StoredValue[][] = []

  constructor(client: Client, write: WriteTable) {
    const { table, schema, source } = write
    this.#client = client
    this.#write = write
    this.#fields = table.document.columns.map((column) => ({
      name: column.name,
      target: column.target,
      carrier: readTargetType(column.type, column.labels)?.carrier ?? 'text',
      check: checkFor(column),
      misfitIsNull: column.misfit === 'null',
      notNull: table.target.columns.find(({ name }) => name === column.target)?.notNull === true,
    }))
    const names = table.document.columns.map(({ name }) => name)
    const keyColumns = table.inventory.primaryKey.map((name) => names.indexOf(name))
    this.#quarantine = new Quarantine({ source, table: table.document, keyColumns })
    const columns = this.#fields.map(({ target }) => quoteName(target)).join(', ')
    this.#sql = `COPY ${quoteName(schema)}.${quoteName(table.target.name)} (${columns}) FROM STDIN (FORMAT binary)`
  }

  get isFull(): boolean {
    return this.#rows.length + this.#quarantine.size >= blockRows || this.#block.length >= blockBytes
  }

  add(row: readonly StoredValue[], place: number): void {
    this.counts.rowsRead += 1
    const refusal = this.#encode(row, place)
    // SQLite's reader uses its array again.
    if (refusal === undefined) this.#rows.push([...row])
    else this.#quarantine.add(row, refusal)
  }

  async flush(): Promise<void> {
    const rows = this.#rows
    const { notes, table } = this.#write
    await sendRows(this.#client, rows.length, {
      send: [
        { sql: this.#sql, block: this.#block },
        ...(notes === undefined ? [] : [{ sql: notes.sql, block: this.#notes }]),
      ],
      table,
      written: (count) => (this.counts.rowsWritten += count),
      refused: (index, refusal) => this.#quarantine.add(rows[index] ?? [], refusal),
    })
    this.#block.clear()
    this.#notes.clear()
    this.#rows = []
    const { source } = this.#write
    this.counts.rowsQuarantined += await this.#write.refused.keep(this.#quarantine, { source, table: table.document })
  }

  /** Encodes a row, or says why it is refused. */
  #encode(row: readonly StoredValue[], place: number): Refusal | undefined {
    const { later, notes, orphans } = this.#write
    const orphan = this.#orphanColumns(row)
    if (orphans.has(place) || orphan.refused.length > 0) {
      const columns = orphan.refused.length > 0 ? orphan.refused : this.#linkColumns()
      return { columns, reason: 'its parent row is not in the target', code: 'HIVE_ORPHAN' }
    }
    const values = new Map<string, Converted | null>()
    const misfits: { readonly column: string; readonly reason: string }[] = []
    this.#block.row(this.#fields.length)
    for (const [index, field] of this.#fields.entries()) {
      const stored = row[index + 1] ?? null
      let value: Converted | null = null
      if (stored !== null && !orphan.nulled.has(field.name)) {
        const checked = field.check(stored)
        if (checked.kind === 'fits') value = checked.value
        else if (!field.misfitIsNull) misfits.push({ column: field.name, reason: checked.reason })
      } else if (field.notNull) misfits.push({ column: field.name, reason: 'it is NULL, and the column is NOT NULL' })
      values.set(field.target, value)
      this.#block.field(field.carrier, later.has(field.target) ? null : value)
    }
    if (misfits.length > 0) {
      this.#block.undo()
      const reason = misfits.map((misfit) => `${misfit.column}: ${misfit.reason}`).join('; ')
      return { columns: misfits.map(({ column }) => column), reason, code: 'HIVE_VALUE_MISFIT' }
    }
    if (notes !== undefined) {
      this.#notes.row(1 + notes.columns.length)
      this.#notes.field('bigint', BigInt(place))
      for (const name of notes.columns) {
        const field = this.#fields.find(({ target }) => target === name)
        this.#notes.field(field?.carrier ?? 'text', values.get(name) ?? null)
      }
    }
    return undefined
  }

  #orphanColumns(row: readonly StoredValue[]): { readonly refused: readonly string[]; readonly nulled: Set<string> } {
    const { columns, orphans = [] } = this.#write.table.document
    const refused: string[] = []
    const nulled = new Set<string>()
    for (const [index, rule] of orphans.entries()) {
      if (row[1 + columns.length + index] !== 1n) continue
      if (rule.action === 'quarantine') refused.push(...rule.columns)
      else for (const name of rule.columns) nulled.add(name)
    }
    return { refused, nulled }
  }

  #linkColumns(): readonly string[] {
    const linked = new Set(this.#write.table.links.flatMap(({ columns }) => columns))
    return this.#fields.filter(({ target }) => linked.has(target)).map(({ name }) => name)
  }
}
