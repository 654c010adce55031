import * as z from 'zod/mini'
import { conversionNames } from './conversions.ts'

/**
 * The migration documents of `schemaVersion: 1`. `name` is SQLite's, `target` PostgreSQL's without its schema.
 * Optional fields are absent, never null; those on columns and tables appear only where somebody decided something.
 */

const count = z.int().check(z.nonnegative())
const version = z.literal(1)
const verdict = z.enum(['pass', 'fail'])

const planColumnSchema = z.strictObject({
  name: z.string(),
  declared: z.string(),
  target: z.string(),
  type: z.string(),
  conversion: z.enum(conversionNames),
  reason: z.string(),
  /** The labels of an enum that the application made. */
  labels: z.optional(z.array(z.string())),
  /** By decision, the zone of timestamps where only one of text and column has one. */
  timeZone: z.optional(z.string()),
  /** By decision, a value that the conversion does not hold becomes NULL; absent, its row is quarantined. */
  misfit: z.optional(z.literal('null')),
})

const planTableSchema = z.strictObject({
  name: z.string(),
  target: z.string(),
  /** SQLite's names of the columns that tell rows apart; empty where nothing does. */
  key: z.array(z.string()),
  columns: z.array(planColumnSchema),
  /** By decision (`schema-only`), the table is made and stays empty. */
  rows: z.optional(z.literal('none')),
  /** By decision, what becomes of rows without a parent: the columns become NULL, or the row is quarantined. */
  orphans: z.optional(
    z.array(
      z.strictObject({
        columns: z.array(z.string()),
        parent: z.string(),
        parentColumns: z.array(z.string()),
        action: z.enum(['null', 'quarantine']),
      }),
    ),
  ),
})

const notCarriedSchema = z.strictObject({
  kind: z.string(),
  name: z.string(),
  reason: z.string(),
  suggestion: z.string(),
})

export const planDocumentSchema = z.strictObject({
  schemaVersion: version,
  sources: z.array(
    z.strictObject({
      path: z.string(),
      schema: z.string(),
      tables: z.array(planTableSchema),
      notCarried: z.array(notCarriedSchema),
    }),
  ),
})

export const copyDocumentSchema = z.strictObject({
  schemaVersion: version,
  verdict,
  sources: z.array(
    z.strictObject({
      path: z.string(),
      schema: z.string(),
      tables: z.array(
        z.strictObject({
          name: z.string(),
          target: z.string(),
          rowsRead: count,
          rowsWritten: count,
          rowsQuarantined: count,
        }),
      ),
    }),
  ),
})

export const differingSchema = z.strictObject({
  key: z.string(),
  /** SQLite's name; `*` where the whole row is missing on one side. */
  column: z.string(),
  source: z.string(),
  target: z.string(),
})

export const verifyDocumentSchema = z.strictObject({
  schemaVersion: version,
  verdict,
  sources: z.array(
    z.strictObject({
      path: z.string(),
      schema: z.string(),
      tables: z.array(
        z.strictObject({
          name: z.string(),
          target: z.string(),
          rowsSource: count,
          rowsTarget: count,
          rowsQuarantined: count,
          /** SHA-256 of the table's rows as PostgreSQL sent them, independent of their order on disk. */
          digest: z.string(),
          /** The same a chunk: of rows in the order of their key, or of all rows where no key gives an order. */
          chunks: z.optional(z.array(z.strictObject({ rows: count, digest: z.string() }))),
          /** All of them; `differing` names the first. */
          differences: count,
          differing: z.array(differingSchema),
        }),
      ),
    }),
  ),
})

export type PlanDocument = z.infer<typeof planDocumentSchema>
export type PlanSource = PlanDocument['sources'][number]
export type PlanTable = PlanSource['tables'][number]
export type PlanColumn = PlanTable['columns'][number]
export type NotCarried = z.infer<typeof notCarriedSchema>
export type CopyDocument = z.infer<typeof copyDocumentSchema>
export type CopyTable = CopyDocument['sources'][number]['tables'][number]
export type VerifyDocument = z.infer<typeof verifyDocumentSchema>
export type VerifyTable = VerifyDocument['sources'][number]['tables'][number]
export type Differing = z.infer<typeof differingSchema>
