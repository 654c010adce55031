import { fault } from '../../core/index.ts'
import { DecisionBook } from '../decision-book.ts'
import type { Decisions, PendingDecision } from '../decisions.ts'
import type { NotCarried } from '../documents.ts'
import type { Inventory, TableInventory } from '../inventory.ts'
import { schemaNames, type SourceName } from '../names.ts'
import { otherNotCarried } from '../not-carried.ts'
import { keyOf } from '../plan-table.ts'
import { countRows } from '../plan-texts.ts'
import { isZone } from '../zone.ts'
import { isLedger } from './ledgers.ts'
import { matchNames } from './match-names.ts'
import { planColumns, type Context } from './plan-columns.ts'
import { linkKeys } from './plan-links.ts'
import { orderTables } from './plan-order.ts'
import type { ExistingPlan, ExistingSource, ExistingTable } from './plan-types.ts'
import type { TargetTable } from './target-catalogue.ts'

/**
 * Plans how existing tables are filled. Pure: the target is what its catalogue says, and is never altered.
 *
 * @param catalogues the tables of each source's schema
 * @throws HIVE_DECISION, HIVE_SCHEMA_NAME, HIVE_EXISTING_UNFIT
 */
export function planExisting(
  inventories: readonly Inventory[],
  options: {
    readonly sources: readonly SourceName[]
    readonly catalogues: readonly (readonly TargetTable[])[]
    readonly decisions: Decisions
  },
): ExistingPlan {
  const { decisions } = options
  if (decisions.timeZone !== undefined && !isZone(decisions.timeZone)) {
    throw fault('HIVE_DECISION', { decision: 'timeZone', problem: `${decisions.timeZone} is no IANA zone` })
  }
  const schemas = schemaNames(options.sources)
  const book = new DecisionBook(decisions)
  const open: PendingDecision[] = []
  const pending: PendingDecision[] = []
  const problems: string[] = []
  const sources = inventories.map((inventory, index) =>
    planSource(inventory, options.catalogues[index] ?? [], {
      schema: schemas[index] ?? 'public',
      several: inventories.length > 1,
      book,
      decisions,
      open,
      pending,
      problems,
    }),
  )
  book.refuseUnused()
  const [problem] = problems
  if (problem !== undefined) throw fault('HIVE_EXISTING_UNFIT', { problem, more: problems.length - 1 })
  return {
    document: { schemaVersion: 1, sources: sources.map(({ document }) => document) },
    sources,
    open,
    pending,
  }
}

function planSource(inventory: Inventory, catalogue: readonly TargetTable[], context: Context): ExistingSource {
  const notCarried: NotCarried[] = []
  const wanted = inventory.tables.filter((table) => {
    const ledger = isLedger(
      table.name,
      table.columns.map(({ name }) => name),
    )
    if (ledger) notCarried.push(ledgerNote(table.name))
    return !ledger
  })
  const offered = catalogue.filter(
    ({ name, columns }) =>
      !isLedger(
        name,
        columns.map((column) => column.name),
      ),
  )
  const pairs = matchNames(
    wanted.map(({ name }) => name),
    offered.map(({ name }) => name),
  )
  const tables: ExistingTable[] = []
  for (const table of wanted) {
    const decided = context.book.table(context.schema, inventory.path, table.name)
    const target = offered.find(({ name }) => name === pairs.get(table.name))
    if (decided === 'skip' || target === undefined) {
      leaveOut(table, { ...context, path: inventory.path, notCarried, skipped: decided === 'skip' })
      continue
    }
    const columns = planColumns(table, target, { ...context, path: inventory.path, notCarried })
    tables.push({
      document: {
        name: table.name,
        target: target.name,
        key: [...keyOf(table)],
        columns,
        ...(decided === 'schema-only' ? { rows: 'none' } : {}),
      },
      inventory: table,
      target,
      links: [],
    })
  }
  if (tables.length === 0)
    context.problems.push(`no table of schema ${context.schema} has a counterpart in ${inventory.path}`)
  const linked = tables.map((table) => linkKeys(table, { ...context, tables, path: inventory.path }))
  notCarried.push(...linked.flatMap(triggerNotes), ...otherNotCarried(inventory))
  const { order, stuck } = orderTables(linked)
  context.problems.push(
    ...stuck.map(
      ({ table, key }) => `${key} of ${table} is part of a cycle of foreign keys, and neither deferrable nor nullable`,
    ),
  )
  return {
    document: {
      path: inventory.path,
      schema: context.schema,
      tables: linked.map(({ document }) => document),
      notCarried,
    },
    inventory,
    tables: linked,
    order,
  }
}

function ledgerNote(name: string): NotCarried {
  return {
    kind: 'ledger',
    name,
    reason: 'it is the record of a migration tool, and the target keeps its own',
    suggestion: 'nothing, as long as both are at the same version of the schema',
  }
}

function triggerNotes({ target }: ExistingTable): readonly NotCarried[] {
  return target.triggers.map((trigger) => ({
    kind: 'target-trigger',
    name: `${target.name}.${trigger}`,
    reason: 'it fires for every row that is copied, and may change, add or drop rows',
    suggestion: 'db verify names what it changed; have the owner of the table disable it for the copy if it should not',
  }))
}

/** A table without a counterpart, or one that is not wanted: named, and in the way only if it holds rows. */
function leaveOut(
  table: TableInventory,
  context: Context & { readonly path: string; readonly notCarried: NotCarried[]; readonly skipped: boolean },
): void {
  const { schema, several, path, skipped } = context
  const key = several ? `${schema}.${table.name}` : table.name
  if (table.rows > 0 && !skipped) {
    context.open.push({
      kind: 'table',
      source: path,
      schema,
      table: table.name,
      columns: [],
      key,
      problem: `${countRows(table.rows, 'has', 'have')} no table to go to in schema ${schema}`,
      count: table.rows,
      exampleKeys: [],
      options: ['skip'],
      default: 'nothing is copied',
    })
  }
  context.notCarried.push({
    kind: 'table',
    name: table.name,
    reason: skipped
      ? `skipped by decision, ${countRows(table.rows)}`
      : `the target has no such table; ${countRows(table.rows)}`,
    suggestion: skipped
      ? 'remove the decision to copy it'
      : "make it in a migration of the application's, if it is needed",
  })
}
