import * as z from 'zod/mini'
import { conversionNames, targetTypes } from '../conversions.ts'
import { tokenize } from '../create-statement.ts'

/**
 * The value-free profile of SQLite files (`schemaVersion: 1`): their schema, and of what is stored only classes,
 * counts, lengths, magnitudes and patterns by name. Optional fields are absent, never null.
 */

const count = z.int().check(z.nonnegative())
const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))
/** Names and SQL of the schema: hostile, and bounded. */
const name = z.string().check(z.maxLength(1_000))
const sql = z.string().check(z.maxLength(100_000))
const list = <T extends z.core.$ZodType>(item: T) => z.array(item).check(z.maxLength(10_000))

const magnitude = z.strictObject({ negative: z.boolean(), bits: z.int().check(z.gte(0), z.lte(63)) })

const lengths = z.strictObject({ least: count, most: count })
const exponent = z.int().check(z.gte(-1_075), z.lte(1_023))

/** Lengths in bytes as SQLite stores them; reals by the power of two below their magnitude. */
const sizesSchema = z.strictObject({
  texts: z.optional(lengths),
  blobs: z.optional(lengths),
  reals: z.optional(z.strictObject({ least: exponent, most: exponent })),
})

const candidateSchema = z.strictObject({
  type: z.enum(targetTypes),
  conversion: z.enum(conversionNames),
  /** Values that the mapping does not hold. */
  misfits: count,
  /** Ways of writing (separator, fraction digits, zone), with the values of each. */
  formats: z.optional(z.record(z.string().check(z.regex(/^[T ]?\|[0-6]z?\|(Z|[+-]\d\d:\d\d)?$/)), count)),
})

const evidenceSchema = z.strictObject({
  nulls: count,
  integers: count,
  reals: count,
  texts: count,
  blobs: count,
  least: z.optional(magnitude),
  most: z.optional(magnitude),
  integerLikeReals: count,
  nonFiniteReals: count,
  wideIntegers: count,
  maxBytes: count,
  emptyTexts: count,
  textsWithNul: count,
  invalidTexts: count,
  shapes: z.strictObject({ timestamp: count, zonedTimestamp: count, date: count, json: count, uuid: count }),
  candidates: list(candidateSchema),
})

const columnSchema = z.strictObject({
  name,
  declared: name,
  notNull: z.boolean(),
  defaultSql: z.optional(sql),
  collation: z.optional(name),
  generated: z.optional(z.strictObject({ kind: z.enum(['virtual', 'stored']), expression: sql })),
  evidence: evidenceSchema,
  sizes: sizesSchema,
})

const indexSchema = z.strictObject({
  name,
  unique: z.boolean(),
  origin: z.enum(['index', 'unique', 'primary-key']),
  columns: list(z.strictObject({ name: z.optional(name), descending: z.boolean(), collation: name })),
  predicate: z.optional(sql),
})

const foreignKeySchema = z.strictObject({
  columns: list(name),
  parentTable: name,
  parentColumns: list(name),
  onDelete: name,
  onUpdate: name,
  deferred: z.boolean(),
  orphans: z.optional(count),
})

const tableSchema = z.strictObject({
  name,
  rows: count,
  withoutRowid: z.boolean(),
  strict: z.boolean(),
  columns: list(columnSchema),
  primaryKey: list(name),
  rowidAlias: z.optional(name),
  nullKeys: count,
  mergedKeys: z.record(name, count),
  autoincrement: z.boolean(),
  sequence: z.optional(magnitude),
  indexes: list(indexSchema),
  foreignKeys: list(foreignKeySchema),
  checks: list(z.strictObject({ name: z.optional(name), expression: sql, violations: z.optional(count) })),
})

export const profileDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('profile'),
  tool: name,
  sources: z
    .array(
      z.strictObject({
        /** The file's name, without its folder. */
        name: z.string().check(z.regex(/^(?!\.{1,2}$)[^/\\\0]{1,255}$/)),
        /** The snapshot's SHA-256, keyed: a guess of the whole file cannot be tried without the key. */
        source: hex,
        bytes: count,
        encoding: z.enum(['UTF-8', 'UTF-16le', 'UTF-16be']),
        tables: list(tableSchema),
        others: list(
          z.strictObject({
            kind: z.enum(['view', 'trigger', 'virtual-table', 'shadow-table']),
            name,
            /** Of a virtual table. */
            module: z.optional(z.string().check(z.regex(/^\w{1,100}$/))),
          }),
        ),
      }),
    )
    .check(z.minLength(1), z.maxLength(1_000)),
})

export type ProfileDocument = z.infer<typeof profileDocumentSchema>
export type ProfileSource = ProfileDocument['sources'][number]
export type ProfileTable = ProfileSource['tables'][number]
export type ProfileColumn = ProfileTable['columns'][number]
export type ProfileEvidence = ProfileColumn['evidence']

/**
 * Literals of the schema that stand in a profile: in CHECKs, defaults, conditions of indexes and generated columns. They
 * are code, and the plan needs them; whoever commits the profile should know that they are there.
 */
export function literalsOf(source: ProfileSource): readonly string[] {
  const texts = source.tables.flatMap(({ columns, indexes, checks }) => [
    ...columns.flatMap(({ defaultSql, generated }) => [defaultSql, generated?.expression]),
    ...indexes.map(({ predicate }) => predicate),
    ...checks.map(({ expression }) => expression),
  ])
  const literal = new Set(['string', 'number', 'blob'])
  return texts.flatMap((text) => tokenize(text ?? '').flatMap((token) => (literal.has(token.kind) ? [token.text] : [])))
}
