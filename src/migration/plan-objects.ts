import type { NotCarried } from './documents.ts'
import { translateCondition, translateDefault, type ExpressionColumns } from './expression.ts'
import type { ForeignKeyInventory, IndexInventory, TableInventory } from './inventory.ts'
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

/** CHECKs, and what a column cannot take along: its default, its collation, the expression that generates it. */
export function planRules(question: ObjectQuestion): PlannedRules & { readonly defaults: ReadonlyMap<string, string> } {
  const { table, columns, qualified, target } = question
  const objects: PlannedObject[] = []
  const notCarried: NotCarried[] = []
  const defaults = new Map<string, string>()
  for (const column of columns) {
    const name = `${table.name}.${column.name}`
    if (column.generated !== undefined) {
      notCarried.push({
        kind: 'generated-column',
        name,
        reason: `generated as (${column.generated.expression}); its values are carried over, the expression is not`,
        suggestion: 'add GENERATED ALWAYS AS … STORED in a migration once the expression is translated',
      })
    }
    if (column.collation !== undefined) {
      notCarried.push({
        kind: 'collation',
        name,
        reason: `compares by ${column.collation}; in PostgreSQL it compares exactly`,
        suggestion: column.collation === 'NOCASE' ? 'compare lower(column), or use citext' : 'normalise when writing',
      })
    }
    if (column.notNull && column.evidence.nulls > 0) {
      notCarried.push({
        kind: 'not-null',
        name,
        reason: `${countRows(column.evidence.nulls, 'holds', 'hold')} NULL although NOT NULL is declared`,
        suggestion: 'fill them, then SET NOT NULL',
      })
    }
    if (column.defaultSql === undefined || column.generated !== undefined) continue
    const translated = translateDefault(column.defaultSql, column.mapping)
    if (translated !== undefined) defaults.set(column.name, translated)
    else {
      notCarried.push({
        kind: 'default',
        name,
        reason: `default ${column.defaultSql} has no certain counterpart for ${column.mapping.type}`,
        suggestion: 'set it in a migration, or in the application',
      })
    }
  }
  const names = new Set<string>()
  for (const [index, check] of table.checks.entries()) {
    const expression = translateCondition(check.expression, expressionColumns(columns))
    const label = check.name ?? `${table.name}: ${check.expression}`
    if (expression === undefined || check.violations === undefined) {
      if (isImplied(check.expression, columns)) continue
      notCarried.push({
        kind: 'check',
        name: label,
        reason: `CHECK (${check.expression}) may mean something else in PostgreSQL`,
        suggestion: 'write it by hand in a migration',
      })
      continue
    }
    let name = cutName(check.name ?? `${target}_check${index === 0 ? '' : String(index)}`)
    if (names.has(name)) name = cutName(`${name.slice(0, 50)}_${index}`)
    names.add(name)
    const isBroken = check.violations > 0
    if (isBroken) {
      notCarried.push({
        kind: 'check',
        name: label,
        reason: `${countRows(check.violations, 'breaks', 'break')} it; everything is carried over, and it holds for new rows only (NOT VALID)`,
        suggestion: 'correct the rows, then VALIDATE CONSTRAINT',
      })
    }
    const sql = `ALTER TABLE ${qualified} ADD CONSTRAINT ${quoteName(name)} CHECK (${expression})${isBroken ? ' NOT VALID' : ''}`
    objects.push({ kind: 'check', name, sql })
  }
  return { objects, notCarried, defaults }
}

/** `CHECK (flag IN (0, 1))` says no more than the type boolean. */
function isImplied(expression: string, columns: readonly PlannedColumn[]): boolean {
  const match = /^\s*["`[]?(\w+)["`\]]?\s+IN\s*\(\s*(?:0\s*,\s*1|1\s*,\s*0)\s*\)\s*$/i.exec(expression)
  const name = match?.[1]?.toLowerCase()
  return columns.some((column) => column.name.toLowerCase() === name && column.mapping.type === 'boolean')
}

function cutName(name: string): string {
  return Buffer.byteLength(name) <= 63
    ? name
    : Buffer.from(name)
        .subarray(0, 60)
        .toString()
        .replace(/\uFFFD+$/, '')
}

export interface ForeignKeyQuestion {
  readonly table: TableInventory
  readonly qualified: string
  readonly target: string
  readonly columns: readonly PlannedColumn[]
  readonly key: ForeignKeyInventory
  readonly parent?: {
    readonly qualified: string
    readonly columns: readonly PlannedColumn[]
    readonly objects: readonly PlannedObject[]
  }
  readonly orphansStay: boolean
  readonly number: number
}

export function planForeignKey(question: ForeignKeyQuestion): PlannedRules {
  const { table, key, parent, columns } = question
  const label = `${table.name} (${key.columns.join(', ')}) → ${key.parentTable}`
  const refuse = (reason: string): PlannedRules => ({
    objects: [],
    notCarried: [
      {
        kind: 'foreign-key',
        name: label,
        reason,
        suggestion: 'make both sides agree, then add the key in a migration',
      },
    ],
  })
  if (parent === undefined || key.orphans === undefined) return refuse('its parent table or column does not exist')
  const own = key.columns.map((name) => find(columns, name))
  const theirs = key.parentColumns.map((name) => find(parent.columns, name))
  if (own.includes(undefined) || theirs.includes(undefined)) return refuse('its parent column does not exist')
  const differ = own.findIndex((column, index) => column?.mapping.type !== theirs[index]?.mapping.type)
  if (differ >= 0) {
    return refuse(
      `${own[differ]?.name ?? ''} becomes ${own[differ]?.mapping.type ?? ''}, its parent ${theirs[differ]?.mapping.type ?? ''}`,
    )
  }
  const wanted = new Set(theirs.map((column) => column?.name))
  const isUnique = parent.objects.some(
    (object) => object.columns?.length === wanted.size && object.columns.every((name) => wanted.has(name)),
  )
  if (!isUnique) return refuse('the columns that it points to are no carried unique key')
  const list = (parts: readonly (PlannedColumn | undefined)[]): string =>
    parts.map((column) => quoteName(column?.target ?? '')).join(', ')
  const name = cutName(`${question.target}_fkey${question.number === 0 ? '' : String(question.number)}`)
  const action = (event: string, what: string): string => (what === 'NO ACTION' ? '' : ` ON ${event} ${what}`)
  const sql = [
    `ALTER TABLE ${question.qualified} ADD CONSTRAINT ${quoteName(name)} FOREIGN KEY (${list(own)})`,
    ` REFERENCES ${parent.qualified} (${list(theirs)})`,
    action('DELETE', key.onDelete),
    action('UPDATE', key.onUpdate),
    key.deferred ? ' DEFERRABLE INITIALLY DEFERRED' : '',
    key.orphans.count > 0 && question.orphansStay ? ' NOT VALID' : '',
  ].join('')
  return { objects: [{ kind: 'foreign-key', name, sql }], notCarried: [] }
}

function find(columns: readonly PlannedColumn[], name: string): PlannedColumn | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}
