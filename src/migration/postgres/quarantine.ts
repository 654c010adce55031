import type { PlanTable } from '../documents.ts'
import { keyOfRow, plainBytes, storageClassOf, type StoredValue } from '../values.ts'
import type { Client } from './connect.ts'

export interface Refusal {
  /** SQLite's names of the columns that were the cause. */
  readonly columns: readonly string[]
  readonly reason: string
  readonly code: string
}

/** One value of a refused row. */
export interface QuarantineEntry {
  readonly key: string
  readonly column: string
  readonly storageClass: string
  readonly value: Uint8Array | null
  readonly reason: string
  readonly code: string | null
}

/** Keeps every value of refused rows, so that nothing of them is lost. */
export class Quarantine {
  readonly #place: { readonly source: string; readonly table: PlanTable; readonly keyColumns: readonly number[] }
  #entries: QuarantineEntry[] = []
  #rows = 0

  constructor(place: { readonly source: string; readonly table: PlanTable; readonly keyColumns: readonly number[] }) {
    this.#place = place
  }

  /** Refused rows that are not stored yet. */
  get size(): number {
    return this.#rows
  }

  add(row: readonly StoredValue[], refusal: Refusal): void {
    const { table, keyColumns } = this.#place
    const key = rowKey(row, keyColumns)
    this.#rows += 1
    for (const [index, column] of table.columns.entries()) {
      const value = row[index + 1] ?? null
      this.#entries.push({
        key,
        column: column.name,
        storageClass: storageClassOf(value),
        value: value === null ? null : Buffer.from(plainBytes(value)),
        reason: refusal.reason,
        code: refusal.columns.includes(column.name) ? refusal.code : null,
      })
    }
  }

  /** Hands over what waits. */
  take(): { readonly entries: readonly QuarantineEntry[]; readonly rows: number } {
    const taken = { entries: this.#entries, rows: this.#rows }
    this.#entries = []
    this.#rows = 0
    return taken
  }

  /** Writes what waits, and returns how many rows that were. */
  async flush(client: Client): Promise<number> {
    const { entries, rows } = this.take()
    const { source, table } = this.#place
    for (const part of batches(entries)) {
      await client.query(
        `INSERT INTO hive.quarantine (source, table_name, row_key, column_name, storage_class, value, reason, code)
         SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[])`,
        [
          source,
          table.name,
          part.map((entry) => entry.key),
          part.map((entry) => entry.column),
          part.map((entry) => entry.storageClass),
          part.map((entry) => entry.value),
          part.map((entry) => entry.reason),
          part.map((entry) => entry.code),
        ],
      )
    }
    return rows
  }
}

/** The whole key of a row. PostgreSQL's text holds no NUL. */
export function rowKey(row: readonly StoredValue[], keyColumns: readonly number[]): string {
  return keyOfRow(row, keyColumns, { limit: Number.MAX_SAFE_INTEGER }).replaceAll('\0', '\uFFFD')
}

const batchBytes = 8 * 1024 * 1024

function* batches(entries: readonly QuarantineEntry[]): Generator<readonly QuarantineEntry[]> {
  let part: QuarantineEntry[] = []
  let bytes = 0
  for (const entry of entries) {
    part.push(entry)
    bytes += (entry.value?.length ?? 0) + 200
    if (bytes < batchBytes) continue
    yield part
    part = []
    bytes = 0
  }
  if (part.length > 0) yield part
}
