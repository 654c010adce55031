import type { CopyTable } from '../documents.ts'
import { quoteName } from '../names.ts'
import type { Client } from '../postgres/connect.ts'
import type { StoredValue } from '../values.ts'
import type { Component } from './components.ts'
import type { ExistingTable, LinkedKey } from './plan-types.ts'
import { writeTable, type WriteTable } from './table-writer.ts'

export interface WriteComponent extends Pick<WriteTable, 'source' | 'schema' | 'refused' | 'signal' | 'progress'> {
  readonly component: Component
  readonly tables: readonly ExistingTable[]
  readonly openRows: (table: ExistingTable) => Iterator<readonly StoredValue[]>
}

const none: ReadonlySet<number> = new Set()

/** Writes the tables of one component; their parents outside of it are there already. */
export async function writeComponent(client: Client, write: WriteComponent): Promise<readonly CopyTable[]> {
  const members = write.component.tables.flatMap(
    (name) => write.tables.find(({ target }) => target.name === name) ?? [],
  )
  if (write.component.cyclic) return writeCycle(client, { ...write, members })
  const written: CopyTable[] = []
  for (const table of members) {
    const rows = write.openRows(table)
    written.push(await writeTable(client, { ...write, table, rows, orphans: none, later: new Set() }))
  }
  return written
}

/** A table of the cycle, with the notes that say which row was written where. */
interface Member {
  readonly table: ExistingTable
  readonly links: readonly LinkedKey[]
  readonly notes: string
  readonly columns: readonly string[]
  /** Columns that are NULL at first. */
  readonly later: ReadonlySet<string>
}

/**
 * Keys within the cycle wait: deferrable ones until the end of the cycle, others as NULL. Notes in temporary tables
 * tell which rows were written. Where a refused parent leaves orphans behind, everything is written once more without
 * them: nothing is ever deleted from the application's tables.
 */
async function writeCycle(
  client: Client,
  write: WriteComponent & { readonly members: readonly ExistingTable[] },
): Promise<readonly CopyTable[]> {
  const members = write.members.map((table, index) => memberOf(table, { members: write.members, index }))
  const deferred = members.flatMap(({ links }) => links.filter(({ deferrable }) => deferrable))
  const constraints = deferred.map(({ name }) => `${quoteName(write.schema)}.${quoteName(name)}`).join(', ')
  if (deferred.length > 0) await client.query(`SET CONSTRAINTS ${constraints} DEFERRED`)
  for (const { notes, columns, table } of members) {
    const fields = columns.map(quoteName).join(', ')
    await client.query(
      `CREATE TEMPORARY TABLE ${notes} ON COMMIT DROP AS
       SELECT 0::bigint AS hive_place, ${fields} FROM ${qualified(write, table)} WITH NO DATA`,
    )
  }
  const orphans = new Map<Member, Set<number>>(members.map((member) => [member, new Set()]))
  const mark = write.refused.mark()
  await client.query('SAVEPOINT cycle')
  for (;;) {
    const written: CopyTable[] = []
    for (const member of members) {
      written.push(
        await writeTable(client, {
          ...write,
          table: member.table,
          rows: write.openRows(member.table),
          orphans: orphans.get(member) ?? none,
          later: member.later,
          notes: {
            sql: `COPY ${member.notes} FROM STDIN (FORMAT binary)`,
            columns: member.columns,
          },
        }),
      )
    }
    if (!(await findOrphans(client, { members, orphans }))) {
      for (const member of members) await fillLater(client, { ...write, member })
      if (deferred.length > 0) await client.query(`SET CONSTRAINTS ${constraints} IMMEDIATE`)
      await client.query('RELEASE SAVEPOINT cycle')
      for (const { notes } of members) await client.query(`DROP TABLE ${notes}`)
      return written
    }
    await client.query('ROLLBACK TO SAVEPOINT cycle')
    write.refused.rewind(mark)
  }
}

function memberOf(
  table: ExistingTable,
  place: { readonly members: readonly ExistingTable[]; readonly index: number },
): Member {
  const inside = new Set(place.members.map(({ target }) => target.name))
  const links = table.links.filter(({ parent }) => inside.has(parent))
  const pointedAt = place.members.flatMap((other) =>
    other.links.filter(({ parent }) => parent === table.target.name).flatMap(({ parentColumns }) => parentColumns),
  )
  const columns = new Set([...table.target.primaryKey, ...links.flatMap((link) => link.columns), ...pointedAt])
  const filled = new Set(table.document.columns.map(({ target }) => target))
  const nullable = new Set(table.target.columns.filter(({ notNull }) => !notNull).map(({ name }) => name))
  // Parents that come before their children are there already.
  const comesFirst = (parent: string): boolean =>
    place.members.findIndex(({ target }) => target.name === parent) < place.index
  const later = links
    .filter(({ deferrable, parent }) => !deferrable && !comesFirst(parent))
    .flatMap((link) => link.columns.filter((name) => nullable.has(name)))
  return {
    table,
    links,
    notes: `pg_temp.hive_notes_${place.index}`,
    columns: [...columns].filter((name) => filled.has(name)),
    later: new Set(later),
  }
}

function qualified({ schema }: { readonly schema: string }, table: ExistingTable): string {
  return `${quoteName(schema)}.${quoteName(table.target.name)}`
}

/** Takes rows without a parent out of the notes until none is left, and notes their places; true where there were any. */
async function findOrphans(
  client: Client,
  cycle: { readonly members: readonly Member[]; readonly orphans: ReadonlyMap<Member, Set<number>> },
): Promise<boolean> {
  let found = false
  for (let again = true; again;) {
    again = false
    for (const member of cycle.members) {
      for (const link of member.links) {
        const parent = cycle.members.find(({ table }) => table.target.name === link.parent)
        if (parent === undefined) continue
        const present = link.columns.map((name) => `c.${quoteName(name)} IS NOT NULL`)
        const equal = link.columns.map(
          (name, index) => `p.${quoteName(link.parentColumns[index] ?? '')} = c.${quoteName(name)}`,
        )
        const { rows } = await client.query<{ hive_place: string }>(
          `DELETE FROM ${member.notes} c WHERE ${present.join(' AND ')}
             AND NOT EXISTS (SELECT 1 FROM ${parent.notes} p WHERE ${equal.join(' AND ')}) RETURNING hive_place`,
        )
        for (const { hive_place: place } of rows) cycle.orphans.get(member)?.add(Number(place))
        again ||= rows.length > 0
      }
    }
    found ||= again
  }
  return found
}

/** Fills the columns that had to be NULL at first. */
async function fillLater(client: Client, write: { readonly schema: string; readonly member: Member }): Promise<void> {
  const { table, notes, later } = write.member
  if (later.size === 0) return
  const names = [...later].map(quoteName)
  const same = table.target.primaryKey.map((name) => `t.${quoteName(name)} = n.${quoteName(name)}`)
  await client.query(
    `UPDATE ${qualified(write, table)} t SET ${names.map((name) => `${name} = n.${name}`).join(', ')}
       FROM ${notes} n WHERE ${same.join(' AND ')} AND (${names.map((name) => `n.${name} IS NOT NULL`).join(' OR ')})`,
  )
}
