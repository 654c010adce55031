import { fault } from '../../core/index.ts'
import { quoteName } from '../names.ts'
import type { Client } from '../postgres/connect.ts'
import type { ExistingSource } from './plan-types.ts'

/** What becomes of rows that the tables hold already. */
export type ExistingRows = 'refuse' | 'replace'

/**
 * Looks at everything that would stop the copy half-way, before it starts.
 *
 * @throws HIVE_EXISTING_RIGHTS, HIVE_EXISTING_UNFIT
 */
export function refuseUnusable(sources: readonly ExistingSource[]): void {
  const tables = sources.flatMap(({ tables: own, document }) =>
    own.map(({ target }) => ({ ...target, qualified: `${document.schema}.${target.name}` })),
  )
  const closed = tables.filter(({ missingRights }) => missingRights.length > 0)
  const [first] = closed
  if (first !== undefined) {
    const more = closed.length > 1 ? ` (and on ${closed.length - 1} more tables)` : ''
    throw fault('HIVE_EXISTING_RIGHTS', {
      problem: `the role lacks ${first.missingRights.join(' and ')} on ${first.qualified}${more}`,
    })
  }
  const guarded = tables.filter(({ rowSecurity }) => rowSecurity)
  if (guarded[0] !== undefined) {
    const problem = `row-level security of ${guarded[0].qualified} applies to the role, and COPY does not work under it`
    throw fault('HIVE_EXISTING_UNFIT', { problem, more: guarded.length - 1 })
  }
}

/**
 * Refuses tables that hold rows, or deletes these, children first.
 *
 * @throws HIVE_EXISTING_ROWS, HIVE_EXISTING_UNFIT
 */
export async function clearTables(
  client: Client,
  sources: readonly ExistingSource[],
  { rows }: { readonly rows: ExistingRows },
): Promise<void> {
  const filled: { readonly schema: string; readonly table: string }[] = []
  for (const { document, order } of sources) {
    for (const table of order.flatMap(({ tables }) => tables)) {
      const { rows: found } = await client.query<{ filled: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM ${quoteName(document.schema)}.${quoteName(table)}) AS filled`,
      )
      if (found[0]?.filled === true) filled.push({ schema: document.schema, table })
    }
  }
  const [first] = filled
  if (first === undefined) return
  const name = `${quoteName(first.schema)}.${quoteName(first.table)}`
  if (rows === 'refuse') {
    const { rows: counted } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${name}`)
    throw fault('HIVE_EXISTING_ROWS', {
      table: `${first.schema}.${first.table}`,
      rows: counted[0]?.count ?? '',
      more: filled.length - 1,
    })
  }
  await refuseSideEffects(client, sources)
  await client.query('SET CONSTRAINTS ALL DEFERRED')
  for (const { schema, table } of filled.toReversed()) {
    await client.query(`DELETE FROM ${quoteName(schema)}.${quoteName(table)}`)
  }
}

/** Deleting must not reach rows of tables that the copy does not fill again. */
async function refuseSideEffects(client: Client, sources: readonly ExistingSource[]): Promise<void> {
  const own = sources.flatMap(({ document, tables }) => tables.map(({ target }) => `${document.schema}.${target.name}`))
  const { rows } = await client.query<{ child: string; parent: string }>(
    `SELECT cn.nspname || '.' || c.relname AS child, pn.nspname || '.' || p.relname AS parent
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
       JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd') AND pn.nspname || '.' || p.relname = ANY($1)
        AND NOT cn.nspname || '.' || c.relname = ANY($1) ORDER BY 1`,
    [own],
  )
  const [first] = rows
  if (first === undefined) return
  throw fault('HIVE_EXISTING_UNFIT', {
    problem: `replacing the rows of ${first.parent} would delete or change rows of ${first.child}, which the source does not fill`,
    more: rows.length - 1,
  })
}
