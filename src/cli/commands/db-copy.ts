import { copySources, type CopyRequest } from '../../app/db-copy.ts'
import { fault } from '../../core/index.ts'
import type { CopyDocument } from '../../migration/index.ts'
import type { Command, CommandContext, ParsedArguments } from '../command.ts'
import {
  counted,
  dbRequest,
  decisionsOption,
  plainLine,
  requiredTarget,
  schemaOption,
  stateOption,
  toOption,
} from './db-options.ts'
import { printPending } from './db-plan.ts'

/** Copies SQLite files into PostgreSQL. */
export const dbCopy: Command = {
  name: 'db copy',
  summary: 'creates the tables in PostgreSQL, or fills those of an application, and copies every row',
  usage: 'SQLITE… --to URL',
  description:
    "Everything is one transaction: whatever stops it, the target is as it was before. Where the target has tables for the source already, made by an application's own migrations, these are filled and never altered: their types, lengths, keys and rules decide. Rows that do not fit go to hive.quarantine, and the exit code is 1; it is 3 where nothing was copied because a decision comes first. Follow it with hive db verify.",
  examples: [
    'npx agent-hive db copy app.db --to postgresql://app@localhost/app',
    'npx agent-hive db copy a.db b.db --to postgresql://app@localhost/app --decisions hive-decisions.yml',
    'npx agent-hive db copy db.sqlite3 --to postgresql://app@localhost/app --into-existing --state migration-state',
  ],
  options: {
    to: toOption,
    schema: schemaOption,
    decisions: decisionsOption,
    'into-existing': {
      type: 'boolean',
      description: "fill the application's own tables; the default where they are there",
    },
    'existing-rows': {
      type: 'string',
      value: 'MODE',
      description: 'refuse (default) or replace: delete the rows that these tables hold, in the same transaction',
    },
    state: stateOption,
  },
  positionals: [1, 1_000],
  run: async (context, args) => {
    const target = requiredTarget(args, 'db copy')
    const { plan, pending, document, quarantine, exitCode } = await copySources(copyRequest(context, args, target))
    if (document !== undefined) printCopied(document, { context, quarantine })
    for (const { notCarried } of plan.sources) {
      for (const { kind, name, reason } of notCarried) {
        context.print(`left out   ${kind} ${plainLine(name)}: ${plainLine(reason)}`)
      }
    }
    printPending({ pending }, context)
    const words = plan.sources.map(({ path }) => plainLine(path)).join(' ')
    if (document === undefined) context.print('copied     nothing: decide first, in a file for --decisions')
    else context.print(`next       npx agent-hive db verify ${words} --to postgresql://…${stateWords(args)}`)
    context.emit(document ?? { schemaVersion: 1, verdict: 'undecided', pending })
    return exitCode
  },
}

function copyRequest(context: CommandContext, args: ParsedArguments, target: string): CopyRequest {
  const rows = args.text('existing-rows')
  const state = args.text('state')
  if (rows !== undefined && rows !== 'refuse' && rows !== 'replace') {
    throw fault('HIVE_USAGE', {
      problem: `could not use --existing-rows ${rows}: wanted refuse or replace`,
      command: 'db copy',
    })
  }
  return {
    ...dbRequest(context, args),
    target,
    ...(args.flag('into-existing') ? { intoExisting: true } : {}),
    ...(rows === undefined ? {} : { existingRows: rows }),
    ...(state === undefined ? {} : { state }),
  }
}

function printCopied(
  document: CopyDocument,
  { context, quarantine }: { readonly context: CommandContext; readonly quarantine: string },
): void {
  for (const { path, schema, tables } of document.sources) {
    const written = tables.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)
    context.print(
      `copied     ${plainLine(path)} → ${plainLine(schema)}: ${counted(tables.length, 'table')}, ${counted(written, 'row')}`,
    )
    for (const { name, rowsQuarantined } of tables.filter((table) => table.rowsQuarantined > 0)) {
      context.print(
        `refused    ${plainLine(name)}: ${counted(rowsQuarantined, 'row')}, every value is in ${quarantine}`,
      )
    }
  }
}

function stateWords(args: ParsedArguments): string {
  const state = args.text('state')
  return state === undefined ? '' : ` --state ${plainLine(state)}`
}
