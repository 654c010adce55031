import { DecisionBook } from './decision-book.ts'
import type { Decisions, PendingDecision } from './decisions.ts'
import type { NotCarried } from './documents.ts'
import type { Inventory } from './inventory.ts'
import { Namer, schemaNames, type SourceName } from './names.ts'
import { otherNotCarried } from './not-carried.ts'
import { planForeignKey } from './plan-foreign-key.ts'
import { planKeysAndIndexes } from './plan-indexes.ts'
import { planRules } from './plan-rules.ts'
import { createTable, draftTable, identityOf, tableDocument, type Draft, type SourceContext } from './plan-table.ts'
import { countRows } from './plan-texts.ts'
import type { MigrationPlan, PlannedSource, PlannedTable } from './plan-types.ts'

/**
 * Plans the target of all sources. Pure: equal inventories and decisions give the same plan, byte for byte.
 *
 * @param inventories one for each of `sources`, in the same order
 * @throws HIVE_SCHEMA_NAME, HIVE_DECISION, HIVE_TABLE_TOO_WIDE
 */
export function planMigration(
  inventories: readonly Inventory[],
  options: { readonly sources: readonly SourceName[]; readonly decisions: Decisions },
): MigrationPlan {
  const schemas = schemaNames(options.sources)
  const several = inventories.length > 1
  const book = new DecisionBook(options.decisions)
  const pending: PendingDecision[] = []
  const sources = inventories.map((inventory, index) => {
    const schema = schemas[index] ?? 'public'
    return planSource(inventory, { schema, several, book, pending, decisions: options.decisions })
  })
  book.refuseUnused()
  return {
    document: { schemaVersion: 1, sources: sources.map(({ document }) => document) },
    sources,
    pending,
  }
}

function planSource(inventory: Inventory, context: SourceContext): PlannedSource {
  const fold = context.decisions.names === 'fold'
  const relations = new Namer({ fold })
  const notCarried: NotCarried[] = []
  const drafts: Draft[] = []
  for (const table of inventory.tables) {
    const decided = context.book.table(context.schema, inventory.path, table.name) ?? 'copy'
    if (decided === 'skip') {
      notCarried.push({
        kind: 'table',
        name: table.name,
        reason: `skipped by decision, ${countRows(table.rows)}`,
        suggestion: 'remove the decision to copy it',
      })
      continue
    }
    drafts.push(
      draftTable(table, { ...context, path: inventory.path, relations, fold, schemaOnly: decided === 'schema-only' }),
    )
  }
  const keysOf = new Map(drafts.map((draft) => [draft, planKeysAndIndexes(Object.assign({ relations }, draft))]))
  const tables = drafts.map((draft): PlannedTable => {
    const keys = keysOf.get(draft) ?? { objects: [], notCarried: [] }
    const rules = planRules({ ...draft, relations })
    const foreign = draft.table.foreignKeys.map((key, number) => {
      const parent = drafts.find(({ table }) => table.name.toLowerCase() === key.parentTable.toLowerCase())
      const columnKey = `${draft.table.name}.${key.columns.join(',')}`
      const action = context.book.foreignKey(context.schema, inventory.path, columnKey)
      if (action === undefined && (key.orphans?.count ?? 0) > 0) {
        context.pending.push({
          kind: 'foreign-key',
          source: inventory.path,
          schema: context.schema,
          table: draft.table.name,
          columns: key.columns,
          key: context.several ? `${context.schema}.${columnKey}` : columnKey,
          problem: `${countRows(key.orphans?.count ?? 0, 'has', 'have')} no parent in ${key.parentTable}`,
          count: key.orphans?.count ?? 0,
          exampleKeys: key.orphans?.exampleKeys ?? [],
          options: ['keep', 'null', 'quarantine'],
          default: 'keep',
        })
      }
      const { objects, notCarried: lost } = planForeignKey({
        ...draft,
        key,
        number,
        orphansStay: action === undefined || action === 'keep' || draft.schemaOnly,
        ...(parent === undefined
          ? {}
          : {
              parent: {
                qualified: parent.qualified,
                columns: parent.columns,
                objects: keysOf.get(parent)?.objects ?? [],
              },
            }),
      })
      notCarried.push(...lost)
      return { key, action, objects }
    })
    notCarried.push(...keys.notCarried, ...rules.notCarried)
    const orphans = foreign.flatMap(({ key, action }) =>
      action === 'null' || action === 'quarantine'
        ? [{ columns: [...key.columns], parent: key.parentTable, parentColumns: [...key.parentColumns], action }]
        : [],
    )
    const identity = identityOf(draft, relations, context.schema)
    return {
      document: { ...tableDocument(draft), ...(orphans.length > 0 ? { orphans } : {}) },
      inventory: draft.table,
      createSql: createTable(draft, { defaults: rules.defaults, ...(identity === undefined ? {} : { identity }) }),
      objects: [...keys.objects, ...rules.objects, ...foreign.flatMap(({ objects }) => objects)],
      ...(identity === undefined ? {} : { identity: identity.planned }),
    }
  })
  notCarried.push(...otherNotCarried(inventory))
  askForZone(inventory, { ...context, drafts })
  return {
    document: {
      path: inventory.path,
      schema: context.schema,
      tables: tables.map(({ document }) => document),
      notCarried,
    },
    inventory,
    tables,
  }
}

/** Naive timestamps beside zoned ones: comparing them means something only once their zone is known. */
function askForZone(inventory: Inventory, context: SourceContext & { readonly drafts: readonly Draft[] }): void {
  if (context.decisions.timeZone !== undefined) return
  const columns = context.drafts.flatMap(({ table, columns: all }) => all.map((column) => ({ table, column })))
  if (!columns.some(({ column }) => column.mapping.type === 'timestamptz')) return
  for (const { table, column } of columns.filter((item) => item.column.mapping.type === 'timestamp')) {
    context.pending.push({
      kind: 'time-zone',
      source: inventory.path,
      schema: context.schema,
      table: table.name,
      columns: [column.name],
      key: 'timeZone',
      problem: 'timestamps without a zone beside others with one',
      count: column.evidence.texts.count,
      exampleKeys: [],
      options: ['an IANA zone'],
      default: 'timestamp, without a zone',
    })
  }
}
