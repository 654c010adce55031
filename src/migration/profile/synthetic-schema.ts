import { tokenize } from '../create-statement.ts'
import type { ProfileColumn, ProfileTable } from './schema.ts'

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * CREATE TABLE in two forms. `bare` takes any value of any class: no types, rules or foreign keys. `full` is what the
 * profile tells, and replaces the text of `bare` in SQLite's own schema once the rows are there: so the rows may break
 * what real rows break.
 */
export function createStatements(table: ProfileTable): { readonly bare: string; readonly full: string } {
  const keys = keyClauses(table)
  const tail = table.withoutRowid ? ' WITHOUT ROWID' : ''
  const rules = [
    ...table.checks.map(
      ({ name, expression }) => `${name === undefined ? '' : `CONSTRAINT ${quote(name)} `}CHECK (${expression}\n)`,
    ),
    ...table.foreignKeys.map(foreignKeyClause),
  ]
  const options = [...(table.withoutRowid ? ['WITHOUT ROWID'] : []), ...(table.strict ? ['STRICT'] : [])].join(', ')
  const columns = (isFull: boolean): readonly string[] =>
    table.columns.map((column) => columnClause(column, { table, isFull, own: keys.own.get(column.name) ?? '' }))
  const statement = (parts: readonly string[], end: string): string =>
    `CREATE TABLE ${quote(table.name)} (${parts.join(', ')})${end}`
  return {
    bare: statement([...columns(false), ...keys.clauses], tail),
    full: statement([...columns(true), ...keys.clauses, ...rules], options === '' ? '' : ` ${options}`),
  }
}

function columnClause(
  column: ProfileColumn,
  place: { readonly table: ProfileTable; readonly isFull: boolean; readonly own: string },
): string {
  const { table, isFull, own } = place
  // The key of a rowid table must be INTEGER from the start, and a table without rowid is its own index.
  const isTyped = isFull || table.withoutRowid || table.rowidAlias === column.name
  return [
    quote(column.name),
    isTyped ? column.declared : '',
    own,
    isFull && column.notNull ? 'NOT NULL' : '',
    isFull && column.defaultSql !== undefined && column.generated === undefined ? defaultClause(column.defaultSql) : '',
    column.collation === undefined ? '' : `COLLATE ${quote(column.collation)}`,
    column.generated === undefined
      ? ''
      : `GENERATED ALWAYS AS (${column.generated.expression}\n) ${column.generated.kind}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** A literal stands as it is ("text" in double quotes is none inside parentheses); an expression needs them. */
function defaultClause(sql: string): string {
  const [first, second, third] = tokenize(sql)
  const isSigned = first?.kind === 'symbol' && second?.kind === 'number' && third === undefined
  return isSigned || second === undefined ? `DEFAULT ${sql}` : `DEFAULT (${sql}\n)`
}

/** Keys in the order of SQLite's own indexes, so that those get the same names. */
function keyClauses(table: ProfileTable): {
  readonly clauses: readonly string[]
  readonly own: ReadonlyMap<string, string>
} {
  const own = new Map<string, string>()
  const list = (names: readonly string[]): string => names.map(quote).join(', ')
  const primary = table.indexes.find(({ origin }) => origin === 'primary-key')
  const [only] = table.primaryKey
  const isDescending = primary?.columns.length === 1 && primary.columns[0]?.descending === true
  let clause: string | undefined
  // Only behind its column does PRIMARY KEY DESC keep SQLite from taking the rowid, or AUTOINCREMENT work.
  if (only !== undefined && (isDescending || table.autoincrement)) {
    own.set(only, `PRIMARY KEY${isDescending ? ' DESC' : ''}${table.autoincrement ? ' AUTOINCREMENT' : ''}`)
  } else if (table.primaryKey.length > 0) clause = `PRIMARY KEY (${list(table.primaryKey)})`
  const numbered = table.indexes
    .filter(({ origin }) => origin !== 'index')
    .toSorted((a, b) => ordinal(a.name) - ordinal(b.name))
  const clauses: string[] = clause !== undefined && primary === undefined ? [clause] : []
  for (const index of numbered) {
    if (index.origin === 'primary-key') clauses.push(...(clause === undefined ? [] : [clause]))
    else clauses.push(`UNIQUE (${list(index.columns.map(({ name }) => name ?? ''))})`)
  }
  return { clauses, own }
}

/** `sqlite_autoindex_table_2` is the second. */
function ordinal(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0)
}

function foreignKeyClause(key: ProfileTable['foreignKeys'][number]): string {
  const list = (names: readonly string[]): string => names.map(quote).join(', ')
  const parents = key.parentColumns.length === key.columns.length ? ` (${list(key.parentColumns)})` : ''
  return `FOREIGN KEY (${list(key.columns)}) REFERENCES ${quote(key.parentTable)}${parents} ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}${key.deferred ? ' DEFERRABLE INITIALLY DEFERRED' : ''}`
}

/** CREATE INDEX; what an expression computes is not in the profile, and another stands for it. */
export function createIndex(table: ProfileTable, index: ProfileTable['indexes'][number]): string {
  const [first] = table.columns
  const isExpression = index.columns.some(({ name }) => name === undefined)
  const parts = index.columns.map(({ name, descending, collation }) => {
    const part = name === undefined ? `(${quote(first?.name ?? '')} || '')` : quote(name)
    return `${part} COLLATE ${quote(collation)}${descending ? ' DESC' : ''}`
  })
  const predicate = index.predicate ?? (isExpression && index.unique ? '0' : undefined)
  const where = predicate === undefined ? '' : ` WHERE ${predicate}`
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quote(index.name)} ON ${quote(table.name)} (${parts.join(', ')})${where}`
}
