import type { Config, GateConfig } from '../../config/config.ts'
import { fault } from '../../core/index.ts'
import { dueWords, isAffected, isDue, unaffectedWords, type Occasion } from '../../gates/occasions.ts'

/** What happens with each gate of `hive.yml` in one run, in the order in which they run. */
export type Selection =
  | { readonly kind: 'run'; readonly gate: GateConfig }
  | { readonly kind: 'skip'; readonly gate: GateConfig; readonly reason: string }
  /** Decided or measured on GitHub; a run can only list it. */
  | { readonly kind: 'list'; readonly gate: GateConfig; readonly note: string }
  /** Not on this occasion, or not for this change. */
  | { readonly kind: 'later'; readonly gate: GateConfig; readonly note: string }

export interface SelectOptions {
  /** Gates by name, whatever the occasion; empty means all that are due. */
  readonly named: readonly string[]
  /** Absent where a person asked: then every gate is due. */
  readonly occasion?: Occasion
  /** What differs from the base; absent where that is not known, and then every gate is necessary. */
  readonly changedFiles?: readonly string[]
}

/** Cheap gates first; performance last, so that nothing else disturbs it. */
const order = ['code-quality', 'migration', 'protocol', 'integration']

/** Decides what a run does: the gates that are due, or those that were named. */
export function selectGates(config: Config, options: SelectOptions): Selection[] {
  const { named } = options
  for (const name of named) {
    if (!config.gates.some(({ id }) => id === name)) {
      throw fault('HIVE_GATE_UNKNOWN', { gate: name, known: config.gates.map(({ id }) => id) })
    }
  }
  return config.gates
    .filter(({ id }) => named.length === 0 || named.includes(id))
    .toSorted((a, b) => rank(a) - rank(b))
    .map((gate) => select(gate, options))
}

function rank(gate: GateConfig): number {
  if (gate.kind === 'acceptance') return 100
  if (gate.kind === 'performance') return 99
  const position = order.indexOf(gate.id)
  return position === -1 ? order.length : position
}

function select(gate: GateConfig, { named, occasion, changedFiles }: SelectOptions): Selection {
  if (gate.skip !== undefined) return { kind: 'skip', gate, reason: gate.skip.reason }
  if (gate.kind === 'check') return { kind: 'list', gate, note: `reads the Check "${gate.check}" on GitHub` }
  if (gate.kind === 'acceptance')
    return { kind: 'list', gate, note: `/approve by the ${roleTitle(gate.acceptance.role)}` }
  if (named.length > 0 || occasion === undefined) return { kind: 'run', gate }
  if (!isDue(gate, occasion)) return { kind: 'later', gate, note: `runs ${dueWords(gate)}` }
  if (!isAffected(gate, changedFiles)) return { kind: 'later', gate, note: unaffectedWords(gate) }
  return { kind: 'run', gate }
}

function roleTitle(role: 'product' | 'strategic' | 'admin'): string {
  return { product: 'Product Agent', strategic: 'Strategic Agent', admin: 'Admin' }[role]
}
