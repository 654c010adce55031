import type { PlanTable } from '../documents.ts'
import type { CopyEncoder } from '../postgres/encoder.ts'
import { fieldPlan, type FieldPlan } from '../postgres/field-plan.ts'
import type { RowSource } from '../postgres/row-source.ts'
import type { StoredValue } from '../values.ts'
import type { Coverage, FieldPlace } from './coverage.ts'
import { fieldWriter, FieldWriter, type WriterKind } from './field-writer.ts'
import type { PageFile } from './page-file.ts'
import { RecordCursor } from './record-cursor.ts'
import { rowidOf, storedValue, type MissingValue } from './stored-value.ts'
import { listLeaves } from './table-tree.ts'

interface PageField extends FieldPlace {
  readonly plan: FieldPlan
  readonly writer: WriterKind
}

export interface PageRowsOptions {
  readonly file: PageFile
  readonly table: PlanTable
  readonly coverage: Extract<Coverage, { kind: 'pages' }>
  /** Asked once for a column, when the first row without it is met; `undefined` where SQLite finds no such row. */
  readonly missing: (column: string, rowid: bigint) => StoredValue | undefined
}

/** Bytes of a field beside what the record holds of it: its length, and the widening of a number to eight bytes. */
const bytesBesideRecord = 12

/**
 * Reads a table from the file's pages straight into COPY's fields. A field whose bytes cannot be made from the stored
 * ones alone becomes a value and goes through its conversion; a row with a value that does not fit is handed over as
 * values, so that what is refused is decided in one place.
 */
export class PageRows implements RowSource {
  readonly #record: RecordCursor
  readonly #fields: readonly PageField[]
  readonly #missing: MissingValue
  readonly #writer = new FieldWriter()

  constructor({ file, table, coverage, missing }: PageRowsOptions) {
    this.#fields = coverage.places.map((place, index) => {
      const column = table.columns[index]
      if (column === undefined) throw new Error('there are more places than planned columns')
      const plan = fieldPlan(column)
      return { ...place, plan, writer: fieldWriter(plan, place) }
    })
    this.#record = new RecordCursor(file, listLeaves(file, coverage.rootPage), coverage.storedColumns)
    this.#missing = onceAColumn(this.#fields, (index, rowid) => {
      const value = missing(table.columns[index]?.name ?? '', rowid)
      if (value === undefined) throw file.corrupt(this.#record.page, `SQLite does not find its rowid ${rowid}`)
      return value
    })
  }

  /** @throws HIVE_SOURCE_CORRUPT with the number of the page */
  next(encoder: CopyEncoder): 'end' | 'encoded' | readonly StoredValue[] {
    if (!this.#record.next()) return 'end'
    const start = encoder.length
    if (this.#encode(encoder)) return 'encoded'
    encoder.rewind(start)
    return this.#values()
  }

  #encode(encoder: CopyEncoder): boolean {
    const record = this.#record
    const fields = this.#fields
    let room = record.recordBytes + fields.length * bytesBesideRecord + 2
    const writer = this.#writer
    let out = encoder.reserve(room)
    let at = encoder.length
    out[at] = fields.length >> 8
    out[at + 1] = fields.length
    at += 2
    room -= 2
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index]
      if (field === undefined) continue
      const written = writer.write(record, field, { out, at })
      if (written >= 0) {
        room -= written - at
        at = written
        continue
      }
      encoder.advance(at)
      if (!this.#encodeValue(encoder, field)) return false
      out = encoder.reserve(room)
      at = encoder.length
    }
    encoder.advance(at)
    return true
  }

  #encodeValue(encoder: CopyEncoder, field: PageField): boolean {
    const value = storedValue(this.#record, field, this.#missing)
    const converted = value === null ? undefined : field.plan.convert(value)
    if (converted !== undefined) encoder.field(field.plan.type, converted)
    else if (value === null || field.plan.misfitIsNull) encoder.null()
    else return false
    return true
  }

  #values(): readonly StoredValue[] {
    const fields = this.#fields.map((field) => storedValue(this.#record, field, this.#missing))
    return [rowidOf(this.#record), ...fields]
  }
}

/** A default is a constant: the first row without the column tells it for all. */
function onceAColumn(
  fields: readonly FieldPlace[],
  missing: (index: number, rowid: bigint) => StoredValue,
): MissingValue {
  const known = new Map<FieldPlace, StoredValue>()
  return (place, rowid) => {
    const found = known.get(place)
    if (found !== undefined) return found
    const value = missing(fields.indexOf(place), rowid)
    known.set(place, value)
    return value
  }
}
