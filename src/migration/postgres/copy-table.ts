import { once } from 'node:events'
import { from } from 'pg-copy-streams'
import type { ReportProgress } from '../../core/index.ts'
import type { CopyTable, PlanTable } from '../documents.ts'
import { quoteName } from '../names.ts'
import type { StoredValue } from '../values.ts'
import type { Client } from './connect.ts'
import { CopyEncoder } from './encoder.ts'
import { fieldPlan, type FieldPlan } from './field-plan.ts'
import { Quarantine } from './quarantine.ts'
import type { RowSource } from './row-source.ts'

export interface TableCopy {
  readonly source: string
  readonly schema: string
  readonly table: PlanTable
  /** Indexes of the primary key's columns, to name rows. */
  readonly keyColumns: readonly number[]
  readonly rows: RowSource
  readonly rowsExpected: number
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

const chunkBytes = 256 * 1024
/** The connection is busy while a COPY runs: refused rows wait in memory, at most so many at a time. */
const refusedAtATime = 500

/** Copies the rows of one table in the surrounding transaction; refused rows go to `hive.quarantine`. */
export async function copyTable(client: Client, copy: TableCopy): Promise<CopyTable> {
  const fields = copy.table.columns.map(fieldPlan)
  const quarantine = new Quarantine(copy)
  const counts = { read: 0, written: 0, quarantined: 0 }
  const names = copy.table.columns.map(({ target }) => quoteName(target)).join(', ')
  const sql = `COPY ${quoteName(copy.schema)}.${quoteName(copy.table.target)} (${names}) FROM STDIN (FORMAT binary)`
  let isDone = false
  while (!isDone) {
    isDone = await copyBatch(client, { copy, fields, quarantine, counts, sql })
    counts.quarantined += await quarantine.flush(client)
  }
  return {
    name: copy.table.name,
    target: copy.table.target,
    rowsRead: counts.read,
    rowsWritten: counts.written,
    rowsQuarantined: counts.quarantined,
  }
}

interface Batch {
  readonly copy: TableCopy
  readonly fields: readonly FieldPlan[]
  readonly quarantine: Quarantine
  readonly counts: { read: number; written: number }
  readonly sql: string
}

/** One COPY: until the rows end, or so many were refused that they must be stored. */
async function copyBatch(client: Client, batch: Batch): Promise<boolean> {
  const { copy, counts, quarantine } = batch
  const stream = client.query(from(batch.sql))
  const finished = once(stream, 'finish')
  // Failures are met by awaiting `finished`; what a broken connection says besides must not end the process. The stream
  // is never destroyed: pg-copy-streams would write to the connection that is gone.
  finished.catch(() => {})
  stream.on('error', () => {})
  const step = `copy ${copy.table.name}${copy.rows.note === undefined ? '' : ` (${copy.rows.note})`}`
  const encoder = new CopyEncoder()
  encoder.header()
  let ended = false
  while (quarantine.size < refusedAtATime) {
    const row = copy.rows.next(encoder)
    if (row === 'end') {
      ended = true
      break
    }
    counts.read += 1
    if (row === 'encoded' || encodeRow(encoder, batch, row)) counts.written += 1
    if (encoder.length < chunkBytes) continue
    const hasRoom = stream.write(encoder.take())
    if (!hasRoom) await Promise.race([once(stream, 'drain'), finished])
    copy.signal.throwIfAborted()
    copy.progress({ step, done: counts.read, total: copy.rowsExpected, unit: 'rows' })
  }
  encoder.trailer()
  stream.end(encoder.take())
  await finished
  return ended
}

/** Encodes a row, or refuses it as a whole. */
function encodeRow(encoder: CopyEncoder, batch: Batch, row: readonly StoredValue[]): boolean {
  const { fields, copy, quarantine } = batch
  const orphan = orphanAction(copy.table, row)
  if (orphan.quarantine.length > 0) {
    quarantine.add(row, { columns: orphan.quarantine, reason: 'its parent row does not exist', code: 'HIVE_ORPHAN' })
    return false
  }
  const start = encoder.row(fields.length)
  const misfits: string[] = []
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]
    const value = row[index + 1] ?? null
    if (field === undefined || value === null || orphan.null.has(index)) {
      encoder.null()
      continue
    }
    const converted = field.convert(value)
    if (converted !== undefined) encoder.field(field.type, converted)
    else if (field.misfitIsNull) encoder.null()
    else misfits.push(copy.table.columns[index]?.name ?? '')
  }
  if (misfits.length === 0) return true
  encoder.rewind(start)
  quarantine.add(row, {
    columns: misfits,
    reason: 'the planned type does not hold the value',
    code: 'HIVE_VALUE_MISFIT',
  })
  return false
}

const noAction = { quarantine: [] as readonly string[], null: new Set<number>() }

function orphanAction(
  table: PlanTable,
  row: readonly StoredValue[],
): { readonly quarantine: readonly string[]; readonly null: ReadonlySet<number> } {
  if (table.orphans === undefined) return noAction
  const quarantine: string[] = []
  const isNull = new Set<number>()
  for (const [index, rule] of table.orphans.entries()) {
    if (row[1 + table.columns.length + index] !== 1n) continue
    if (rule.action === 'quarantine') quarantine.push(...rule.columns)
    else for (const name of rule.columns) isNull.add(table.columns.findIndex((column) => column.name === name))
  }
  return { quarantine, null: isNull }
}
