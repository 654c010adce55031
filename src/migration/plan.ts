import { fault } from '../core/index.ts'
import type { ColumnDecision, Decisions, PendingDecision } from './decisions.ts'
import { chooseColumn, type ColumnChoice } from './plan-column.ts'
import type { NotCarried, PlanTable } from './documents.ts'
import type { ColumnInventory, Inventory, TableInventory } from './inventory.ts'
import { Namer, quoteName, schemaNames, systemColumns, type SourceName } from './names.ts'
import { DecisionBook } from './decision-book.ts'
import { otherNotCarried } from './not-carried.ts'
import { countRows } from './plan-texts.ts'
import { planForeignKey, planKeysAndIndexes, planRules } from './plan-objects.ts'
import type { MigrationPlan, PlannedColumn, PlannedSource, PlannedTable } from './plan-types.ts'

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

interface SourceContext {
  readonly schema: string
  readonly several: boolean
  readonly book: DecisionBook
  readonly decisions: Decisions
  /** Filled on the way. */
  readonly pending: PendingDecision[]
}

interface Draft {
  readonly table: TableInventory
  readonly target: string
  readonly qualified: string
  readonly columns: readonly PlannedColumn[]
  readonly choices: readonly ColumnChoice[]
  readonly schemaOnly: boolean
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
  const withKeys = drafts.map((draft) => ({ ...draft, keys: planKeysAndIndexes({ ...draft, relations }) }))
  const tables = withKeys.map((draft): PlannedTable => {
    const rules = planRules({ ...draft, relations })
    const foreign = draft.table.foreignKeys.map((key, number) => {
      const parent = withKeys.find(({ table }) => table.name.toLowerCase() === key.parentTable.toLowerCase())
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
          : { parent: { qualified: parent.qualified, columns: parent.columns, objects: parent.keys.objects } }),
      })
      notCarried.push(...lost)
      return { key, action, objects }
    })
    notCarried.push(...draft.keys.notCarried, ...rules.notCarried)
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
      objects: [...draft.keys.objects, ...rules.objects, ...foreign.flatMap(({ objects }) => objects)],
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

function draftTable(
  table: TableInventory,
  context: SourceContext & {
    readonly path: string
    readonly relations: Namer
    readonly fold: boolean
    readonly schemaOnly: boolean
  },
): Draft {
  const target = context.relations.name(table.name, 'table_')
  const names = new Namer({ fold: context.fold, reserved: systemColumns })
  const indexed = new Set([
    ...table.primaryKey,
    ...table.indexes.flatMap((index) => index.columns.flatMap(({ name }) => (name === undefined ? [] : [name]))),
    ...table.foreignKeys.flatMap(({ columns }) => columns),
  ])
  const choices: ColumnChoice[] = []
  const columns = table.columns.map((column, index): PlannedColumn => {
    const key = `${table.name}.${column.name}`
    const decision = context.book.column(context.schema, context.path, key)
    const choice = chooseColumn({
      column,
      indexed: indexed.has(column.name),
      ...(decision === undefined ? {} : { decision }),
    })
    if (choice === undefined) {
      const type = typeof decision === 'object' ? [decision.type, decision.conversion].filter(Boolean).join(' by ') : ''
      throw fault('HIVE_DECISION', { decision: key, problem: `no type or conversion ${type} is known` })
    }
    refuseLosingText(column, { choice, decision, key })
    if (choice.open !== undefined) {
      context.pending.push({
        kind: 'column',
        source: context.path,
        schema: context.schema,
        table: table.name,
        columns: [column.name],
        key: context.several ? `${context.schema}.${key}` : key,
        problem: choice.open.problem,
        count: choice.open.misfits.count,
        exampleKeys: choice.open.misfits.exampleKeys,
        options: choice.open.options,
        default: choice.mapping.type,
      })
    }
    choices.push(choice)
    return { ...column, target: names.name(column.name, `column_${index + 1}`), mapping: choice.mapping }
  })
  const bytes = columns.reduce((sum, { mapping }) => sum + (fixedBytes[mapping.type] ?? 18), 0)
  if (columns.length > 1_600 || (bytes > 8_000 && table.rows > 0)) {
    throw fault('HIVE_TABLE_TOO_WIDE', { path: context.path, table: table.name, columns: columns.length, bytes })
  }
  const qualified = `${quoteName(context.schema)}.${quoteName(target)}`
  return { table, target, qualified, columns, choices, schemaOnly: context.schemaOnly }
}

const fixedBytes: Readonly<Record<string, number>> = {
  boolean: 1,
  smallint: 2,
  integer: 4,
  date: 4,
  bigint: 8,
  'double precision': 8,
  timestamp: 8,
  timestamptz: 8,
  time: 8,
  uuid: 16,
}

/** "text" is a decision that keeps everything; for bytes it would not. */
function refuseLosingText(
  column: ColumnInventory,
  decided: { readonly choice: ColumnChoice; readonly decision: ColumnDecision | undefined; readonly key: string },
): void {
  if (decided.decision !== 'text') return
  const count = column.evidence.textsWithNul.count + column.evidence.invalidTexts.count
  if (count === 0) return
  throw fault('HIVE_DECISION', {
    decision: decided.key,
    problem: `${count} texts hold NUL or invalid bytes, which PostgreSQL's text cannot; {type: bytea} keeps them`,
  })
}

function tableDocument(draft: Draft): PlanTable {
  return {
    name: draft.table.name,
    target: draft.target,
    key: [...keyOf(draft)],
    columns: draft.columns.map((column, index) => {
      const choice = draft.choices[index]
      return {
        name: column.name,
        declared: column.declared,
        target: column.target,
        type: column.mapping.type,
        conversion: column.mapping.conversion,
        reason: choice?.reason ?? '',
        ...(choice?.misfit === undefined ? {} : { misfit: choice.misfit }),
      }
    }),
    ...(draft.schemaOnly ? { rows: 'none' } : {}),
  }
}

/** The primary key where it tells all rows apart, else a unique index without NULL. */
function keyOf({ table }: Draft): readonly string[] {
  if (table.primaryKey.length > 0 && table.nullKeys.count === 0) return table.primaryKey
  for (const index of table.indexes) {
    const names = index.columns.flatMap(({ name }) => (name === undefined ? [] : [name]))
    if (!index.unique || index.predicate !== undefined || names.length < index.columns.length) continue
    const isFull = names.every((name) => table.columns.find((column) => column.name === name)?.evidence.nulls === 0)
    if (isFull) return names
  }
  return []
}

interface Identity {
  readonly planned: NonNullable<PlannedTable['identity']>
  readonly sql: string
}

function identityOf(draft: Draft, relations: Namer, schema: string): Identity | undefined {
  const column = draft.columns.find(({ name }) => name === draft.table.rowidAlias)
  if (column === undefined || !['bigint', 'integer', 'smallint'].includes(column.mapping.type)) return undefined
  const sequence = relations.name(`${draft.target}_${column.target}_seq`, 'seq')
  const highest = draft.schemaOnly ? undefined : draft.table.sequence
  return {
    planned: { column: column.name, sequence, ...(highest === undefined ? {} : { highest }) },
    sql: ` GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME ${quoteName(schema)}.${quoteName(sequence)})`,
  }
}

function createTable(
  draft: Draft,
  parts: { readonly defaults: ReadonlyMap<string, string>; readonly identity?: Identity },
): string {
  const lines = draft.columns.map((column, index) => {
    const identity = parts.identity?.planned.column === column.name ? parts.identity.sql : ''
    const isNullable = column.evidence.nulls > 0 || draft.choices[index]?.misfit === 'null'
    const notNull = column.notNull && !isNullable && identity === '' ? ' NOT NULL' : ''
    const value = parts.defaults.get(column.name)
    const byDefault = value === undefined || identity !== '' ? '' : ` DEFAULT ${value}`
    return `  ${quoteName(column.target)} ${column.mapping.type}${identity}${byDefault}${notNull}`
  })
  return `CREATE TABLE ${draft.qualified} (\n${lines.join(',\n')}\n)`
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
