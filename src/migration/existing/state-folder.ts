import { constants } from 'node:fs'
import { access, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod/mini'
import { fault } from '../../core/index.ts'
import { planDocumentSchema } from '../documents.ts'
import type { CopyRecord } from '../postgres/state.ts'
import type { ProofState } from '../postgres/verify.ts'
import type { QuarantinedValue } from '../proof/source-rows.ts'

const recordName = 'hive-copy.json'
const quarantineName = 'hive-quarantine.jsonl'

const recordSchema = z.strictObject({
  plan: planDocumentSchema,
  made: z.strictObject({
    objects: z.array(
      z.strictObject({
        schema: z.string(),
        table: z.string(),
        kind: z.enum(['table', 'column', 'constraint', 'index', 'sequence']),
        name: z.string(),
        definition: z.string(),
      }),
    ),
    sequences: z.array(
      z.strictObject({
        schema: z.string(),
        table: z.string(),
        column: z.string(),
        sequence: z.string(),
        highest: z.optional(z.string()),
      }),
    ),
    existing: z.literal(true),
  }),
  snapshots: z.record(z.string(), z.string()),
})

/** What a copy leaves beside the data where the target must stay free of a schema `hive`. */
export interface StateFolder {
  /** File for the refused rows of a new copy. */
  readonly quarantinePath: string
  /** Writes the record to disk, before the transaction ends. */
  readonly store: (record: CopyRecord) => Promise<void>
  /** Takes everything back, where the transaction did not end well. */
  readonly discard: () => Promise<void>
}

/**
 * Prepares a folder for a new copy.
 *
 * @throws HIVE_EXISTING_STATE where it holds an earlier one, or cannot be written
 */
export async function newStateFolder(path: string): Promise<StateFolder> {
  const record = join(path, recordName)
  const quarantinePath = join(path, quarantineName)
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK)
  } catch (error) {
    throw fault('HIVE_EXISTING_STATE', { path, problem: 'it cannot be written' }, error)
  }
  const isTaken = await access(record).then(
    () => true,
    () => false,
  )
  if (isTaken) throw fault('HIVE_EXISTING_STATE', { path, problem: 'it holds the record of an earlier copy' })
  return {
    quarantinePath,
    store: async (made) => {
      const file = await open(record, 'wx', 0o600)
      try {
        await file.writeFile(`${JSON.stringify(made)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    discard: async () => {
      await rm(record, { force: true })
      await rm(quarantinePath, { force: true })
    },
  }
}

const lineSchema = z.object({
  source: z.string(),
  table_name: z.string(),
  row_key: z.string(),
  column_name: z.string(),
  storage_class: z.string(),
  value: z.nullable(z.string()),
})

/**
 * Reads what a copy left: its record, and the refused rows of one table.
 *
 * @throws HIVE_EXISTING_STATE
 */
export async function readStateFolder(path: string): Promise<ProofState> {
  const text = await readFile(join(path, recordName), 'utf8').catch((error: unknown) => {
    throw fault('HIVE_EXISTING_STATE', { path, problem: `it holds no ${recordName}` }, error)
  })
  return {
    record: parsed(text, { schema: recordSchema, path, name: recordName }),
    quarantined: async (source, table) => {
      const rows = new Map<string, Map<string, QuarantinedValue>>()
      const file = await open(join(path, quarantineName)).catch((error: unknown) => {
        throw fault('HIVE_EXISTING_STATE', { path, problem: `it holds no ${quarantineName}` }, error)
      })
      const lines = createInterface({ input: file.createReadStream(), crlfDelay: Infinity })
      for await (const line of lines) {
        const entry = parsed(line, { schema: lineSchema, path, name: quarantineName })
        if (entry.source !== source || entry.table_name !== table) continue
        const row = rows.get(entry.row_key) ?? new Map<string, QuarantinedValue>()
        const value = entry.value === null ? null : Buffer.from(entry.value, 'base64')
        row.set(entry.column_name, { storageClass: entry.storage_class, value })
        rows.set(entry.row_key, row)
      }
      return rows
    },
  }
}

function parsed<T extends z.core.$ZodType>(
  text: string,
  file: { readonly schema: T; readonly path: string; readonly name: string },
): z.output<T> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw fault('HIVE_EXISTING_STATE', { path: file.path, problem: `${file.name} is no JSON` }, error)
  }
  const read = z.safeParse(file.schema, document)
  if (read.success) return read.data
  const place = read.error.issues[0]?.path.map(String).join('.') ?? ''
  throw fault('HIVE_EXISTING_STATE', { path: file.path, problem: `${file.name}: ${place} is not understood` })
}
