import * as z from 'zod/mini'

/**
 * A proof to carry away from the data (`schemaVersion: 1`): counts, verdict and keyed digests, bound to source, profile,
 * plan and tool, and signed. It names no row and holds no value.
 */

const count = z.int().check(z.nonnegative())
const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const name = z.string().check(z.maxLength(1_000))

export const signerSchema = z
  .string()
  .check(z.regex(/^ed25519:[A-Za-z0-9_-]{43}$/, 'a key such as ed25519:… with 43 characters'))

const tableSchema = z.strictObject({
  name,
  target: name,
  rowsSource: count,
  rowsTarget: count,
  rowsQuarantined: count,
  /** Values that were compared: rows of the target times planned columns. */
  values: count,
  differences: count,
  /** The digest of each chunk of rows as PostgreSQL sent them, keyed. */
  chunks: z.array(z.strictObject({ rows: count, digest: hex })).check(z.maxLength(100_000)),
})

export const proofDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('proof'),
  tool: name,
  /** Version of the PostgreSQL server that was read. */
  server: name,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  verdict: z.enum(['pass', 'fail']),
  sources: z
    .array(
      z.strictObject({
        name,
        /** As in the profile: the snapshot's SHA-256, keyed. */
        source: hex,
        /** SHA-256 of the source's part of the profile. */
        profile: hex,
        /** SHA-256 of what the plan does to the source. */
        plan: hex,
        rowsProved: count,
        valuesProved: count,
        tables: z.array(tableSchema).check(z.maxLength(10_000)),
      }),
    )
    .check(z.minLength(1), z.maxLength(1_000)),
  signer: signerSchema,
  /** Ed25519 over the canonical JSON of everything else. */
  signature: z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/)),
})

export type ProofDocument = z.infer<typeof proofDocumentSchema>
export type ProofSource = ProofDocument['sources'][number]
