import { fault } from '../../core/index.ts'
import type { DecisionBook } from '../decision-book.ts'
import type { PendingDecision } from '../decisions.ts'
import type { TableInventory } from '../inventory.ts'
import { countRows } from '../plan-texts.ts'
import type { ExistingTable, LinkedKey } from './plan-types.ts'

interface Links {
  readonly schema: string
  readonly several: boolean
  readonly book: DecisionBook
  readonly pending: PendingDecision[]
  readonly path: string
  readonly tables: readonly ExistingTable[]
}

/**
 * Adds the target's foreign keys to a table, and the rule for the rows that SQLite itself knows to have no parent:
 * they do not reach the server. (Parents that were refused make orphans of their own, which the server names.)
 */
export function linkKeys(table: ExistingTable, context: Links): ExistingTable {
  const { document, inventory, target } = table
  const sourceName = (name: string, of: ExistingTable): string | undefined =>
    of.document.columns.find((column) => column.target === name)?.name
  const links: LinkedKey[] = []
  const orphans: NonNullable<ExistingTable['document']['orphans']> = []
  for (const key of target.foreignKeys) {
    const parent = context.tables.find((other) => other.target.name === key.parent)
    if (parent === undefined || key.parentSchema !== context.schema) continue
    const nullable = key.columns.some(
      (name) => target.columns.find((column) => column.name === name)?.notNull === false,
    )
    links.push({ ...key, nullable })
    const columns = key.columns.flatMap((name) => sourceName(name, table) ?? [])
    const parentColumns = key.parentColumns.flatMap((name) => sourceName(name, parent) ?? [])
    if (columns.length < key.columns.length || parentColumns.length < key.parentColumns.length) continue
    const name = `${document.name}.${columns.join(',')}`
    const decided = context.book.foreignKey(context.schema, context.path, name)
    if (decided === 'keep' || (decided === 'null' && !nullable)) {
      const problem =
        decided === 'keep' ? 'the target refuses rows without a parent' : 'its columns are NOT NULL in the target'
      throw fault('HIVE_DECISION', { decision: name, problem })
    }
    const declared = inventory.foreignKeys.find(
      (own) =>
        own.columns.join('\0') === columns.join('\0') &&
        own.parentTable.toLowerCase() === parent.inventory.name.toLowerCase(),
    )
    const count = declared?.orphans?.count ?? 0
    const isKnown = declared?.orphans !== undefined && count === 0
    if (isKnown || !isFound(parent.inventory, parentColumns)) continue
    orphans.push({ columns, parent: parent.document.name, parentColumns, action: decided ?? 'quarantine' })
    if (decided !== undefined || count === 0) continue
    context.pending.push({
      kind: 'foreign-key',
      source: context.path,
      schema: context.schema,
      table: document.name,
      columns,
      key: context.several ? `${context.schema}.${name}` : name,
      problem: `${countRows(count, 'has', 'have')} no parent in ${parent.document.name}`,
      count,
      exampleKeys: declared?.orphans?.exampleKeys ?? [],
      options: nullable ? ['quarantine', 'null'] : ['quarantine'],
      default: 'quarantine',
    })
  }
  return { ...table, links, document: { ...document, ...(orphans.length > 0 ? { orphans } : {}) } }
}

/** SQLite finds parents by these columns without reading the whole table for each child. */
function isFound(parent: TableInventory, columns: readonly string[]): boolean {
  const [first] = columns
  if (first === undefined) return false
  if (columns.length === 1 && parent.rowidAlias === first) return true
  return parent.indexes.some((index) => index.predicate === undefined && index.columns[0]?.name === first)
}
