import type { Finding, Measure } from '../evidence/index.ts'
import type { Judgement } from './judgement.ts'
import type { EstimateFacts, PerformanceFacts, PerformanceTargets } from './performance-facts.ts'
import {
  crowding,
  dropped,
  latencyMissed,
  latencyUnproved,
  maxStealShare,
  missedAtItsBest,
  notes,
  rateMissed,
  rateUnproved,
  refusals,
  unfitness,
} from './performance-findings.ts'
import { beside, decimals } from './performance-format.ts'

export type { PerformanceFacts, PerformanceTargets } from './performance-facts.ts'

/**
 * The performance gate. It passes only where both targets are proved: the whole interval on the good side, every
 * offered write made and answered, on a machine that was quiet enough. It fails where a whole interval lies on the
 * bad side or the service refused or could not keep up. Everything else is undecided, with the difference that this
 * run could have told.
 */
export function judgePerformance(facts: PerformanceFacts, targets: PerformanceTargets): Judgement {
  const refused = refusals(facts)
  const missed = [...dropped(facts), ...latencyMissed(facts, targets), ...rateMissed(facts, targets)]
  const unproved = [...latencyUnproved(facts, targets), ...rateUnproved(facts, targets)]
  const plain = latencyMissed(facts, targets).length > 0 && missedAtItsBest(facts, targets)
  const unfit = plain ? [] : [...unfitness(facts, targets), ...(missed.length > 0 ? crowding(facts) : [])]
  const open = unfit.length > 0 ? unfit : [...missed, ...unproved]
  const blocking = [...refused, ...open]
  const failed = refused.length > 0 || (unfit.length === 0 && missed.length > 0)
  const verdict = failed ? 'fail' : open.length > 0 ? 'undecided' : 'pass'
  return {
    verdict,
    summary: summarise(facts, targets, blocking[0]),
    measures: measuresOf(facts, targets),
    findings: [...blocking, ...notes(facts)],
  }
}

function summarise({ document, estimates }: PerformanceFacts, targets: PerformanceTargets, reason?: Finding): string {
  const latency = estimates.p95WriteMs
  const p95 = latency?.value ?? document.percentiles.p95
  const range = latency === undefined ? '' : ` [${decimals(latency.interval[0])}, ${decimals(latency.interval[1])}]`
  const line =
    `p95 write ${beside(p95, targets.p95WriteMs)} ms${range}, target < ${targets.p95WriteMs} ms · ` +
    `${beside(estimates.deliveredPerS.value, targets.deliveredPerS)} messages/s delivered, ` +
    `target > ${targets.deliveredPerS.toLocaleString('en-US')}`
  // The two numbers speak for themselves where one of them is the reason.
  const silent = ['PERFORMANCE_LATENCY', 'PERFORMANCE_DELIVERY']
  return (reason === undefined || silent.includes(reason.code) ? line : `${line} · ${reason.message}`).slice(0, 500)
}

function measuresOf(facts: PerformanceFacts, targets: PerformanceTargets): Measure[] {
  const { document, estimates, windows, machine, calibration } = facts
  const fit = machine.stealShare <= maxStealShare
  const perWindow = (values: readonly number[]): Measure['samples'] =>
    values.map((value, order) => ({ value, order, fit }))
  const p95s = windows.flatMap(({ p95Ms }) => (p95Ms === undefined ? [] : [p95Ms]))
  const rates = windows.map(({ delivered, fromS, toS }) => delivered / (toS - fromS))
  return [
    {
      name: 'p95 write',
      unit: 'ms',
      value: estimates.p95WriteMs?.value ?? document.percentiles.p95,
      target: { op: '<', value: targets.p95WriteMs },
      ...intervalOf(estimates.p95WriteMs),
      samples: perWindow(p95s),
    },
    {
      name: 'delivered',
      unit: 'messages/s',
      value: estimates.deliveredPerS.value,
      target: { op: '>', value: targets.deliveredPerS },
      ...intervalOf(estimates.deliveredPerS),
      samples: perWindow(rates),
    },
    { name: 'failed requests', unit: 'requests', value: document.failedRequests, target: { op: '==', value: 0 } },
    { name: 'dropped writes', unit: 'writes', value: document.droppedIterations, target: { op: '==', value: 0 } },
    { name: 'median write', unit: 'ms', value: document.percentiles.p50 },
    { name: 'p99 write', unit: 'ms', value: document.percentiles.p99 },
    ...(calibration === undefined ? [] : [{ name: 'p95 of an idle server', unit: 'ms', value: calibration.p95Ms }]),
    {
      name: 'CPU stolen',
      unit: '%',
      value: machine.stealShare * 100,
      target: { op: '<=', value: maxStealShare * 100 },
    },
    { name: 'CPU of k6', unit: '%', value: machine.k6CpuShare * 100 },
    { name: 'CPU busy', unit: '%', value: machine.busyShare * 100 },
    ...(machine.othersCpuShare === undefined
      ? []
      : [{ name: 'CPU of others', unit: '%', value: machine.othersCpuShare * 100 }]),
  ]
}

/** Infinite bounds are no JSON. */
function intervalOf(estimate: EstimateFacts | undefined): Pick<Measure, 'interval'> {
  if (estimate === undefined || !estimate.interval.every(Number.isFinite)) return {}
  return { interval: [estimate.interval[0], estimate.interval[1]] }
}
