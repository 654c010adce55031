import type { QuarantinedRows, QuarantinedValue } from '../proof/source-rows.ts'
import type { Client } from './connect.ts'

/** The refused rows of one table that `hive.quarantine` holds. */
export async function readQuarantine(
  client: Client,
  { source, table }: { readonly source: string; readonly table: string },
): Promise<QuarantinedRows> {
  const rows = new Map<string, Map<string, QuarantinedValue>>()
  const exists = await client.query<{ found: boolean }>("SELECT to_regclass('hive.quarantine') IS NOT NULL AS found")
  if (exists.rows[0]?.found !== true) return rows
  const found = await client.query<{
    row_key: string
    column_name: string
    storage_class: string
    value: Buffer | null
  }>('SELECT row_key, column_name, storage_class, value FROM hive.quarantine WHERE source = $1 AND table_name = $2', [
    source,
    table,
  ])
  for (const { row_key: key, column_name: column, storage_class: storageClass, value } of found.rows) {
    const row = rows.get(key) ?? new Map<string, QuarantinedValue>()
    row.set(column, { storageClass, value })
    rows.set(key, row)
  }
  return rows
}
