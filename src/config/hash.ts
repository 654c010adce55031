import { hashOf } from '../core/json.ts'
import type { Config } from './config.ts'

/**
 * SHA-256 of everything in `hive.yml` that decides verdicts: the gates (targets, commands, load, skips, acceptance
 * rules) and the migration section (sources, decisions, acceptances), with defaults filled in.
 * Two results with the same hash were judged by the same rules; plan, agents, sync times, risks and the order of the
 * gates do not count, and neither do comments and layout. It stands in every evidence document.
 */
export function configHash(config: Config): string {
  return hashOf({ gates: byId(config.gates), migration: config.migration })
}

/**
 * SHA-256 of what an approval was given under: the gate `acceptance` (its rules, whether it is required or skipped)
 * and the numeric ids of the members of the role that decides. A renamed account voids nothing, a changed member does.
 */
export function policyHash(config: Config): string {
  const gate = config.gates.find(({ id }) => id === 'acceptance')
  const role = gate?.kind === 'acceptance' ? gate.acceptance.role : 'product'
  return hashOf({ gate, members: config.roles[role].map(({ id }) => id).sort((a, b) => a - b) })
}

/**
 * SHA-256 of the migration that an approval was given for: the section `migration`, that is which databases go over,
 * what was decided about their columns, and which losses were accepted. The plan of phases and tasks is no part of it,
 * so that an edited estimate voids no approval.
 */
export function planHash(config: Config): string {
  return hashOf({ migration: config.migration })
}

function byId<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1))
}
