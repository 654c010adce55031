import type { CheckConclusion } from './facts.ts'

/** How a gate stands for one commit. `waits`: for a person, a run or another Check; `absent`: nothing ran yet. */
export type GateStanding = 'pass' | 'fail' | 'error' | 'undecided' | 'skipped' | 'waits' | 'absent'

export interface GateState {
  readonly gate: string
  readonly required: boolean
  readonly standing: GateStanding
  readonly summary: string
  /** Who took the place of its verdict; it counts as skipped then. */
  readonly overriddenBy?: string
  /** Not due for this commit: when it will run, as the end of "runs …". */
  readonly due?: string
  /** Where the Check is shown. */
  readonly url?: string
}

export interface Readiness {
  readonly kind: 'ready' | 'not-ready' | 'undecided' | 'waits'
  /** One line for the title of the Check. */
  readonly title: string
  readonly passed: number
  readonly total: number
}

/** Something besides gates that holds a commit back, in the words of its Check. */
export interface Obstacle {
  readonly kind: 'undecided' | 'waits'
  readonly title: string
}

/** The conjunction of all required gates. What is absent has not passed. */
export function decideReadiness(gates: readonly GateState[], obstacles: readonly Obstacle[] = []): Readiness {
  const required = gates.filter((gate) => gate.required)
  const passed = required.filter(({ standing }) => standing === 'pass' || standing === 'skipped').length
  const total = required.length
  const counted = `${passed} of ${total} gates passed`
  const named = (...standings: GateStanding[]): string[] =>
    required.filter(({ standing }) => standings.includes(standing)).map(({ gate }) => gate)
  const failed = named('fail', 'error')
  if (failed.length > 0)
    return { kind: 'not-ready', title: `Not ready: ${list(failed)} failed, ${counted}`, passed, total }
  const undecided = named('undecided')
  const held = obstacles.find(({ kind }) => kind === 'undecided')
  if (undecided.length > 0)
    return { kind: 'undecided', title: `Undecided: ${list(undecided)}, ${counted}`, passed, total }
  if (held !== undefined) return { kind: 'undecided', title: held.title, passed, total }
  const waiting = obstacles.find(({ kind }) => kind === 'waits')
  if (waiting !== undefined) return { kind: 'waits', title: waiting.title, passed, total }
  const open = required
    .filter(({ standing }) => standing === 'waits' || standing === 'absent')
    .map(({ gate, due }) => (due === undefined ? gate : `${gate} (runs ${due})`))
  if (open.length > 0) return { kind: 'waits', title: `Waits for ${list(open)}: ${counted}`, passed, total }
  if (total === 0)
    return { kind: 'undecided', title: 'Undecided: hive.yml requires no gate, so nothing is proved', passed, total }
  const overridden = required.flatMap(({ gate, overriddenBy }) =>
    overriddenBy === undefined ? [] : [`${gate} overridden by ${overriddenBy}`],
  )
  return { kind: 'ready', title: [`Ready: ${counted}`, ...overridden].join(', ').slice(0, 200), passed, total }
}

function list(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}

/**
 * The conclusion of a Check; undefined keeps it in progress. Never `neutral`, and `skipped` only where hive.yml says
 * so, because GitHub lets both merge.
 */
export function conclusionOf(standing: GateStanding | Readiness['kind']): CheckConclusion | undefined {
  switch (standing) {
    case 'pass':
    case 'ready':
      return 'success'
    case 'fail':
    case 'error':
    case 'not-ready':
      return 'failure'
    case 'undecided':
      return 'action_required'
    case 'skipped':
      return 'skipped'
    case 'waits':
    case 'absent':
      return undefined
  }
}
