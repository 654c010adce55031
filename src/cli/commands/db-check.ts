import { checkSources, renderCheck } from '../../app/db-check.ts'
import type { Command } from '../command.ts'
import { dbRequest, decisionsOption, schemaOption } from './db-options.ts'

/** Tries a whole migration on a private server. */
export const dbCheck: Command = {
  name: 'db check',
  summary: 'tries the whole migration on a private PostgreSQL and says what would be lost',
  usage: 'SQLITE…',
  description:
    'Needs no configuration. Snapshot, inspect, plan, copy and verify on a private server, then down and the same again, which must end alike. Writes the decisions to take (hive-decisions.yml) and a report (hive-report.html). Exit 0: every value arrives and nothing is to be decided; 1: something would not arrive; 3: decisions are open, and what happens meanwhile loses nothing.',
  examples: ['npx agent-hive db check app.db', 'npx agent-hive db check data/*.db --out check --json'],
  options: {
    out: {
      type: 'string',
      value: 'DIR',
      description: 'folder for decisions file and report; the current one by default',
    },
    schema: schemaOption,
    decisions: decisionsOption,
  },
  positionals: [1, 1_000],
  run: async (context, args) => {
    const outcome = await checkSources({
      ...dbRequest(context, args),
      out: args.text('out') ?? '.',
      clock: context.clock,
    })
    for (const note of outcome.notes) context.note(note)
    for (const line of renderCheck(outcome, context.terminal)) context.print(line)
    const { verdict, plan, copy, verify, rollback, pending, model } = outcome
    context.emit({ schemaVersion: 1, verdict, plan, copy, verify, rollback, pending, wrote: model.wrote })
    return outcome.exitCode
  },
}
