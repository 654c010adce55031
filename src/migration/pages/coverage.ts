import type { PlanTable } from '../documents.ts'

/** What SQLite says of a table, as far as the page reader must know it. */
export interface TableFacts {
  readonly encoding: string
  /** Absent where the schema has no such table, or several. */
  readonly rootPage?: number
  readonly withoutRowid: boolean
  /** False where columns take all three names of the rowid. */
  readonly hasRowidName: boolean
  /** The column that is the rowid itself. */
  readonly rowidAlias?: string
  /** All columns in the order of the declaration. */
  readonly columns: readonly {
    readonly name: string
    readonly declared: string
    readonly isVirtual: boolean
    readonly hasDefault: boolean
  }[]
}

/** Where a planned column is in a record. */
export interface FieldPlace {
  /** Index among the stored fields; absent where the column is the rowid. */
  readonly stored?: number
  /** SQLite stores integral reals of such a column as integers, and reads them as reals again. */
  readonly isReal: boolean
  /** A record that ends before the field means the declared default and not NULL. */
  readonly hasDefault: boolean
}

/** How a table is read, decided before its first page is. */
export type Coverage =
  | {
      readonly kind: 'pages'
      readonly rootPage: number
      /** Fields of a whole record. */
      readonly storedColumns: number
      /** One for each planned column. */
      readonly places: readonly FieldPlace[]
    }
  | { readonly kind: 'sqlite'; readonly reason: string }

/** A planned table, or one that is only looked at. */
type CoveredTable = Pick<PlanTable, 'orphans'> & {
  readonly columns: readonly Pick<PlanTable['columns'][number], 'name'>[]
}

/** Decides whether the pages of a table can be read directly; what is unusual is left to SQLite, with the reason. */
export function coverTable(facts: TableFacts, table: CoveredTable): Coverage {
  const { rootPage } = facts
  if (facts.encoding !== 'UTF-8') return bySqlite(`its text is ${facts.encoding}`)
  if (facts.withoutRowid) return bySqlite('it is WITHOUT ROWID')
  if (rootPage === undefined || rootPage < 2) return bySqlite('it has no b-tree of its own')
  if (!facts.hasRowidName) return bySqlite('its columns take every name of the rowid')
  if ((table.orphans ?? []).length > 0) return bySqlite('rows are looked up in their parents')
  const stored = facts.columns.filter(({ isVirtual }) => !isVirtual)
  const places: FieldPlace[] = []
  for (const { name } of table.columns) {
    const column = facts.columns.find((one) => one.name === name)
    if (column === undefined) return bySqlite(`it has no column ${name}`)
    if (column.isVirtual) return bySqlite(`${name} is computed when it is read`)
    places.push({
      ...(name === facts.rowidAlias ? {} : { stored: stored.indexOf(column) }),
      isReal: hasRealAffinity(column.declared),
      hasDefault: column.hasDefault,
    })
  }
  return { kind: 'pages', rootPage, storedColumns: stored.length, places }
}

function bySqlite(reason: string): Coverage {
  return { kind: 'sqlite', reason }
}

/** SQLite's rule: INT, CHAR, CLOB, TEXT and BLOB anywhere in the declared type win over REAL, FLOA and DOUB. */
export function hasRealAffinity(declared: string): boolean {
  return /real|floa|doub/i.test(declared) && !/int|char|clob|text|blob/i.test(declared)
}
