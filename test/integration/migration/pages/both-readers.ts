import { mappingFor, targetTypes, type Mapping } from '../../../../src/migration/conversions.ts'
import type { PlanTable } from '../../../../src/migration/documents.ts'
import { CopyEncoder } from '../../../../src/migration/postgres/encoder.ts'
import { fieldPlan } from '../../../../src/migration/postgres/field-plan.ts'
import { rowsOfValues, type RowSource } from '../../../../src/migration/postgres/row-source.ts'
import type { Snapshot } from '../../../../src/migration/sqlite/snapshot.ts'
import type { SnapshotReader } from '../../../../src/migration/sqlite/table-reader.ts'
import { InvalidText, keyText, type StoredValue } from '../../../../src/migration/values.ts'
import { CopySource } from '../../../../src/migration/pages/copy-source.ts'
import { oneOf, type Random } from '../../../../src/migration/sqlite/random-database.fixture.ts'

export const everyMapping: readonly Mapping[] = targetTypes.flatMap((type) =>
  [undefined, 'identity', 'epoch-s', 'julian-day', 'uuid-blob', 'decimal'].flatMap(
    (conversion) => mappingFor(type, conversion) ?? [],
  ),
)

export function snapshotOf(path: string): Snapshot {
  return { source: 'app.db', path, bytes: 0, sha256: '', sound: Promise.resolve() }
}

/** A plan of a table, each column by any mapping: most do not hold everything, so that rows are refused too. */
export function randomPlan(reader: SnapshotReader, table: { name: string; random: Random }): PlanTable {
  const { name, random } = table
  const columns = reader.facts(name).columns.filter(({ isVirtual }) => !isVirtual || random(6) === 0)
  return {
    name,
    target: name,
    key: [],
    columns: columns.map((column) => {
      // One column that refuses refuses its row: most hold anything.
      const mapping =
        random(3) === 0 ? oneOf(random, everyMapping) : { type: 'bytea', conversion: 'mixed-bytea' as const }
      return {
        name: column.name,
        declared: column.declared,
        target: column.name,
        ...mapping,
        reason: '',
        ...(random(2) === 0 ? { misfit: 'null' as const } : {}),
      }
    }),
  }
}

export type ReadRow = string

/** Every row as the bytes of COPY, or what is refused, value by value. `viaPages` counts the rows without values. */
export function readAll(rows: RowSource, table: PlanTable): { readonly rows: readonly ReadRow[]; viaPages: number } {
  const plans = table.columns.map(fieldPlan)
  const found: ReadRow[] = []
  let viaPages = 0
  const encoder = new CopyEncoder()
  for (;;) {
    encoder.rewind(0)
    const row = rows.next(encoder)
    if (row === 'end') return { rows: found, viaPages }
    if (row === 'encoded') viaPages += 1
    found.push(row === 'encoded' ? bytesOf(encoder) : encodeValues(encoder, plans, row))
  }
}

/** Reads a table by SQLite, as the copy did before there was a page reader. */
export function readBySqlite(reader: SnapshotReader, table: PlanTable): readonly ReadRow[] {
  return readAll(rowsOfValues(reader.rows(table)), table).rows
}

export function readByPages(path: string, table: PlanTable): ReturnType<typeof readAll> & { readonly note?: string } {
  const source = new CopySource(snapshotOf(path))
  try {
    const rows = source.openRows(table)
    return { ...readAll(rows, table), ...(rows.note === undefined ? {} : { note: rows.note }) }
  } finally {
    source.close()
  }
}

function encodeValues(
  encoder: CopyEncoder,
  plans: readonly ReturnType<typeof fieldPlan>[],
  row: readonly StoredValue[],
): string {
  encoder.row(plans.length)
  for (const [index, plan] of plans.entries()) {
    const value = row[index + 1] ?? null
    const converted = value === null ? undefined : plan.convert(value)
    if (converted !== undefined) encoder.field(plan.type, converted)
    else if (value === null || plan.misfitIsNull) encoder.null()
    else return `refused ${keyText(row.map(distinct), Number.MAX_SAFE_INTEGER)}`
  }
  return bytesOf(encoder)
}

function bytesOf(encoder: CopyEncoder): string {
  return encoder.reserve(0).toString('latin1', 0, encoder.length)
}

/** The first row that differs, cut for people. */
export function firstDifference(one: readonly ReadRow[], other: readonly ReadRow[]): string | undefined {
  const index = one.findIndex((row, at) => row !== other[at])
  if (index < 0 && one.length === other.length) return undefined
  const [left, right] = [one, other].map((rows) => JSON.stringify(rows[index < 0 ? one.length : index])?.slice(0, 300))
  return `row ${index} of ${one.length} and ${other.length}: ${left} and ${right}`
}

/** Tells storage classes apart, which the text of a key does not. */
function distinct(value: StoredValue): StoredValue {
  const kind = value instanceof InvalidText ? 'invalid' : value instanceof Uint8Array ? 'blob' : typeof value
  return `${kind} ${keyText([value], Number.MAX_SAFE_INTEGER)}`
}
