import type { Config, GateConfig } from '../config/index.ts'
import type { CheckFacts, PullRequestFacts } from '../coordination/facts.ts'
import type { Attempt } from '../coordination/overrides.ts'
import type { GateStanding, GateState } from '../coordination/readiness.ts'
import { gateRecordSchema, readRecord } from '../coordination/records.ts'
import type { Evidence } from '../evidence/schema.ts'
import { dueWords, isAsked, isDue, unaffectedWords, type Occasion } from '../gates/occasions.ts'

/** A gate of one commit as its Check tells it. */
export interface GateView extends GateState {
  /** Compact; absent where the gate is decided elsewhere or did not run yet. */
  readonly evidence?: Evidence
  /** Published attempts on this commit, oldest first. */
  readonly attempts?: readonly Attempt[]
}

/** What a commit has to prove, and where. */
export interface Asking {
  readonly occasion: Occasion
  /** Gates that its changed files make unnecessary. */
  readonly unaffected: readonly string[]
  /** Of the pull request: what was measured against another base says nothing of this one. */
  readonly baseRef?: string
}

export const askingOf = (
  pull: PullRequestFacts,
  { unaffected }: { readonly unaffected: readonly string[] },
): Asking => ({
  occasion: pull.draft ? 'draft' : 'ready',
  unaffected,
  baseRef: pull.baseRef,
})

export const isOfOtherBase = ({ baseRef }: Evidence, asking: Asking): boolean =>
  baseRef !== undefined && asking.baseRef !== undefined && baseRef !== asking.baseRef

export const checkName = (gate: string): string => `hive / ${gate}`

/** The gates that runs measure and other Checks report: all but acceptance. */
export function gateViewsOf(config: Config, checks: readonly CheckFacts[], standing: Standpoint): readonly GateView[] {
  return config.gates.filter(({ kind }) => kind !== 'acceptance').map((gate) => viewOf(gate, checks, standing))
}

interface Standpoint {
  readonly app: string
  readonly asking: Asking
}

function viewOf(gate: GateConfig, checks: readonly CheckFacts[], { app, asking }: Standpoint): GateView {
  const common = { gate: gate.id, required: gate.required && isAsked(gate, asking.occasion) }
  if (gate.skip !== undefined) return { ...common, standing: 'skipped', summary: `skipped: ${gate.skip.reason}` }
  if (gate.kind === 'check') {
    const check = newest(checks.filter(({ name }) => name === gate.check))
    if (check === undefined) return { ...common, ...unmeasured(gate, asking, `waits for the Check "${gate.check}"`) }
    const standing = standingOfForeign(check)
    return {
      ...common,
      standing,
      summary: `Check "${gate.check}": ${check.conclusion ?? 'in progress'}`,
      url: check.url,
    }
  }
  const check = ownCheck(checks, checkName(gate.id), app)
  // A skipped Check counts only as long as today's hive.yml skips the gate, and that was looked at already.
  if (check === undefined || check.conclusion === 'skipped') {
    return { ...common, ...unmeasured(gate, asking, 'did not run yet') }
  }
  const { evidence, attempts = [] } = readRecord(check.text, gateRecordSchema) ?? {}
  if (evidence !== undefined && isOfOtherBase(evidence, asking)) {
    return { ...common, ...unmeasured(gate, asking, `was measured against ${evidence.baseRef}, runs again`) }
  }
  const standing = standingOfOwn(check, evidence)
  return {
    ...common,
    standing,
    summary: evidence?.summary ?? check.title,
    url: check.url,
    attempts,
    ...(evidence === undefined ? {} : { evidence }),
  }
}

/** A gate without a verdict: not needed, not due, or not there yet. */
function unmeasured(
  gate: GateConfig,
  { occasion, unaffected }: Asking,
  missing: string,
): Pick<GateView, 'standing' | 'summary' | 'due'> {
  if (unaffected.includes(gate.id)) return { standing: 'skipped', summary: unaffectedWords(gate) }
  if (isDue(gate, occasion) || gate.kind === 'check') return { standing: 'absent', summary: missing }
  return { standing: 'absent', summary: `runs ${dueWords(gate)}`, due: dueWords(gate) }
}

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
