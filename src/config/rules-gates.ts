import { builtInGates, defaults, isBuiltInGate } from './defaults.ts'
import { durationMs } from './duration.ts'
import type { ValuePath } from './issue.ts'
import { nearest } from './nearest.ts'
import { urlRule } from './report.ts'
import type { Report } from './report.ts'
import type { ConfigInput } from './schema.ts'

type GateInput = ConfigInput['gates'][string]

/** Each gate has one way to its verdict, and only the fields that belong to it. */
export function gateRules(input: ConfigInput, report: Report): void {
  if (Object.keys(input.gates).length === 0) report(['gates'], 'found no gate, wanted at least one')
  for (const [id, gate] of Object.entries(input.gates)) {
    const path = ['gates', id]
    methodRules(id, { gate, path }, report)
    onlyOn('performance', ['targets', 'load'], { id, gate, path, report })
    onlyOn('acceptance', ['acceptance'], { id, gate, path, report })
    durationRules(gate, path, report)
    if (gate.load?.url !== undefined) urlRule(gate.load.url, [...path, 'load', 'url'], report)
  }
  const { migration, acceptance } = input.gates
  if (
    migration !== undefined &&
    migration.check === undefined &&
    migration.skip === undefined &&
    input.migration === undefined
  ) {
    report(['gates', 'migration'], 'found no section migration, wanted its sources there')
  }
  if (acceptance !== undefined) acceptanceRules(input, { gate: acceptance, report })
}

interface PlacedGate {
  readonly gate: GateInput
  readonly path: ValuePath
}

function methodRules(id: string, { gate, path }: PlacedGate, report: Report): void {
  const { commands, check } = gate
  if (commands !== undefined && check !== undefined) {
    report([...path, 'check'], 'found commands and check, wanted one of them')
  }
  if (commands?.length === 0) report([...path, 'commands'], 'found an empty list, wanted at least one command')
  if (!isBuiltInGate(id)) {
    if (commands !== undefined || check !== undefined) return
    report(path, () => withoutMethod(id))
    return
  }
  if (id === 'acceptance' && check !== undefined) {
    report([...path, 'check'], 'found check, wanted none: acceptance is decided by a person')
  }
  if (id !== 'code-quality' && id !== 'integration' && commands !== undefined) {
    report([...path, 'commands'], `found commands, wanted none: ${id} is measured by Agent Hive, or read from a check`)
  }
}

function withoutMethod(id: string): string {
  const meant = nearest(id, builtInGates)
  return `found neither commands nor check, wanted one of them${meant === undefined ? '' : `, or perhaps the gate ${meant}`}`
}

function onlyOn(
  owner: string,
  fields: readonly ('targets' | 'load' | 'acceptance')[],
  { id, gate, path, report }: PlacedGate & { readonly id: string; readonly report: Report },
): void {
  if (id === owner) return
  for (const field of fields) {
    if (gate[field] !== undefined)
      report([...path, field], `found ${field} on the gate ${id}, wanted it on ${owner} only`)
  }
}

/** A load of no time measures nothing, and a time limit of none fails everything. */
function durationRules(gate: GateInput, path: ValuePath, report: Report): void {
  const atLeast = (text: string | undefined, leastMs: number, at: ValuePath): void => {
    if (text === undefined || durationMs(text) >= leastMs) return
    report(
      [...path, ...at],
      `found ${text}, wanted at least ${leastMs >= 1_000 ? `${leastMs / 1_000}s` : `${leastMs}ms`}`,
    )
  }
  atLeast(gate.load?.duration, 1_000, ['load', 'duration'])
  atLeast(gate.acceptance?.expires, 60_000, ['acceptance', 'expires'])
  for (const [index, { timeout }] of (gate.commands ?? []).entries())
    atLeast(timeout, 1, ['commands', index, 'timeout'])
}

/** Without members nobody could ever approve, and the pull request would wait for ever. */
function acceptanceRules(input: ConfigInput, { gate, report }: { gate: GateInput; report: Report }): void {
  if (gate.required === false || gate.skip !== undefined) return
  const role = gate.acceptance?.role ?? defaults.acceptance.role
  const quorum = gate.acceptance?.quorum ?? defaults.acceptance.quorum
  const members = new Set(input.roles?.[role]).size
  if (members >= quorum) return
  const found = members === 0 ? 'found nobody' : `found ${members}`
  report(
    input.roles?.[role] === undefined ? ['gates', 'acceptance'] : ['roles', role],
    `${found} in roles.${role}, wanted at least ${quorum}, because the gate acceptance is required`,
  )
}
