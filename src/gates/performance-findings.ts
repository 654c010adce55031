import type { Finding } from '../evidence/index.ts'
import { countOf } from './judgement.ts'
import type { EstimateFacts, PerformanceFacts, PerformanceTargets } from './performance-facts.ts'
import { beside, decimals, percent, seconds } from './performance-format.ts'

/** A hypervisor that takes more than this makes latency a property of the neighbour. */
export const maxStealShare = 0.05
/** More than this by others explains drops and slow answers on its own. */
const maxOthersShare = 0.15
/** What the empty server may take of the latency budget. */
const maxCalibrationShare = 0.25
/** Fifty writes lie above the p95 then. */
const minimumWrites = 1_000

/** What no noise explains: the service answered with an error, broke off, or handed out something else. */
export function refusals({ problems, document }: PerformanceFacts): Finding[] {
  const failed = problems.failedWrites + problems.failedReads
  const findings: Finding[] = []
  if (failed > 0) {
    const reasons = Object.entries(problems.reasons).map(
      ([reason, count]) => `${count.toLocaleString('en-US')} × ${reason}`,
    )
    const endS = document.warmupS + document.measuredS
    const stopped =
      problems.lastAnswerAtS < endS - 2 ? `; no write was answered after ${seconds(problems.lastAnswerAtS)}` : ''
    findings.push({
      code: 'PERFORMANCE_REQUESTS_FAILED',
      severity: 'error',
      message: `${countOf(failed, 'request')} failed under load (${reasons.slice(0, 5).join(', ')})${stopped}`,
      hint: 'look at the log of the service for this time: a refused write is a lost message unless its sender tries again',
      data: { failedWrites: problems.failedWrites, failedReads: problems.failedReads },
    })
  }
  if (problems.malformed > 0) {
    findings.push({
      code: 'PERFORMANCE_MESSAGES_MALFORMED',
      severity: 'error',
      message: `${countOf(problems.malformed, 'delivered message')} differed from what had been written`,
      hint: 'compare a written and a received event: id and data.sequence must come back unchanged',
      data: { malformed: problems.malformed },
    })
  }
  return findings
}

export function dropped({ document }: PerformanceFacts): Finding[] {
  if (document.droppedIterations === 0) return []
  return [
    {
      code: 'PERFORMANCE_WRITES_DROPPED',
      severity: 'error',
      message:
        `${countOf(document.droppedIterations, 'write')} could not be offered: all ${document.agents} agents ` +
        'were still waiting for an answer',
      hint: `answer within ${decimals((document.agents / document.offeredRate) * 1_000)} ms, or offer less load`,
      data: { dropped: document.droppedIterations },
    },
  ]
}

/** Why this machine could not tell, whatever it showed. */
export function unfitness({ machine, calibration }: PerformanceFacts, targets: PerformanceTargets): Finding[] {
  const findings: Finding[] = []
  if (machine.stealShare > maxStealShare) {
    findings.push({
      code: 'PERFORMANCE_MACHINE_STOLEN',
      severity: 'warning',
      message: `the hypervisor gave ${percent(machine.stealShare)} of the CPU time to others, at most ${percent(maxStealShare)} is fit to measure`,
      hint: 'run it again, on a quieter or larger machine if it stays so',
    })
  }
  const budget = targets.p95WriteMs * maxCalibrationShare
  if (calibration !== undefined && (calibration.p95Ms > budget || calibration.droppedIterations > 0)) {
    findings.push({
      code: 'PERFORMANCE_MACHINE_SLOW',
      severity: 'warning',
      message:
        `a server that does nothing has a p95 of ${decimals(calibration.p95Ms)} ms and ` +
        `${countOf(calibration.droppedIterations, 'dropped write')} here, at most ${decimals(budget)} ms and none are fit ` +
        `to measure a target of ${targets.p95WriteMs} ms`,
      hint: 'stop what else runs on this machine, or use a larger one',
    })
  }
  return findings
}

/**
 * Why a miss may not be the service's fault. What others used can only have made it slower: a pass stays a pass,
 * and a miss is not proved.
 */
export function crowding({ machine }: PerformanceFacts): Finding[] {
  const share = machine.othersCpuShare
  if (share === undefined || share <= maxOthersShare) return []
  return [
    {
      code: 'PERFORMANCE_MACHINE_CROWDED',
      severity: 'warning',
      message: `other programs used ${percent(share)} of the CPU meanwhile, at most ${percent(maxOthersShare)} is fit to prove a miss`,
      hint: 'stop what else runs on this machine and run it again',
    },
  ]
}

export function latencyMissed({ estimates }: PerformanceFacts, targets: PerformanceTargets): Finding[] {
  const latency = estimates.p95WriteMs
  if (latency === undefined || latency.interval[0] < targets.p95WriteMs) return []
  return [
    {
      code: 'PERFORMANCE_LATENCY',
      severity: 'error',
      message: `p95 of a write is ${beside(latency.value, targets.p95WriteMs)} ms, target < ${targets.p95WriteMs} ms`,
      hint: 'profile the write path of the service under this load',
    },
  ]
}

/**
 * Noise delays some writes, not all of them: where even the fastest twentieth missed the target, the service did,
 * whatever else the machine was doing.
 */
export function missedAtItsBest({ document }: PerformanceFacts, targets: PerformanceTargets): boolean {
  const total = document.histogram.reduce((sum, { count }) => sum + count, 0)
  let seen = 0
  for (const { fromMs, count } of document.histogram) {
    seen += count
    if (seen >= total / 20) return total > 0 && fromMs >= targets.p95WriteMs
  }
  return false
}

/** A rate that was never offered cannot be missed. */
export function rateMissed({ estimates, document }: PerformanceFacts, targets: PerformanceTargets): Finding[] {
  const rate = estimates.deliveredPerS
  if (rate.interval[1] > targets.deliveredPerS || document.offeredRate <= targets.deliveredPerS) return []
  return [
    {
      code: 'PERFORMANCE_DELIVERY',
      severity: 'error',
      message: `${beside(rate.value, targets.deliveredPerS)} messages/s reached their consumers, target > ${targets.deliveredPerS.toLocaleString('en-US')}`,
      hint: 'compare written and delivered messages a second: where they differ, publishing or receiving is the slow part',
    },
  ]
}

export function latencyUnproved(facts: PerformanceFacts, targets: PerformanceTargets): Finding[] {
  const latency = facts.estimates.p95WriteMs
  if (facts.document.writes < minimumWrites || latency === undefined) {
    return [
      {
        code: 'PERFORMANCE_TOO_FEW_WRITES',
        severity: 'warning',
        message: `${countOf(facts.document.writes, 'write')} in ${seconds(facts.document.measuredS)}, at least ${minimumWrites.toLocaleString('en-US')} spread over the whole time are needed`,
        hint: 'measure longer or offer more load',
      },
    ]
  }
  if (latency.interval[1] < targets.p95WriteMs || latency.interval[0] >= targets.p95WriteMs) return []
  return [
    undecided(`p95 of a write, ${beside(latency.value, targets.p95WriteMs)} ms`, latency, `${targets.p95WriteMs} ms`),
  ]
}

export function rateUnproved({ estimates, document }: PerformanceFacts, targets: PerformanceTargets): Finding[] {
  if (document.offeredRate <= targets.deliveredPerS) {
    return [
      {
        code: 'PERFORMANCE_OFFERED_TOO_LITTLE',
        severity: 'warning',
        message: `${document.offeredRate.toLocaleString('en-US')} writes/s were offered, which cannot prove more than ${targets.deliveredPerS.toLocaleString('en-US')} delivered messages/s`,
        hint: 'offer about a tenth more than the target',
      },
    ]
  }
  const rate = estimates.deliveredPerS
  if (rate.interval[0] > targets.deliveredPerS || rate.interval[1] <= targets.deliveredPerS) return []
  const target = `${targets.deliveredPerS.toLocaleString('en-US')} messages/s`
  return [undecided(`the delivered rate, ${beside(rate.value, targets.deliveredPerS)} messages/s`, rate, target)]
}

function undecided(what: string, { interval, detectable }: EstimateFacts, target: string): Finding {
  return {
    code: 'PERFORMANCE_UNDECIDED',
    severity: 'warning',
    message: `${what}, lies between ${decimals(interval[0])} and ${decimals(interval[1])}, on both sides of ${target}; this run can tell a difference of ${percent(detectable)}`,
    hint: 'measure longer, or run it again when the machine is quieter',
  }
}

/** What is worth knowing and changes no verdict. */
export function notes({ problems, machine }: PerformanceFacts): Finding[] {
  const findings: Finding[] = []
  if (problems.repeated > 0) {
    findings.push({
      code: 'PERFORMANCE_MESSAGES_REPEATED',
      severity: 'warning',
      message: `${countOf(problems.repeated, 'message')} came more than once; repetitions are not counted as delivered`,
      hint: 'consumers must remove duplicates; under load none are expected unless acknowledgements are lost',
    })
  }
  if (!machine.observed) {
    findings.push({
      code: 'PERFORMANCE_MACHINE_UNKNOWN',
      severity: 'note',
      message: 'this system does not tell how much CPU time others took, so that a noisy machine cannot be recognised',
    })
  }
  return findings
}
