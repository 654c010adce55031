import * as z from 'zod/mini'
import { checkConclusions } from './facts.ts'
import { evidenceSchema, type Evidence, type Finding, type Measure } from '../evidence/schema.ts'

/**
 * What our Checks carry for the next run, hidden at the end of their text: everything that a later fold needs and
 * that GitHub would otherwise have to be asked for again. A record is as trustworthy as the Check it stands in: who
 * can forge one can forge `hive / readiness` itself, which is why firm mode pins the App. A record that is damaged
 * counts as absent.
 */

const count = z.int().check(z.nonnegative())
const fullSha = z.string().check(z.regex(/^[0-9a-f]{40}$/))

export const gateRecordSchema = z.object({
  v: z.literal(1),
  kind: z.literal('gate'),
  run: count,
  attempt: count,
  /** Findings of the evidence; the record holds the first ones only. */
  findings: count,
  /** Every published attempt on this head, oldest first, this one last: a later green does not hide an earlier red. */
  attempts: z.array(
    z.object({
      run: count,
      attempt: count,
      verdict: z.string(),
      at: z.optional(z.string()),
      baseRef: z.optional(z.string()),
    }),
  ),
  /** Absent where it was not believed. */
  evidence: z.optional(evidenceSchema),
})

export const readinessRecordSchema = z.object({
  v: z.literal(1),
  kind: z.literal('readiness'),
  /** Absent for commits that are gated without a pull request. */
  pull: z.optional(count),
  baseRef: z.optional(z.string()),
  /** Of the default branch when the definitions were compared. */
  configHash: z.string(),
  head: fullSha,
  /** Server time of when the comment began to present this head. */
  presentedAt: z.optional(z.string()),
  pusher: z.optional(count),
  run: z.optional(count),
  /** The last run whose end was published, and its attempt. */
  published: z.optional(z.tuple([count, count])),
  changes: z.optional(
    z.object({
      commits: count,
      contributors: z.array(count),
      unknown: z.array(z.string()),
      complete: z.boolean(),
    }),
  ),
  /** Gates that the changed files make unnecessary. */
  unaffected: z.optional(z.array(z.string())),
  /** Checks of gates, where hive.yml wants one Check for all. */
  parts: z.optional(
    z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        conclusion: z.optional(z.enum(checkConclusions)),
        text: z.string(),
      }),
    ),
  ),
  weaker: z.optional(z.object({ hash: z.string(), changes: z.array(z.string()) })),
})

export const acceptanceRecordSchema = z.object({
  v: z.literal(1),
  kind: z.literal('acceptance'),
  /** Comment → hash of the rules it was accepted under. */
  accepted: z.array(z.tuple([count, z.string()])),
})

export type GateRecord = z.infer<typeof gateRecordSchema>
export type ReadinessRecord = z.infer<typeof readinessRecordSchema>
export type AcceptanceRecord = z.infer<typeof acceptanceRecordSchema>

const begin = '<!-- hive-record '
const end = ' -->'

/** GitHub takes 65,535 bytes of text. */
const textBytes = 65_535

/** Puts a record behind the text of a Check; where both do not fit, the text gives way. */
export function withRecord(text: string, record: GateRecord | ReadinessRecord | AcceptanceRecord): string {
  const hidden = `${begin}${escapeComment(JSON.stringify(record))}${end}`
  const shown =
    Buffer.byteLength(text) + Buffer.byteLength(hidden) + 2 <= textBytes ? text : 'More is in the evidence of this run.'
  return shown === '' ? hidden : `${shown}\n\n${hidden}`
}

/** The hidden part of a Check's text, as it stands there. */
export function hiddenRecord(text: string): string {
  const from = text.lastIndexOf(begin)
  return from === -1 ? '' : text.slice(from)
}

/** The record of a Check's text, or undefined where it has none that can be read. */
export function readRecord<T>(text: string, schema: z.ZodMiniType<T>): T | undefined {
  const from = text.lastIndexOf(begin)
  if (from === -1 || !text.endsWith(end)) return undefined
  try {
    const parsed = z.safeParse(schema, JSON.parse(text.slice(from + begin.length, -end.length)))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** JSON that cannot end the comment it stands in, nor mention anybody. */
function escapeComment(json: string): string {
  return json.replaceAll(
    /[<>@]|-(?=-)/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

const keptFindings = 20
const keptText = 500

/** The evidence as it is kept in a Check: without samples, and with the first findings, shortened. */
export function compactEvidence(evidence: Evidence): Evidence {
  return {
    ...evidence,
    environment: Object.fromEntries(Object.entries(evidence.environment).slice(0, 20)),
    measures: evidence.measures.slice(0, 30).map(withoutSamples),
    findings: evidence.findings.slice(0, keptFindings).map(shortened),
    artifacts: [],
  }
}

/** Fewer and fewer details, until a record of one gate fits into its share of a Check. */
const shares = [
  { findings: 20, measures: 30, attempts: 50, versions: 20, summary: 500 },
  { findings: 5, measures: 10, attempts: 20, versions: 10, summary: 500 },
  { findings: 1, measures: 4, attempts: 5, versions: 0, summary: 200 },
  { findings: 0, measures: 0, attempts: 2, versions: 0, summary: 40 },
]

export function fitRecord(record: GateRecord, bytes: number): GateRecord {
  let fitted = record
  for (const { findings, measures, attempts, versions, summary } of shares) {
    const { evidence } = record
    fitted = {
      ...record,
      attempts: record.attempts.slice(-attempts),
      ...(evidence === undefined
        ? {}
        : {
            evidence: {
              ...evidence,
              summary: evidence.summary.slice(0, summary),
              environment: Object.fromEntries(Object.entries(evidence.environment).slice(0, versions)),
              findings: evidence.findings.slice(0, findings),
              measures: evidence.measures.slice(0, measures),
            },
          }),
    }
    if (Buffer.byteLength(JSON.stringify(withRecord('', fitted))) <= bytes) break
  }
  return fitted
}

function withoutSamples({ samples: _samples, ...measure }: Measure): Measure {
  return measure
}

function shortened({ data: _data, hint, message, ...finding }: Finding): Finding {
  const short = (text: string): string => (text.length > keptText ? `${text.slice(0, keptText - 1)}…` : text)
  return { ...finding, message: short(message), ...(hint === undefined ? {} : { hint: short(hint) }) }
}
