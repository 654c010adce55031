import type { PlanTable } from '../documents.ts'
import { readTargetType } from '../target-type.ts'
import type { Meaning } from './meaning.ts'

function rank(value: Meaning): number {
  if (value === null) return 0
  if (typeof value === 'bigint' || typeof value === 'number') return 1
  return typeof value === 'string' ? 2 : 3
}

/** SQLite's order under BINARY: NULL, numbers, texts by their bytes, blobs. PostgreSQL is asked for the same. */
function compareMeanings(a: Meaning, b: Meaning): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0
  const ranks = rank(a) - rank(b)
  if (ranks !== 0) return ranks
  if (typeof a === 'string' && typeof b === 'string')
    return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return 0
}

export function compareKeys(a: readonly Meaning[], b: readonly Meaning[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const order = compareMeanings(a[index] ?? null, b[index] ?? null)
    if (order !== 0) return order
  }
  return 0
}

const ordered = new Set(['smallint', 'integer', 'bigint', 'text', 'bytea'])

/**
 * Indexes of the key's columns where both databases can give the rows in one order; `undefined` where there is no key,
 * or its order changed on the way (promoted and mixed types, UTF-16 texts).
 */
export function mergeKey(table: PlanTable, encoding: string): readonly number[] | undefined {
  if (table.key.length === 0) return undefined
  const indexes = table.key.map((name) => table.columns.findIndex((column) => column.name === name))
  const fits = indexes.every((index) => {
    const column = table.columns[index]
    if (column?.conversion !== 'identity' || column.misfit !== undefined) return false
    const traits = readTargetType(column.type, column.labels)
    if (traits === undefined || !traits.byteOrder || !ordered.has(traits.carrier)) return false
    return traits.carrier !== 'text' || encoding === 'UTF-8'
  })
  return fits ? indexes : undefined
}
