import type { GateConfig } from '../config/index.ts'
import type { GateStanding } from '../coordination/readiness.ts'
import type { Evidence, Measure, Target } from '../evidence/schema.ts'

export interface JudgedEvidence {
  readonly standing: GateStanding
  /** The evidence as it is published: its verdict and summary are ours where they contradict its measures. */
  readonly evidence: Evidence
}

/**
 * What evidence proves under the default branch's definition of the gate. The document says what it measured; whether
 * that is a pass is decided here again, so that an edited verdict or a lowered target gains nothing.
 */
export function judgeEvidence(evidence: Evidence, gate: GateConfig): JudgedEvidence {
  if (evidence.testedTree === 'dirty')
    return overruled(evidence, 'undecided', 'the tested tree was dirty, so this says nothing of the commit')
  // What the default branch skips is never asked for; a skip that a run decided on would merge unseen.
  if (evidence.verdict === 'skipped') {
    return overruled(evidence, 'undecided', 'gate definition changed: skipped, which the default branch does not allow')
  }
  if (evidence.verdict !== 'pass') return { standing: evidence.verdict, evidence }
  const missed = evidence.measures.find(
    (measure) => measure.target !== undefined && !meets(measure.value, measure.target),
  )
  if (missed !== undefined)
    return overruled(evidence, 'fail', `${missed.name} misses its target, although the evidence says pass`)
  if (evidence.findings.some(({ severity }) => severity === 'error')) {
    return overruled(evidence, 'fail', 'the evidence says pass and lists errors')
  }
  const lowered = gate.kind === 'performance' ? loweredTarget(evidence.measures, gate.targets) : undefined
  if (lowered !== undefined) return overruled(evidence, 'undecided', `gate definition changed: ${lowered}`)
  return { standing: 'pass', evidence }
}

function loweredTarget(
  measures: readonly Measure[],
  targets: { readonly p95WriteMs: number; readonly deliveredPerS: number },
): string | undefined {
  const latency = measures.find(({ name }) => name === 'p95 write')
  const delivered = measures.find(({ name }) => name === 'delivered')
  if (latency?.target === undefined || delivered?.target === undefined)
    return 'p95 write or delivered messages were not measured against a target'
  if (!isUpper(latency.target) || latency.target.value > targets.p95WriteMs) {
    return `p95 write was held against ${latency.target.op} ${latency.target.value} ms, the default branch wants < ${targets.p95WriteMs} ms`
  }
  if (isUpper(delivered.target) || delivered.target.value < targets.deliveredPerS) {
    return `delivered was held against ${delivered.target.op} ${delivered.target.value}, the default branch wants > ${targets.deliveredPerS}`
  }
  return undefined
}

const isUpper = ({ op }: Target): boolean => op === '<' || op === '<='

function meets(value: number, target: Target): boolean {
  switch (target.op) {
    case '<':
      return value < target.value
    case '<=':
      return value <= target.value
    case '>':
      return value > target.value
    case '>=':
      return value >= target.value
    case '==':
      return value === target.value
  }
}

function overruled(evidence: Evidence, standing: 'fail' | 'undecided', reason: string): JudgedEvidence {
  return {
    standing,
    evidence: { ...evidence, verdict: standing, summary: `${reason}; ${evidence.summary}`.slice(0, 500) },
  }
}
