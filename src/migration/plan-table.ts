import { fault } from '../core/index.ts'
import type { DecisionBook } from './decision-book.ts'
import type { ColumnDecision, Decisions, PendingDecision } from './decisions.ts'
import type { PlanTable } from './documents.ts'
import type { ColumnInventory, TableInventory } from './inventory.ts'
import { Namer, quoteName, systemColumns } from './names.ts'
import { chooseColumn, type ColumnChoice } from './plan-column.ts'
import type { PlannedColumn, PlannedTable } from './plan-types.ts'

export interface SourceContext {
  readonly schema: string
  readonly several: boolean
  readonly book: DecisionBook
  readonly decisions: Decisions
  /** Filled on the way. */
  readonly pending: PendingDecision[]
}

export interface Draft {
  readonly table: TableInventory
  readonly target: string
  readonly qualified: string
  readonly columns: readonly PlannedColumn[]
  readonly choices: readonly ColumnChoice[]
  readonly schemaOnly: boolean
}

export function draftTable(
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

export function tableDocument(draft: Draft): PlanTable {
  return {
    name: draft.table.name,
    target: draft.target,
    key: [...keyOf(draft.table)],
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
export function keyOf(table: TableInventory): readonly string[] {
  if (table.primaryKey.length > 0 && table.nullKeys.count === 0) return table.primaryKey
  for (const index of table.indexes) {
    const names = index.columns.flatMap(({ name }) => (name === undefined ? [] : [name]))
    if (!index.unique || index.predicate !== undefined || names.length < index.columns.length) continue
    const isFull = names.every((name) => table.columns.find((column) => column.name === name)?.evidence.nulls === 0)
    if (isFull) return names
  }
  return []
}

export interface Identity {
  readonly planned: NonNullable<PlannedTable['identity']>
  readonly sql: string
}

export function identityOf(draft: Draft, relations: Namer, schema: string): Identity | undefined {
  const column = draft.columns.find(({ name }) => name === draft.table.rowidAlias)
  if (column === undefined || !['bigint', 'integer', 'smallint'].includes(column.mapping.type)) return undefined
  const sequence = relations.name(`${draft.target}_${column.target}_seq`, 'seq')
  const highest = draft.schemaOnly ? undefined : draft.table.sequence
  return {
    planned: { column: column.name, sequence, ...(highest === undefined ? {} : { highest }) },
    sql: ` GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME ${quoteName(schema)}.${quoteName(sequence)})`,
  }
}

export function createTable(
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
