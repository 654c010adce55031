import { quoteName } from './names.ts'
import type { MigrationPlan, PlannedSource } from './plan-types.ts'

/** The statements that make a source's tables, before the data. */
export function tableStatements(source: PlannedSource): readonly string[] {
  const { schema } = source.document
  const create = schema === 'public' ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`]
  return [...create, ...source.tables.map(({ createSql }) => createSql)]
}

const order = ['primary-key', 'unique', 'index', 'check', 'foreign-key']

/** Keys, indexes and rules, after the data; foreign keys last, because they need all keys. */
export function ruleStatements(source: PlannedSource): readonly { readonly sql: string; readonly name: string }[] {
  return source.tables
    .flatMap(({ objects }) => objects)
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map(({ sql, name }) => ({ sql, name }))
}

/** Undoes {@link tableStatements} and {@link ruleStatements}, and nothing else: a schema with strangers in it stays. */
export function downStatements(source: PlannedSource): readonly string[] {
  const { schema, tables } = source.document
  const foreign = source.tables.flatMap((table) =>
    table.objects
      .filter(({ kind }) => kind === 'foreign-key')
      .map(
        ({ name }) =>
          `ALTER TABLE IF EXISTS ${quoteName(schema)}.${quoteName(table.document.target)} DROP CONSTRAINT IF EXISTS ${quoteName(name)}`,
      ),
  )
  const drops = tables.map(({ target }) => `DROP TABLE IF EXISTS ${quoteName(schema)}.${quoteName(target)}`)
  return [...foreign, ...drops, ...(schema === 'public' ? [] : [`DROP SCHEMA IF EXISTS ${quoteName(schema)}`])]
}

/** `up.sql` and `down.sql` of the whole plan, each one transaction. */
export function renderDdl(plan: MigrationPlan): { readonly up: string; readonly down: string } {
  const up = plan.sources.flatMap((source) => [
    ...tableStatements(source),
    ...ruleStatements(source).map(({ sql }) => sql),
  ])
  const down = plan.sources.toReversed().flatMap(downStatements)
  const render = (statements: readonly string[]): string =>
    ['BEGIN', ...statements, 'COMMIT'].map((statement) => `${statement};\n`).join('')
  return { up: render(up), down: render(down) }
}
