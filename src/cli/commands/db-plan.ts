import { planSources } from '../../app/db.ts'
import type { MigrationPlan } from '../../migration/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { counted, dbRequest, decisionsOption, plainLine, schemaOption } from './db-options.ts'

/** Says which PostgreSQL type each column gets, and why. */
export const dbPlan: Command = {
  name: 'db plan',
  summary: 'maps every column to a PostgreSQL type with the reason, and writes up and down DDL',
  usage: 'SQLITE… [--out DIR]',
  description:
    'Reads every stored value and chooses a type that gives each of them back exactly. With --out, writes plan.json, up.sql and down.sql. Equal sources and decisions give equal files.',
  examples: ['npx agent-hive db plan app.db --out plan', 'npx agent-hive db plan app.db --json'],
  options: {
    out: { type: 'string', value: 'DIR', description: 'folder for plan.json, up.sql and down.sql' },
    schema: schemaOption,
    decisions: decisionsOption,
  },
  positionals: [1, 1_000],
  run: async (context, args) => {
    const { plan, wrote } = await planSources(dbRequest(context, args), args.text('out'))
    printPlan(plan, context)
    if (wrote.length > 0) context.print(`wrote      ${wrote.join(', ')}`)
    context.emit(plan.document)
    return 0
  },
}

function printPlan(plan: MigrationPlan, context: CommandContext): void {
  for (const source of plan.document.sources) {
    context.print(`${plainLine(source.path)} → schema ${plainLine(source.schema)}`)
    for (const table of source.tables) {
      context.print(`  ${plainLine(table.name)}${table.target === table.name ? '' : ` → ${plainLine(table.target)}`}`)
      for (const column of table.columns) {
        const type = column.conversion === 'identity' ? column.type : `${column.type} (${column.conversion})`
        context.print(`    ${plainLine(column.target)}  ${type}`)
        context.print(`      ${plainLine(column.reason)}`)
      }
    }
    if (source.notCarried.length > 0)
      context.print(`  not carried over: ${counted(source.notCarried.length, 'object')}`)
    for (const { kind, name, reason, suggestion } of source.notCarried) {
      context.print(`    ${kind} ${plainLine(name)}: ${plainLine(reason)}; ${suggestion}`)
    }
    context.print()
  }
  printPending(plan, context)
}

/** Decisions that nobody took, and what happens meanwhile. */
export function printPending(plan: Pick<MigrationPlan, 'pending'>, context: CommandContext): void {
  for (const item of plan.pending) {
    const keys = item.exampleKeys.length > 0 ? ` (rows ${item.exampleKeys.join(', ')})` : ''
    context.print(`decide     ${plainLine(item.key)}: ${plainLine(item.problem + keys)}`)
    context.print(`           ${item.options.join(' | ')}; meanwhile ${item.default}`)
  }
}
