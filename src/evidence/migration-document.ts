import * as z from 'zod/mini'

const count = z.int().check(z.nonnegative())

/** What the migration gate leaves beside its evidence (`migration.json`): one row a database, for reports. */
export const migrationDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  databases: z.array(
    z.strictObject({
      path: z.string(),
      schema: z.string(),
      bytes: count,
      tables: count,
      rows: count,
      /** Rows whose every value was read back from PostgreSQL and found equal to what SQLite says. */
      rowsProved: count,
      valuesProved: count,
      rowsQuarantined: count,
      differences: count,
      orphans: count,
      notCarried: count,
      durationMs: z.number().check(z.nonnegative()),
      /** SHA-256 over the digests of the tables, in name order. */
      digest: z.string(),
    }),
  ),
})

export type MigrationDocument = z.infer<typeof migrationDocumentSchema>
