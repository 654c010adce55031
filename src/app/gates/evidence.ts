import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HiveError, Redactor } from '../../core/index.ts'
import { redactValue, sha256 } from '../../core/index.ts'
import type { Artifact, Evidence, EvidenceBundle } from '../../evidence/index.ts'
import { evidenceSchema } from '../../evidence/index.ts'
import type { Checkout } from './checkout.ts'
import type { GateOutcome } from './gate.ts'

/** What is the same for every gate of a run. */
export interface RunFacts {
  readonly checkout: Checkout
  readonly event: string
  readonly configHash: string
  readonly pullRequest?: number
  readonly workflowPath?: string
  readonly runAttempt?: number
}

interface GateTimes {
  readonly gate: string
  readonly startedAt: Date
  readonly durationMs: number
}

/** Builds and checks the evidence of one gate, and writes it beside the gate's files. */
export async function writeEvidence(
  outcome: GateOutcome,
  options: { run: RunFacts; times: GateTimes; folder: string; redact: Redactor },
): Promise<Evidence> {
  const { run, times, folder, redact } = options
  await mkdir(folder, { recursive: true })
  const artifacts = await Promise.all(outcome.files.map((file) => describeFile(file, { folder, gate: times.gate })))
  const { verdict, summary, measures, findings } = outcome.judgement
  const evidence = evidenceSchema.parse(
    redactValue(
      {
        ...commonFields(run, times),
        verdict,
        summary: clip(summary, 500),
        environment: outcome.environment,
        measures,
        // A gate may find more than a document should hold; the count that was cut is named.
        findings: limitFindings(findings),
        artifacts,
      },
      redact,
    ),
  )
  await writeFile(join(folder, 'evidence.json'), `${JSON.stringify(evidence, null, 2)}\n`)
  return evidence
}

/** A gate that could not be measured: its fault is the finding. */
export function faultOutcome(error: HiveError): GateOutcome {
  return {
    judgement: {
      verdict: 'error',
      summary: error.message,
      measures: [],
      findings: [
        { code: error.code, severity: 'error', message: clip(error.message, 4_000), hint: clip(error.hint, 4_000) },
      ],
    },
    files: [],
    environment: {},
  }
}

/** A gate that `hive.yml` turns off, with its reason in the place of a measurement. */
export function skippedEvidence(run: RunFacts, gate: string, options: { reason: string; startedAt: Date }): Evidence {
  return {
    ...commonFields(run, { gate, startedAt: options.startedAt, durationMs: 0 }),
    verdict: 'skipped',
    summary: clip(options.reason, 500),
    environment: {},
    measures: [],
    findings: [],
    artifacts: [],
  }
}

/** The bundle that is uploaded; `undefined` where there is no commit that it could be bound to. */
export function bundleOf(
  results: readonly Evidence[],
  { run, runId, repository }: { run: RunFacts; runId: string; repository: string },
): EvidenceBundle | undefined {
  const { commit } = run.checkout
  if (commit === undefined) return undefined
  return { schemaVersion: 1, repository, headSha: commit, runId, results: [...results] }
}

function commonFields(run: RunFacts, { gate, startedAt, durationMs }: GateTimes) {
  const { checkout, event, configHash, pullRequest, workflowPath, runAttempt } = run
  return {
    schemaVersion: 1 as const,
    gate,
    ...(checkout.commit === undefined ? {} : { commit: checkout.commit }),
    ...(checkout.baseCommit === undefined ? {} : { baseCommit: checkout.baseCommit }),
    ...(checkout.baseRef === undefined ? {} : { baseRef: checkout.baseRef }),
    testedTree: checkout.testedTree,
    ...(pullRequest === undefined ? {} : { pullRequest }),
    event,
    ...(workflowPath === undefined ? {} : { workflowPath }),
    ...(runAttempt === undefined ? {} : { runAttempt }),
    configHash,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
  }
}

async function describeFile(
  { name, file, mediaType }: GateOutcome['files'][number],
  { folder, gate }: { folder: string; gate: string },
): Promise<Artifact> {
  return { name, path: `${gate}/${file}`, mediaType, sha256: sha256(await readFile(join(folder, file))) }
}

const maxFindings = 500

function limitFindings(findings: GateOutcome['judgement']['findings']): Evidence['findings'] {
  const kept = findings.slice(0, maxFindings).map((finding) => ({
    ...finding,
    message: clip(finding.message, 4_000),
    ...(finding.hint === undefined ? {} : { hint: clip(finding.hint, 4_000) }),
  }))
  const left = findings.length - kept.length
  if (left === 0) return kept
  return [
    ...kept,
    {
      code: 'FINDINGS_CUT',
      severity: 'error',
      message: `${left.toLocaleString('en-US')} more findings were left out of this document`,
    },
  ]
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
