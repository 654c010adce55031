import { profileSources } from '../../app/db-proof.ts'
import { inspectSources } from '../../app/db.ts'
import type { ColumnInventory, DatabaseSearch, Inventory, TableInventory } from '../../migration/index.ts'
import type { ExitCode } from '../../core/index.ts'
import type { Command, CommandContext, ParsedArguments } from '../command.ts'
import { counted, dbRequest, keyOption, plainLine } from './db-options.ts'

/** Says what SQLite files hold: schema, and what is really stored in each column. */
export const dbInspect: Command = {
  name: 'db inspect',
  summary: 'says what SQLite files really hold: storage classes, ranges, patterns, orphans',
  usage: 'PATH…',
  description:
    'Takes a private snapshot of each file (the source is never written) and reads every value of it. In a folder, finds every SQLite database by its content, whatever it is called; node_modules and .git are not entered, links are not followed, and their number is told. With --json, the whole inventory. With --profile, writes a profile that tells no stored value, to commit where CI must not see the data, and prints no value either.',
  examples: [
    'npx agent-hive db inspect .',
    'npx agent-hive db inspect app.db',
    'npx agent-hive db inspect data/*.db --json',
    'npx agent-hive db inspect app.db --profile migration/app.profile.json',
  ],
  options: {
    profile: { type: 'string', value: 'FILE', description: 'write the value-free profile of all sources there' },
    key: keyOption,
  },
  positionals: [1, 1_000],
  run: async (context, args) => {
    const file = args.text('profile')
    if (file !== undefined) return writeProfile(context, args, file)
    const { inventories, searches } = await inspectSources(dbRequest(context, args))
    for (const search of searches) printSearch(search, context)
    for (const inventory of inventories) printInventory(inventory, context)
    context.emit({ schemaVersion: 1, sources: inventories, ...(searches.length === 0 ? {} : { searches }) })
    return 0
  },
}

async function writeProfile(context: CommandContext, args: ParsedArguments, file: string): Promise<ExitCode> {
  const key = args.text('key')
  const outcome = await profileSources(dbRequest(context, args), { file, ...(key === undefined ? {} : { key }) })
  for (const { name, tables } of outcome.document.sources) {
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    context.print(`profiled   ${plainLine(name)}: ${counted(tables.length, 'table')}, ${counted(rows, 'row')}`)
  }
  context.print(`wrote      ${file}`)
  if (outcome.literals > 0) {
    context.print(
      `read it    it holds ${counted(outcome.literals, 'literal')} of the schema (CHECK, DEFAULT, conditions): read them before you commit it`,
    )
  }
  context.print(`key        ${outcome.keyPath}: stays beside the data, is never committed`)
  context.emit(outcome.document)
  return 0
}

function printSearch(search: DatabaseSearch, context: CommandContext): void {
  const { databases, filesRead, foldersNotEntered, linksNotFollowed, unreadable } = search
  const left = [
    ...Object.entries(foldersNotEntered).map(([name, count]) => `${counted(count, 'folder')} ${name} not entered`),
    ...(linksNotFollowed === 0 ? [] : [`${counted(linksNotFollowed, 'link')} not followed`]),
    ...(unreadable.length === 0 ? [] : [`${unreadable.length} not readable: ${unreadable.slice(0, 5).join(', ')}`]),
  ]
  context.print(
    `${plainLine(search.folder)}  ${counted(databases.length, 'database')} in ${counted(filesRead, 'file')}${left.length === 0 ? '' : ` (${plainLine(left.join('; '))})`}\n`,
  )
}

function printInventory(inventory: Inventory, context: CommandContext): void {
  const rows = inventory.tables.reduce((sum, table) => sum + table.rows, 0)
  context.print(
    `${plainLine(inventory.path)}  ${counted(inventory.bytes, 'byte')}, ${counted(inventory.tables.length, 'table')}, ${counted(rows, 'row')}`,
  )
  for (const table of inventory.tables) printTable(table, context)
  for (const { kind, name } of inventory.others) context.print(`  ${kind} ${plainLine(name)}`)
  context.print()
}

function printTable(table: TableInventory, context: CommandContext): void {
  const key = table.primaryKey.length > 0 ? `key ${table.primaryKey.join(', ')}` : 'no key'
  context.print(`  ${plainLine(table.name)}  ${counted(table.rows, 'row')}, ${plainLine(key)}`)
  const names = Math.min(30, Math.max(0, ...table.columns.map(({ name }) => name.length)))
  for (const column of table.columns) {
    context.print(
      `    ${plainLine(column.name).padEnd(names)}  ${plainLine(column.declared).padEnd(12)}  ${stored(column)}`,
    )
  }
  for (const { columns, parentTable, orphans } of table.foreignKeys) {
    const missing = orphans === undefined ? 'no such parent' : counted(orphans.count, 'orphan')
    const keys = (orphans?.exampleKeys.length ?? 0) > 0 ? `: rows ${(orphans?.exampleKeys ?? []).join(', ')}` : ''
    context.print(`    ${plainLine(`${columns.join(', ')} → ${parentTable}`)}  ${missing}${plainLine(keys)}`)
  }
  if (table.nullKeys.count > 0) {
    context.print(
      `    NULL in the primary key: ${counted(table.nullKeys.count, 'row')}, ${table.nullKeys.exampleKeys.join(', ')}`,
    )
  }
}

function stored({ evidence }: ColumnInventory): string {
  const { integers, reals, texts, blobs, shapes } = evidence
  const parts = [
    [integers.count, 'integer'],
    [reals.count, 'real'],
    [texts.count, 'text'],
    [blobs.count, 'blob'],
    [evidence.nulls, 'NULL'],
  ].flatMap(([count, name]) => (Number(count) > 0 ? [`${Number(count).toLocaleString('en-US')} ${name}`] : []))
  const range = evidence.minInteger === undefined ? '' : `, ${evidence.minInteger} to ${evidence.maxInteger ?? ''}`
  const seen = Object.entries({
    timestamps: shapes.timestamp,
    'timestamps with a zone': shapes.zonedTimestamp,
    dates: shapes.date,
    JSON: shapes.json,
    UUIDs: shapes.uuid,
    'with NUL': evidence.textsWithNul.count,
    'not valid': evidence.invalidTexts.count,
    empty: evidence.emptyTexts,
  }).flatMap(([what, count]) => (count > 0 ? [`${count.toLocaleString('en-US')} ${what}`] : []))
  return `${parts.length === 0 ? 'nothing' : parts.join(', ')}${range}${seen.length === 0 ? '' : ` (${seen.join(', ')})`}`
}
