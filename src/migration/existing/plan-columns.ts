import type { DecisionBook } from '../decision-book.ts'
import type { Decisions, PendingDecision } from '../decisions.ts'
import type { NotCarried, PlanColumn } from '../documents.ts'
import type { TableInventory } from '../inventory.ts'
import { fault } from '../../core/index.ts'
import { matchNames } from './match-names.ts'
import { matchColumn } from './plan-column.ts'
import type { TargetTable } from './target-catalogue.ts'

/** What the parts of one plan share; the lists are filled on the way. */
export interface Context {
  readonly schema: string
  readonly several: boolean
  readonly book: DecisionBook
  readonly decisions: Decisions
  readonly open: PendingDecision[]
  readonly pending: PendingDecision[]
  readonly problems: string[]
}

/** Matches the columns of a table; those without a counterpart are named, and asked about if they hold values. */
export function planColumns(
  table: TableInventory,
  target: TargetTable,
  context: Context & { readonly path: string; readonly notCarried: NotCarried[] },
): PlanColumn[] {
  const { schema, several, path, decisions } = context
  const fillable = target.columns.filter(({ generated }) => !generated)
  const pairs = matchNames(
    table.columns.map(({ name }) => name),
    target.columns.map(({ name }) => name),
  )
  const planned: PlanColumn[] = []
  for (const source of table.columns) {
    const name = `${table.name}.${source.name}`
    const decision = context.book.column(schema, path, name)
    const column = target.columns.find((candidate) => candidate.name === pairs.get(source.name))
    const values = table.rows - source.evidence.nulls
    const ask = (problem: string, question: Pick<PendingDecision, 'kind' | 'options'>): void =>
      void context.open.push({
        source: path,
        schema,
        table: table.name,
        columns: [source.name],
        key: question.kind === 'time-zone' ? 'timeZone' : several ? `${schema}.${name}` : name,
        problem,
        count: values,
        exampleKeys: [],
        default: 'nothing is copied',
        ...question,
      })
    if (column === undefined || column.generated) {
      const reason = column === undefined ? 'the target has no such column' : 'the target computes this column itself'
      if (column === undefined && values > 0 && decision !== 'null') {
        ask(`${countValues(values)} no column to go to in ${target.name}`, { kind: 'column', options: ['null'] })
      }
      context.notCarried.push({
        kind: 'column',
        name,
        reason: `${reason}; ${values} values`,
        suggestion: column === undefined ? "add it in a migration of the application's, if it is needed" : 'nothing',
      })
      continue
    }
    const match = matchColumn(source, column, {
      ...(decision === undefined ? {} : { decision }),
      ...(decisions.timeZone === undefined ? {} : { timeZone: decisions.timeZone }),
    })
    if (match.kind === 'planned') planned.push(match.column)
    else if (match.kind === 'open')
      ask(`${match.ask === 'time-zone' ? `${name}: ` : ''}${match.problem}`, {
        kind: match.ask,
        options: match.options,
      })
    else throw fault('HIVE_DECISION', { decision: name, problem: match.problem })
  }
  const filled = new Set(pairs.values())
  for (const column of fillable) {
    const isNeeded = column.notNull && !column.hasDefault && !column.identity && !filled.has(column.name)
    if (isNeeded && table.rows > 0) {
      context.problems.push(
        `${target.name}.${column.name} is NOT NULL without a default, and ${table.name} has no such column`,
      )
    }
  }
  return planned
}

function countValues(values: number): string {
  return values === 1 ? '1 value has' : `${values} values have`
}
