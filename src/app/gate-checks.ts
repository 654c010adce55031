import type { Config, GateConfig } from '../config/index.ts'
import type { CheckFacts, RunFacts } from '../coordination/facts.ts'
import { conclusionOf } from '../coordination/readiness.ts'
import {
  compactEvidence,
  fitRecord,
  gateRecordSchema,
  readRecord,
  withRecord,
  type GateRecord,
} from '../coordination/records.ts'
import type { EvidenceBundle } from '../evidence/schema.ts'
import { isAsked, isDue, unaffectedWords, type Occasion } from '../gates/occasions.ts'
import { renderCheckOutput } from '../report/markdown/check-output.ts'
import { markdownText } from '../report/neutralise.ts'
import type { DesiredCheck } from './check-writes.ts'
import { judgeEvidence, type JudgedEvidence } from './evidence-judgement.ts'
import { checkName, gateViewsOf, isOfOtherBase, ownCheck, type Asking, type GateView } from './gate-states.ts'

/** What a run makes of the gates: how each stands, and the Checks that say so. */
export interface PublishedGates {
  readonly views: readonly GateView[]
  readonly desired: readonly DesiredCheck[]
}

export interface PublishContext {
  readonly config: Config
  readonly run: RunFacts
  readonly checks: readonly CheckFacts[]
  readonly app: string
  readonly blobUrl: string
  readonly asking: Asking
  /** On which the run started; the pull request may have left its draft since. */
  readonly ranOn: Occasion
}

/** Two requests of annotations a Check; the rest is counted in its text. */
const annotationLimit = 100
const keptAttempts = 50

/** Checks of a run whose evidence was believed. A gate that the policy wants and the evidence lacks fails. */
export function publishBundle(bundle: EvidenceBundle, context: PublishContext): PublishedGates {
  return published(context, (gate) => {
    const evidence = bundle.results.find((result) => result.gate === gate.id)
    if (evidence === undefined) {
      return wasToRun(gate, context)
        ? failed(gate, { ...context, title: 'no evidence of this gate', reason: 'EVIDENCE_GATE_MISSING' })
        : undefined
    }
    if (isOfOtherBase(evidence, context.asking)) return undefined
    const judged = withHistory(judgeEvidence(evidence, gate), { gate, ...context })
    const { annotations, text, ...output } = renderCheckOutput(judged.evidence, { blobUrl: context.blobUrl })
    const record = recordWithin(context, {
      v: 1,
      kind: 'gate',
      run: context.run.id,
      attempt: context.run.attempt,
      findings: evidence.findings.length,
      attempts: judged.attempts,
      evidence: compactEvidence(judged.evidence),
    })
    const compact = record.evidence ?? judged.evidence
    const conclusion = conclusionOf(judged.standing)
    const left = annotations.length - annotationLimit
    return {
      view: {
        gate: gate.id,
        required: gate.required && isAsked(gate, context.asking.occasion),
        standing: judged.standing,
        summary: compact.summary,
        evidence: compact,
        attempts: record.attempts,
      },
      check: {
        ...output,
        name: checkName(gate.id),
        ...(conclusion === undefined ? {} : { conclusion }),
        text: withRecord(
          left > 0 ? `${text}\n\n${left} more findings have a line and are not shown on it.` : text,
          record,
        ),
        annotations: annotations.slice(0, annotationLimit),
        renew: isOfAnotherRun(gate, context),
      },
    }
  })
}

/** What all gates together may keep in one Check of 65,535 bytes, beside what readiness keeps itself. */
const partsBytes = 36_000

function recordWithin({ config }: PublishContext, record: GateRecord): GateRecord {
  return config.publish.checks === 'one' ? fitRecord(record, partsBytes / config.gates.length) : record
}

/** Checks of a run without evidence that could be believed: each gate fails and names why. */
export function publishRefusal(
  { reason, problem }: { readonly reason: string; readonly problem: string },
  context: PublishContext,
): PublishedGates {
  return published(context, (gate) =>
    wasToRun(gate, context) ? failed(gate, { ...context, title: `error: ${problem}`, reason }) : undefined,
  )
}

const wasToRun = (gate: GateConfig, { asking, ranOn }: PublishContext): boolean =>
  isDue(gate, ranOn) && !asking.unaffected.includes(gate.id)

/** All attempts on a head count: one that passed after others did not says so wherever its verdict is shown. */
function withHistory(
  judged: JudgedEvidence,
  { gate, checks, app, run }: Pick<PublishContext, 'checks' | 'app' | 'run'> & { readonly gate: GateConfig },
): JudgedEvidence & { readonly attempts: GateRecord['attempts'] } {
  const { baseRef, verdict } = judged.evidence
  const attempts = attemptsOf(gate, { verdict, ...(baseRef === undefined ? {} : { baseRef }), checks, app, run })
  const red = attempts.slice(0, -1).filter(({ verdict }) => verdict !== 'pass').length
  if (judged.standing !== 'pass' || red === 0) return { ...judged, attempts }
  const { evidence } = judged
  const note = `passed after ${red} ${red === 1 ? 'attempt' : 'attempts'} on this commit that did not`
  return { ...judged, attempts, evidence: { ...evidence, summary: `${evidence.summary.slice(0, 420)}; ${note}` } }
}

/** The attempts on this commit with this one as the last. */
function attemptsOf(
  gate: GateConfig,
  {
    run,
    verdict,
    baseRef,
    ...where
  }: Pick<PublishContext, 'checks' | 'app' | 'run'> & { readonly verdict: string; readonly baseRef?: string },
): GateRecord['attempts'] {
  const before = recordOf(gate, where)?.attempts ?? []
  const earlier = before.filter((attempt) => attempt.run !== run.id || attempt.attempt !== run.attempt)
  const last = {
    run: run.id,
    attempt: run.attempt,
    verdict,
    at: run.startedAt,
    ...(baseRef === undefined ? {} : { baseRef }),
  }
  return [...earlier, last].slice(-keptAttempts)
}

interface OneGate {
  readonly view: GateView
  readonly check: DesiredCheck
}

function published(context: PublishContext, publishOne: (gate: GateConfig) => OneGate | undefined): PublishedGates {
  const { config, checks } = context
  const known = gateViewsOf(config, checks, context)
  const results = config.gates.map((gate) => ({
    gate,
    one: gate.kind === 'acceptance' || gate.kind === 'check' || gate.skip !== undefined ? undefined : publishOne(gate),
  }))
  return {
    views: results.flatMap(({ gate, one }) => one?.view ?? known.find((view) => view.gate === gate.id) ?? []),
    desired: results.flatMap(({ gate, one }) => one?.check ?? skippedCheck(gate, context.asking)),
  }
}

/** Of a gate that hive.yml of the default branch turns off, for good or for this change. */
function skippedCheck(gate: GateConfig, { unaffected }: Asking): DesiredCheck[] {
  const reason = gate.skip?.reason ?? (unaffected.includes(gate.id) ? unaffectedWords(gate) : undefined)
  if (reason === undefined || gate.kind === 'acceptance' || (gate.kind === 'check' && gate.skip === undefined))
    return []
  const summary = `skipped by hive.yml of the default branch: ${markdownText(reason)}`
  return [
    {
      name: checkName(gate.id),
      conclusion: 'skipped',
      title: 'skipped by hive.yml',
      summary,
      text: '',
      annotations: [],
      renew: false,
    },
  ]
}

function failed(
  gate: GateConfig,
  { run, title, reason, ...context }: PublishContext & { readonly title: string; readonly reason: string },
): OneGate {
  const shown = title.slice(0, 200)
  // A run that a newer one cancelled says nothing of the commit, and need not be forgiven.
  const verdict = run.conclusion === 'cancelled' ? 'cancelled' : 'error'
  const attempts = attemptsOf(gate, { ...context, run, verdict })
  return {
    view: {
      gate: gate.id,
      required: gate.required && isAsked(gate, context.asking.occasion),
      standing: 'error',
      summary: shown,
      attempts,
    },
    check: {
      name: checkName(gate.id),
      conclusion: 'failure',
      title: shown,
      summary: `**${markdownText(shown)}** (\`${reason}\`)\n\nThe evidence of [run ${run.id}](${run.url}), attempt ${run.attempt}, is not believed. Run the gates again with the unmodified workflow.`,
      text: withRecord('', { v: 1, kind: 'gate', run: run.id, attempt: run.attempt, findings: 0, attempts }),
      annotations: [],
      renew: isOfAnotherRun(gate, { ...context, run }),
    },
  }
}

function isOfAnotherRun(
  gate: GateConfig,
  { checks, app, run }: Pick<PublishContext, 'checks' | 'app' | 'run'>,
): boolean {
  const record = recordOf(gate, { checks, app })
  return record !== undefined && (record.run !== run.id || record.attempt !== run.attempt)
}

function recordOf(gate: GateConfig, { checks, app }: Pick<PublishContext, 'checks' | 'app'>): GateRecord | undefined {
  const check = ownCheck(checks, checkName(gate.id), app)
  return check === undefined ? undefined : readRecord(check.text, gateRecordSchema)
}
