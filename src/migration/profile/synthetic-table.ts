import type { StoredValue } from '../values.ts'
import type { ProfileTable } from './schema.ts'

/** Rows of one table; `columns` are those that are stored, in the profile's order. */
export interface SyntheticTable {
  readonly profile: ProfileTable
  readonly columns: readonly string[]
  readonly rows: StoredValue[][]
}

/** Columns of every key that tells rows apart, as indexes of the stored columns. */
export function uniqueKeys(table: SyntheticTable): readonly (readonly number[])[] {
  const { primaryKey, indexes } = table.profile
  const lists = [
    ...(primaryKey.length > 0 ? [primaryKey] : []),
    ...indexes
      .filter(({ unique, columns }) => unique && columns.every(({ name }) => name !== undefined))
      .map(({ columns }) => columns.map(({ name }) => name ?? '')),
  ]
  return lists
    .map((names) => names.map((name) => table.columns.indexOf(name)))
    .filter((columns) => columns.every((column) => column >= 0))
}
