import type { DatabaseSync } from 'node:sqlite'
import type { Inventory } from '../inventory.ts'
import type { ColumnSizes } from '../profile/sizes.ts'
import { openSnapshot, sourceFault, sqliteName } from './open.ts'
import type { Snapshot } from './snapshot.ts'

/** Lengths and magnitudes of every column of a snapshot, by table and in the order of its columns. */
export function measureSnapshot(snapshot: Snapshot, inventory: Inventory): ReadonlyMap<string, readonly ColumnSizes[]> {
  const database = openSnapshot(snapshot.path)
  try {
    return new Map(
      inventory.tables.map(({ name, columns }) => {
        const names = columns.map((column) => column.name)
        const chunks = Array.from({ length: Math.ceil(names.length / columnsAtATime) }, (_, index) =>
          names.slice(index * columnsAtATime, (index + 1) * columnsAtATime),
        )
        return [name, chunks.flatMap((chunk) => measureColumns(database, { table: name, columns: chunk }))]
      }),
    )
  } catch (error) {
    throw sourceFault(error, snapshot.source)
  } finally {
    database.close()
  }
}

/** Six results a column, and SQLite gives at most 2,000. */
const columnsAtATime = 100

function measureColumns(
  database: DatabaseSync,
  place: { readonly table: string; readonly columns: readonly string[] },
): readonly ColumnSizes[] {
  const fields = place.columns.flatMap((name) => {
    const column = sqliteName(name)
    const range = (value: string, storage: string): readonly string[] =>
      ['min', 'max'].map((end) => `${end}(${value}) FILTER (WHERE typeof(${column}) = '${storage}')`)
    const length = `octet_length(${column})`
    // Zero and the infinities have no magnitude.
    const size = `CASE WHEN abs(${column}) BETWEEN 4.9e-324 AND 1.7976931348623157e308 THEN abs(${column}) END`
    return [...range(length, 'text'), ...range(length, 'blob'), ...range(size, 'real')]
  })
  const found = database
    .prepare(`SELECT ${fields.join(', ')} FROM ${sqliteName(place.table)} NOT INDEXED`)
    .get() as unknown as readonly (bigint | number | null)[]
  return place.columns.map((_, index) => {
    const pair = (first: number): readonly [number, number] | undefined => {
      const [least, most] = [found[index * 6 + first] ?? null, found[index * 6 + first + 1] ?? null]
      return least === null || most === null ? undefined : [Number(least), Number(most)]
    }
    const [texts, blobs, reals] = [pair(0), pair(2), pair(4)]
    return {
      ...(texts === undefined ? {} : { texts: { least: texts[0], most: texts[1] } }),
      ...(blobs === undefined ? {} : { blobs: { least: blobs[0], most: blobs[1] } }),
      ...(reals === undefined ? {} : { reals: { least: exponentOf(reals[0]), most: exponentOf(reals[1]) } }),
    }
  })
}

/** The power of two below a finite number over zero, from its bits: `log2` rounds. */
function exponentOf(value: number): number {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  const exponent = (bytes.readUInt16BE(0) >> 4) & 0x7ff
  return exponent === 0 ? Math.floor(Math.log2(value)) : exponent - 1_023
}
