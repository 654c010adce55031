import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { ColumnInventory, IndexInventory } from '../inventory.ts'
import { plainBytes } from '../values.ts'
import { readRows, type RowReaderOptions } from './rows.ts'

/**
 * Counts, for each unique index over columns of several storage classes, the rows whose key would meet another once
 * the class is not kept: the integer 1 and the text '1' are two keys in SQLite.
 */
export function findMergedKeys(
  database: DatabaseSync,
  options: RowReaderOptions & {
    readonly indexes: readonly IndexInventory[]
    readonly observed: readonly ColumnInventory[]
  },
): Readonly<Record<string, number>> {
  const merged: Record<string, number> = {}
  for (const index of options.indexes) {
    const names = index.columns.flatMap(({ name }) => (name === undefined ? [] : [name]))
    if (!index.unique || names.length < index.columns.length) continue
    const isMixed = names.some((name) => {
      const evidence = options.observed.find((column) => column.name === name)?.evidence
      if (evidence === undefined) return false
      return (
        [evidence.integers, evidence.reals, evidence.texts, evidence.blobs].filter(({ count }) => count > 0).length > 1
      )
    })
    if (isMixed) merged[index.name] = countRepeats(database, { ...options, columns: names })
  }
  return merged
}

function countRepeats(database: DatabaseSync, options: RowReaderOptions): number {
  const seen = new Set<string>()
  let repeats = 0
  for (const row of readRows(database, options)) {
    const values = row.slice(1, 1 + options.columns.length)
    if (values.includes(null)) continue
    const hash = createHash('sha256')
    for (const value of values) {
      const bytes = value === null || value === undefined ? Buffer.alloc(0) : plainBytes(value)
      hash.update(`${bytes.length}:`).update(bytes)
    }
    const digest = hash.digest('base64')
    if (seen.has(digest)) repeats += 1
    else seen.add(digest)
  }
  return repeats
}
