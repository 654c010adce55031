import type { Config, GateConfig } from '../config/index.ts'
import type { CheckFacts } from '../coordination/facts.ts'
import type { GateStanding, GateState } from '../coordination/readiness.ts'
import { gateRecordSchema, readRecord } from '../coordination/records.ts'
import type { Evidence } from '../evidence/schema.ts'

/** A gate of one commit as its Check tells it. */
export interface GateView extends GateState {
  /** Compact; absent where the gate is decided elsewhere or did not run yet. */
  readonly evidence?: Evidence
}

export const checkName = (gate: string): string => `hive / ${gate}`

/** The gates that runs measure and other Checks report: all but acceptance. */
export function gateViewsOf(config: Config, checks: readonly CheckFacts[], ownApp: string): readonly GateView[] {
  return config.gates.filter(({ kind }) => kind !== 'acceptance').map((gate) => viewOf(gate, checks, ownApp))
}

function viewOf(gate: GateConfig, checks: readonly CheckFacts[], ownApp: string): GateView {
  const common = { gate: gate.id, required: gate.required }
  if (gate.skip !== undefined) return { ...common, standing: 'skipped', summary: `skipped: ${gate.skip.reason}` }
  if (gate.kind === 'check') {
    const check = newest(checks.filter(({ name }) => name === gate.check))
    if (check === undefined) return { ...common, standing: 'absent', summary: `waits for the Check "${gate.check}"` }
    const standing = standingOfForeign(check)
    return {
      ...common,
      standing,
      summary: `Check "${gate.check}": ${check.conclusion ?? 'in progress'}`,
      url: check.url,
    }
  }
  const check = ownCheck(checks, checkName(gate.id), ownApp)
  if (check === undefined) {
    // A gate of the merge queue or the night says nothing of a pull request that it did not run on.
    const later = gate.when === 'merge-queue' || gate.when === 'nightly'
    return {
      ...common,
      required: gate.required && !later,
      standing: 'absent',
      summary: later ? `runs at ${gate.when}` : 'did not run yet',
    }
  }
  const evidence = readRecord(check.text, gateRecordSchema)?.evidence
  const standing = standingOfOwn(check, evidence)
  return {
    ...common,
    standing,
    summary: evidence?.summary ?? check.title,
    url: check.url,
    ...(evidence === undefined ? {} : { evidence }),
  }
}

/** A skipped Check counts only where today's hive.yml skips the gate, and then it is not looked at. */
function standingOfOwn(check: CheckFacts, evidence: Evidence | undefined): GateStanding {
  if (!check.completed) return 'waits'
  if (check.conclusion === 'success') return 'pass'
  if (check.conclusion !== 'failure') return 'undecided'
  return evidence === undefined || evidence.verdict === 'error' ? 'error' : 'fail'
}

function standingOfForeign(check: CheckFacts): GateStanding {
  if (!check.completed) return 'waits'
  if (check.conclusion === 'success') return 'pass'
  return check.conclusion === 'failure' || check.conclusion === 'timed_out' ? 'fail' : 'undecided'
}

/** Our own Check of a name: of two, the newer one, as GitHub counts them. */
export function ownCheck(checks: readonly CheckFacts[], name: string, ownApp: string): CheckFacts | undefined {
  return newest(checks.filter((check) => check.name === name && check.app === ownApp))
}

function newest(checks: readonly CheckFacts[]): CheckFacts | undefined {
  return checks.reduce<CheckFacts | undefined>(
    (best, check) => (best === undefined || check.id > best.id ? check : best),
    undefined,
  )
}
