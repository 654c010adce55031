import * as z from 'zod/mini'
import { verdicts } from '../core/verdict.ts'

/**
 * The evidence that a gate run leaves (`schemaVersion: 1`), as it is written, uploaded and read back.
 * Optional fields are absent, never null. `schemas/evidence.schema.json` is generated from here.
 */

const text = z.string().check(z.maxLength(4_000))
const name = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,99}$/))
const fullSha = z.string().check(z.regex(/^[0-9a-f]{40}$/))
const sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.nonnegative())

export const targetSchema = z.strictObject({ op: z.enum(['<', '<=', '>', '>=', '==']), value: z.number() })

export const measureSchema = z.strictObject({
  name,
  unit: z.string().check(z.maxLength(40)),
  value: z.number(),
  target: z.optional(targetSchema),
  /** Confidence interval of `value`. */
  interval: z.optional(z.tuple([z.number(), z.number()])),
  /** The same measure on the base commit. */
  baseline: z.optional(z.number()),
  /** `fit` says whether the sample was taken on a machine quiet enough to count. */
  samples: z.optional(
    z.array(z.strictObject({ value: z.number(), order: count, fit: z.boolean() })).check(z.maxLength(1_000)),
  ),
})

export const findingSchema = z.strictObject({
  code: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{2,63}$/)),
  severity: z.enum(['error', 'warning', 'note']),
  message: text,
  hint: z.optional(text),
  location: z.optional(
    z.strictObject({
      path: z.string().check(z.maxLength(1_000)),
      startLine: z.optional(z.int().check(z.positive())),
      endLine: z.optional(z.int().check(z.positive())),
    }),
  ),
  data: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
})

export const artifactSchema = z.strictObject({
  name,
  /** Relative to the evidence document, with forward slashes. */
  path: z.string().check(z.maxLength(1_000)),
  mediaType: z.string().check(z.maxLength(100)),
  sha256: sha256Hex,
})

export const evidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  gate: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,49}$/)),
  verdict: z.enum(verdicts),
  /** The verdict in one line, with its numbers. */
  summary: z.string().check(z.maxLength(500)),
  /** Head commit; absent where the folder is no git checkout. */
  commit: z.optional(fullSha),
  baseCommit: z.optional(fullSha),
  baseRef: z.optional(z.string().check(z.maxLength(300))),
  /** SHA of the tree that was tested, or `dirty`, which is never published. */
  testedTree: z.union([fullSha, z.literal('dirty'), z.literal('unversioned')]),
  pullRequest: z.optional(z.int().check(z.positive())),
  event: z.string().check(z.maxLength(50)),
  workflowPath: z.optional(z.string().check(z.maxLength(500))),
  runAttempt: z.optional(z.int().check(z.positive())),
  configHash: sha256Hex,
  startedAt: z.iso.datetime(),
  durationMs: z.number().check(z.nonnegative()),
  /** Versions of what took part, and what the machine was. */
  environment: z.record(z.string().check(z.maxLength(50)), z.string().check(z.maxLength(300))),
  measures: z.array(measureSchema).check(z.maxLength(200)),
  findings: z.array(findingSchema).check(z.maxLength(2_000)),
  artifacts: z.array(artifactSchema).check(z.maxLength(100)),
})

/** What one run uploads: the results of its gates for one head commit. */
export const evidenceBundleSchema = z.strictObject({
  schemaVersion: z.literal(1),
  repository: z.string().check(z.maxLength(200)),
  headSha: fullSha,
  runId: z.string().check(z.regex(/^[0-9]{1,20}$|^local$/)),
  results: z.array(evidenceSchema).check(z.maxLength(50)),
})

export type Target = z.infer<typeof targetSchema>
export type Measure = z.infer<typeof measureSchema>
export type Finding = z.infer<typeof findingSchema>
export type Artifact = z.infer<typeof artifactSchema>
export type Evidence = z.infer<typeof evidenceSchema>
export type EvidenceBundle = z.infer<typeof evidenceBundleSchema>
