import type { NotCarried } from './documents.ts'
import { translateCondition, type ExpressionColumns } from './expression.ts'
import type { IndexInventory, TableInventory } from './inventory.ts'
import { type Namer, quoteName } from './names.ts'
import { countRows } from './plan-texts.ts'
import type { PlannedColumn, PlannedObject } from './plan-types.ts'

/** What a table's keys, indexes and rules are planned from. */
export interface ObjectQuestion {
  readonly table: TableInventory
  /** Quoted, with its schema. */
  readonly qualified: string
  readonly target: string
  readonly columns: readonly PlannedColumn[]
  /** Names of the schema: indexes share them with tables. */
  readonly relations: Namer
}

export interface PlannedRules {
  readonly objects: readonly PlannedObject[]
  readonly notCarried: readonly NotCarried[]
}

/** PostgreSQL's B-tree refuses keys over 2,704 bytes; a little is left for the columns beside the texts. */
const maximumKeyBytes = 2_600

export function planKeysAndIndexes(question: ObjectQuestion): PlannedRules {
  const objects: PlannedObject[] = []
  const notCarried: NotCarried[] = []
  const { table } = question
  for (const key of [...primaryKeyOf(table), ...table.indexes.filter(({ origin }) => origin !== 'primary-key')]) {
    const outcome = planIndex(question, key)
    objects.push(...outcome.objects)
    notCarried.push(...outcome.notCarried)
  }
  return { objects, notCarried }
}

/** A rowid alias and the key of a WITHOUT ROWID table have no index of their own in every version: made up here. */
function primaryKeyOf(table: TableInventory): readonly IndexInventory[] {
  if (table.primaryKey.length === 0) return []
  const listed = table.indexes.find(({ origin }) => origin === 'primary-key')
  if (listed !== undefined) return [listed]
  const columns = table.primaryKey.map((name) => ({ name, descending: false, collation: 'BINARY' }))
  return [{ name: `${table.name}_pkey`, unique: true, origin: 'primary-key', columns }]
}

function planIndex(question: ObjectQuestion, index: IndexInventory): PlannedRules {
  const { table, qualified, columns, relations } = question
  const label =
    index.origin === 'index' ? index.name : `${table.name} (${index.columns.map(({ name }) => name).join(', ')})`
  const kind = index.origin === 'index' ? (index.unique ? 'unique-index' : 'index') : index.origin
  const refuse = (reason: string, suggestion: string): PlannedRules => ({
    objects: [],
    notCarried: [{ kind, name: label, reason, suggestion }],
  })
  const parts = index.columns.map((part) => ({ part, column: columns.find(({ name }) => name === part.name) }))
  if (parts.some(({ column }) => column === undefined)) {
    return refuse('it indexes an expression, whose meaning may differ', 'write the index by hand in a migration')
  }
  const typed = parts.flatMap(({ part, column }) => (column === undefined ? [] : [{ part, column }]))
  const bytes = typed.reduce((sum, { column }) => sum + (isLong(column) ? column.evidence.maxBytes : 8), 0)
  if (bytes > maximumKeyBytes) {
    return refuse(
      `a key of ${bytes} bytes is stored, and PostgreSQL takes 2704`,
      'index a hash of the column: md5(column)',
    )
  }
  const merged = table.mergedKeys[index.name] ?? 0
  if (index.unique && merged > 0) {
    return refuse(
      `${merged} keys differ in their storage class only, which the target does not keep`,
      'decide which of the rows is meant, then add the key',
    )
  }
  const predicate =
    index.predicate === undefined ? undefined : translateCondition(index.predicate, expressionColumns(columns))
  if (index.predicate !== undefined && predicate === undefined) {
    return refuse(`its condition (${index.predicate}) may mean something else in PostgreSQL`, 'write the index by hand')
  }
  const folded = typed.filter(({ part }) => part.collation !== 'BINARY')
  const unknown = folded.find(({ part, column }) => part.collation !== 'NOCASE' || !isText(column))
  if (unknown !== undefined && (index.unique || unknown.part.collation !== 'NOCASE')) {
    return refuse(
      `PostgreSQL has no collation like ${unknown.part.collation}`,
      'normalise the column, then add the index',
    )
  }
  const objects: PlannedObject[] = []
  const list = typed.map(({ part, column }) => indexPart(part, column)).join(', ')
  const isPlain = folded.length === 0 && predicate === undefined && typed.every(({ part }) => !part.descending)
  const notCarried: NotCarried[] = []
  if (index.origin === 'primary-key') {
    const names = typed.map(({ column }) => quoteName(column.target)).join(', ')
    const isNull = table.nullKeys.count > 0
    const name = relations.name(`${question.target}_pkey`, 'pkey')
    objects.push({
      kind: isNull ? 'unique' : 'primary-key',
      name,
      columns: typed.map(({ column }) => column.name),
      sql: `ALTER TABLE ${qualified} ADD CONSTRAINT ${quoteName(name)} ${isNull ? 'UNIQUE' : 'PRIMARY KEY'} (${names})`,
    })
    if (isNull) {
      notCarried.push({
        kind,
        name: table.name,
        reason: `${countRows(table.nullKeys.count, 'has', 'have')} NULL in their primary key (${table.nullKeys.exampleKeys.join(', ')}), which PostgreSQL does not permit; it is carried over as UNIQUE`,
        suggestion: 'give those rows a key, then make it the primary key',
      })
    }
    if (folded.length === 0) return { objects, notCarried }
  }
  if (index.origin === 'unique' && isPlain) {
    const name = relations.name(`${question.target}_${typed.map(({ column }) => column.target).join('_')}_key`, 'key')
    const sql = `ALTER TABLE ${qualified} ADD CONSTRAINT ${quoteName(name)} UNIQUE (${list})`
    objects.push({ kind: 'unique', name, columns: typed.map(({ column }) => column.name), sql })
    return { objects, notCarried }
  }
  const wanted =
    index.origin === 'index'
      ? index.name
      : `${question.target}_${typed.map(({ column }) => column.target).join('_')}_idx`
  const name = relations.name(wanted, 'index')
  objects.push({
    kind: 'index',
    name,
    // An index with a condition or a folded column is no target for a foreign key.
    ...(index.unique && folded.length === 0 && predicate === undefined
      ? { columns: typed.map(({ column }) => column.name) }
      : {}),
    sql: `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoteName(name)} ON ${qualified} (${list})${predicate === undefined ? '' : ` WHERE ${predicate}`}`,
  })
  return { objects, notCarried }
}

/** NOCASE folds ASCII letters only, and so does lower() under the collation "C". */
function indexPart(part: IndexInventory['columns'][number], column: PlannedColumn): string {
  const name = quoteName(column.target)
  const expression = part.collation === 'NOCASE' && isText(column) ? `lower(${name} COLLATE "C")` : name
  return part.descending ? `${expression} DESC` : expression
}

function isText(column: PlannedColumn): boolean {
  return column.mapping.type === 'text'
}

function isLong(column: PlannedColumn): boolean {
  const { type } = column.mapping
  return type === 'text' || type === 'bytea' || type === 'json' || type === 'numeric'
}

export function expressionColumns(columns: readonly PlannedColumn[]): ExpressionColumns {
  return new Map(
    columns.map((column) => [column.name.toLowerCase(), { sql: quoteName(column.target), mapping: column.mapping }]),
  )
}
