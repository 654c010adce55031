import { plainBytes, type StoredValue } from '../values.ts'
import { seededRandom, type Random } from './random.ts'
import type { ProfileSource, ProfileTable } from './schema.ts'
import { linkToParents } from './synthetic-keys.ts'
import { uniqueKeys, type SyntheticTable } from './synthetic-table.ts'
import { columnCells } from './synthetic-values.ts'

/** Rows a table at most: more tell a plan nothing, and every kind of value is among them. */
export const rowsAtMost = 400

/** Makes a table's rows keep their CHECKs: SQLite itself must judge that. */
export type RepairRows = (table: SyntheticTable, random: Random) => void

/**
 * Rows with the classes, shapes and sizes, the key uniqueness and the orphans that a profile tells of. The same profile
 * gives the same rows.
 */
export function syntheticTables(source: ProfileSource, repair: RepairRows): readonly SyntheticTable[] {
  const made = new Map<string, SyntheticTable>()
  for (const profile of parentsFirst(source.tables)) {
    const random = seededRandom(`${source.name}\0${profile.name}`)
    const stored = profile.columns.filter(({ generated }) => generated === undefined)
    const rows = Math.min(profile.rows, rowsAtMost)
    const cells = stored.map((column) => columnCells(column, { rows, encoding: source.encoding, random }))
    const count = profile.rows === 0 ? 0 : Math.max(rows, ...cells.map(({ length }) => length))
    const table: SyntheticTable = {
      profile,
      columns: stored.map(({ name }) => name),
      rows: Array.from({ length: count }, (_, row) => cells.map((column) => column[row] ?? null)),
    }
    made.set(profile.name.toLowerCase(), table)
    linkToParents(table, { tables: made, random })
    repair(table, random)
    separateKeys(table, random)
    mergeKeys(table)
  }
  return source.tables.flatMap(({ name }) => made.get(name.toLowerCase()) ?? [])
}

/** Tables after those that they point to; in a cycle, in the profile's order. */
function parentsFirst(tables: readonly ProfileTable[]): readonly ProfileTable[] {
  const ordered: ProfileTable[] = []
  const seen = new Set<ProfileTable>()
  const visit = (table: ProfileTable): void => {
    if (seen.has(table)) return
    seen.add(table)
    for (const { parentTable } of table.foreignKeys) {
      const parent = tables.find(({ name }) => name.toLowerCase() === parentTable.toLowerCase())
      if (parent !== undefined) visit(parent)
    }
    ordered.push(table)
  }
  for (const table of tables) visit(table)
  return ordered
}

/** Swaps values within a column until no key repeats; a row that stays in the way is left out. */
function separateKeys(table: SyntheticTable, random: Random): void {
  for (let round = 0; round < 3; round += 1) {
    for (const columns of uniqueKeys(table)) {
      const seen = new Set<string>()
      const repeated: number[] = []
      for (const [index, row] of table.rows.entries()) {
        const key = keyBytes(row, columns)
        if (key === undefined) continue
        if (seen.has(key)) repeated.push(index)
        else seen.add(key)
      }
      if (repeated.length > 0 && round === 2) {
        const out = new Set(repeated)
        table.rows.splice(0, table.rows.length, ...table.rows.filter((_, index) => !out.has(index)))
      } else for (const index of repeated) separate(table, { index, columns, seen, random })
    }
  }
}

function separate(
  table: SyntheticTable,
  place: {
    readonly index: number
    readonly columns: readonly number[]
    readonly seen: Set<string>
    readonly random: Random
  },
): void {
  const { index, columns, seen, random } = place
  const row = table.rows[index]
  if (row === undefined || columns.length < 2) return
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const column = columns[random.below(columns.length)] ?? 0
    const other = table.rows[random.below(table.rows.length)]
    if (other === undefined || other === row) continue
    const [own, theirs] = [row[column] ?? null, other[column] ?? null]
    if (own === null || theirs === null) continue
    const before = keyBytes(other, columns) ?? ''
    row[column] = theirs
    other[column] = own
    const [now, then] = [keyBytes(row, columns) ?? '', keyBytes(other, columns) ?? '']
    if (now !== then && !seen.has(now) && (then === before || !seen.has(then))) {
      seen.delete(before)
      seen.add(now).add(then)
      return
    }
    row[column] = own
    other[column] = theirs
  }
}

/** A key as SQLite compares it: by class and value, NOCASE included; `undefined` with a NULL in it. */
function keyBytes(row: readonly StoredValue[], columns: readonly number[]): string | undefined {
  const parts = columns.map((column) => row[column] ?? null)
  if (parts.includes(null)) return undefined
  return parts
    .map((value) => (typeof value === 'string' ? `t${value.toLowerCase()}` : `${typeof value}${String(value)}`))
    .join('\0')
}

/** Where keys differ by their class alone (1 and '1'), some rows must as well. */
function mergeKeys(table: SyntheticTable): void {
  for (const index of table.profile.indexes) {
    if ((table.profile.mergedKeys[index.name] ?? 0) === 0) continue
    const columns = index.columns.map(({ name }) => table.columns.indexOf(name ?? ''))
    for (const column of columns) {
      const first = table.rows.find((row) => typeof row[column] === 'bigint' || typeof row[column] === 'number')
      const second = table.rows.find((row) => typeof row[column] === 'string' && row !== first)
      const value = first?.[column] ?? null
      if (first === undefined || second === undefined || value === null) continue
      for (const other of columns) if (other >= 0) second[other] = first[other] ?? null
      second[column] = Buffer.from(plainBytes(value)).toString()
      break
    }
  }
}
