import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { PlanTable } from '../documents.ts'
import type { Client } from '../postgres/connect.ts'
import type { Quarantine } from '../postgres/quarantine.ts'

/** Where refused rows are kept. */
export interface RefusedRows {
  /** Keeps what waits in the quarantine of one table; returns how many rows that were. */
  readonly keep: (
    quarantine: Quarantine,
    place: { readonly source: string; readonly table: PlanTable },
  ) => Promise<number>
  /** A place to go back to when the transaction goes back to a savepoint. */
  readonly mark: () => number
  readonly rewind: (mark: number) => void
  readonly close: () => void
}

/** Keeps them in `hive.quarantine`, in the transaction of the copy: there savepoints do the rest. */
export function inTarget(client: Client): RefusedRows {
  return { keep: (quarantine) => quarantine.flush(client), mark: () => 0, rewind: () => {}, close: () => {} }
}

/** Keeps them in a file, a line for each value, with the columns of `hive.quarantine`. */
export function inFile(path: string): RefusedRows {
  const file = openSync(path, 'w', 0o600)
  let size = 0
  return {
    keep: async (quarantine, { source, table }) => {
      const { entries, rows } = quarantine.take()
      for (const entry of entries) {
        const line = {
          source,
          table_name: table.name,
          row_key: entry.key,
          column_name: entry.column,
          storage_class: entry.storageClass,
          value: entry.value === null ? null : Buffer.from(entry.value).toString('base64'),
          reason: entry.reason,
          code: entry.code,
        }
        size += writeSync(file, `${JSON.stringify(line)}\n`, size)
      }
      return rows
    },
    mark: () => size,
    rewind: (mark) => {
      ftruncateSync(file, mark)
      size = mark
    },
    close: () => closeSync(file),
  }
}
