import { copySources } from '../../app/db.ts'
import type { Command } from '../command.ts'
import { counted, dbRequest, decisionsOption, plainLine, requiredTarget, schemaOption, toOption } from './db-options.ts'
import { printPending } from './db-plan.ts'

/** Copies SQLite files into PostgreSQL. */
export const dbCopy: Command = {
  name: 'db copy',
  summary: 'creates the tables in PostgreSQL and copies every row; refused rows go to hive.quarantine',
  usage: 'SQLITE… --to URL',
  description:
    'Everything is one transaction: whatever stops it, the target is as it was before. Tables of the same name are never written into. Exit 1 where rows had to be quarantined. Follow it with hive db verify.',
  examples: [
    'npx agent-hive db copy app.db --to postgresql://app@localhost/app',
    'npx agent-hive db copy a.db b.db --to postgresql://app@localhost/app --decisions hive-decisions.yml',
  ],
  options: { to: toOption, schema: schemaOption, decisions: decisionsOption },
  positionals: [1, 1_000],
  run: async (context, args) => {
    const target = requiredTarget(args, 'db copy')
    const { plan, document, exitCode } = await copySources(dbRequest(context, args), target)
    for (const { path, schema, tables } of document.sources) {
      const written = tables.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)
      context.print(
        `copied     ${plainLine(path)} → ${plainLine(schema)}: ${counted(tables.length, 'table')}, ${counted(written, 'row')}`,
      )
      for (const { name, rowsQuarantined } of tables.filter((table) => table.rowsQuarantined > 0)) {
        context.print(
          `refused    ${plainLine(name)}: ${counted(rowsQuarantined, 'row')}, every value is in hive.quarantine`,
        )
      }
    }
    for (const { notCarried } of plan.document.sources) {
      for (const { kind, name, reason } of notCarried) {
        context.print(`left out   ${kind} ${plainLine(name)}: ${plainLine(reason)}`)
      }
    }
    printPending(plan, context)
    const sources = document.sources.map(({ path }) => plainLine(path)).join(' ')
    context.print(`next       npx agent-hive db verify ${sources} --to postgresql://…`)
    context.emit(document)
    return exitCode
  },
}
