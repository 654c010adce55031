import type { StoredValue } from '../values.ts'
import type { Random } from './random.ts'
import type { ProfileTable } from './schema.ts'
import { uniqueKeys, type SyntheticTable } from './synthetic-table.ts'
import { letters } from './synthetic-texts.ts'

type ForeignKey = ProfileTable['foreignKeys'][number]

/** Gives the rows of a table parents, save as many as the profile calls orphans (in proportion, and at least one). */
export function linkToParents(
  table: SyntheticTable,
  made: { readonly tables: ReadonlyMap<string, SyntheticTable>; readonly random: Random },
): void {
  for (const key of table.profile.foreignKeys) {
    const parent = made.tables.get(key.parentTable.toLowerCase())
    if (parent === undefined || key.orphans === undefined) continue
    const own = indexesOf(table, key.columns)
    const theirs = indexesOf(parent, key.parentColumns)
    if (own.length !== theirs.length || own.includes(-1) || theirs.includes(-1)) continue
    link(table, { key, own, random: made.random, parents: tuples(parent, theirs) })
  }
}

function indexesOf(table: SyntheticTable, names: readonly string[]): readonly number[] {
  return names.map((name) => table.columns.findIndex((column) => column.toLowerCase() === name.toLowerCase()))
}

function tuples(parent: SyntheticTable, columns: readonly number[]): readonly (readonly StoredValue[])[] {
  return parent.rows.map((row) => columns.map((column) => row[column] ?? null)).filter((tuple) => !tuple.includes(null))
}

function link(
  table: SyntheticTable,
  links: {
    readonly key: ForeignKey
    readonly own: readonly number[]
    readonly random: Random
    readonly parents: readonly (readonly StoredValue[])[]
  },
): void {
  const { key, own, random, parents } = links
  const children = table.rows.filter((row) => own.every((column) => (row[column] ?? null) !== null))
  const wanted = key.orphans ?? 0
  const share = (wanted * table.rows.length) / Math.max(1, table.profile.rows)
  const orphans = parents.length === 0 ? children.length : wanted === 0 ? 0 : Math.max(1, Math.round(share))
  const isOneToOne = uniqueKeys(table).some((columns) => columns.every((column) => own.includes(column)))
  const order = random.shuffle([...parents])
  for (const [index, row] of random.shuffle([...children]).entries()) {
    const parent = order[isOneToOne ? index - orphans : random.below(order.length)]
    if (index < orphans) for (const column of own) row[column] = strange(row[column] ?? null, index)
    else for (const [part, column] of own.entries()) row[column] = alike(row[column] ?? null, parent?.[part] ?? null)
  }
}

/** The parent's value, in the class that the child's cell has: SQLite compares '1' in a TEXT column with 1. */
function alike(cell: StoredValue, parent: StoredValue): StoredValue {
  if (parent === null) return cell
  return typeof cell === 'string' && typeof parent === 'bigint' ? String(parent) : parent
}

/** A value of the same class that no parent has: beyond what their keys are made of. */
function strange(cell: StoredValue, index: number): StoredValue {
  if (typeof cell === 'bigint') return 2_000_000n + BigInt(index)
  if (typeof cell === 'number') return -index - 0.25
  return typeof cell === 'string' ? `zz${letters(index, 6)}` : cell
}
