import { verifySources } from '../../app/db.ts'
import type { Command, CommandContext } from '../command.ts'
import type { VerifyTable } from '../../migration/index.ts'
import {
  counted,
  dbRequest,
  keyOption,
  plainLine,
  requiredTarget,
  schemaOption,
  stateOption,
  toOption,
} from './db-options.ts'

/** Proves every value of a copy, or names the rows that differ. */
export const dbVerify: Command = {
  name: 'db verify',
  summary: 'proves every value in PostgreSQL against SQLite, or names the rows that differ',
  usage: 'SQLITE… --to URL',
  description:
    'Reads every table back from PostgreSQL and compares every value with what SQLite says, by the plan that the copy stored there (or --plan FILE). Also compares keys, rules and sequences with what the copy had made. Exit 1 where anything differs or rows are in quarantine. With --proof, leaves a signed document without values that the migration gate accepts where CI must not see the data.',
  examples: [
    'npx agent-hive db verify app.db --to postgresql://app@localhost/app',
    'npx agent-hive db verify app.db --to postgresql://app@localhost/app --plan plan/plan.json --json',
    'npx agent-hive db verify app.db --to postgresql://app@localhost/app --proof migration/app.proof.json',
  ],
  options: {
    to: toOption,
    schema: schemaOption,
    plan: { type: 'string', value: 'FILE', description: 'plan.json of db plan, instead of the stored one' },
    proof: { type: 'string', value: 'FILE', description: 'write a signed proof without values there, for the gate' },
    key: keyOption,
    state: { ...stateOption, description: 'folder that db copy --state wrote, instead of the schema hive' },
  },
  positionals: [1, 1_000],
  run: async (context, args) => {
    const target = requiredTarget(args, 'db verify')
    const plan = args.text('plan')
    const file = args.text('proof')
    const key = args.text('key')
    const state = args.text('state')
    const run = await verifySources(dbRequest(context, args), {
      target,
      clock: context.clock,
      ...(plan === undefined ? {} : { plan }),
      ...(state === undefined ? {} : { state }),
      ...(file === undefined ? {} : { proof: { file, ...(key === undefined ? {} : { key }) } }),
    })
    const tables = run.document.sources.flatMap((source) => source.tables)
    for (const { schema, tables: own } of run.document.sources)
      for (const table of own) printTable(table, { schema, context })
    const rows = tables.reduce((sum, { rowsSource }) => sum + rowsSource, 0)
    context.print(
      `proved     ${run.rowsProved.toLocaleString('en-US')} of ${counted(rows, 'row')}, ${counted(run.valuesProved, 'value')}, ${counted(tables.length, 'table')}`,
    )
    const differences = tables.reduce((sum, table) => sum + table.differences, 0)
    if (differences > 0) context.print(`differ     ${counted(differences, 'difference')}`)
    if (run.proof !== undefined) {
      context.print(`wrote      ${file ?? ''}, signed by ${run.proof.signer}`)
      context.print(`key        ${run.proof.keyPath}: stays beside the data, is never committed`)
    }
    context.emit(run.document)
    return run.exitCode
  },
}

function printTable(table: VerifyTable, place: { readonly schema: string; readonly context: CommandContext }): void {
  const { schema, context } = place
  if (table.rowsQuarantined > 0) {
    context.print(`quarantine ${plainLine(`${schema}.${table.name}`)}: ${counted(table.rowsQuarantined, 'row')}`)
  }
  if (table.differences === 0) return
  context.print(`differs    ${plainLine(`${schema}.${table.name}`)}: ${counted(table.differences, 'difference')}`)
  for (const { key, column, source, target } of table.differing) {
    context.print(`           ${plainLine(key)}  ${plainLine(column)}: ${plainLine(source)} → ${plainLine(target)}`)
  }
  const more = table.differences - table.differing.length
  if (more > 0) context.print(`           and ${more.toLocaleString('en-US')} more`)
}
