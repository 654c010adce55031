import type { ValuePath } from './issue.ts'
import { reportRepeats, reportUnknown } from './report.ts'
import type { Report } from './report.ts'
import type { ConfigInput } from './schema.ts'

type TaskInput = NonNullable<ConfigInput['plan']>['phases'][number]['tasks'][number]

interface PlacedTask {
  readonly task: TaskInput
  readonly path: ValuePath
}

/** Ids are unique over all phases, whatever is named exists, and the needs form no cycle. */
export function planRules(input: ConfigInput, report: Report): void {
  const phases = input.plan?.phases ?? []
  reportRepeats(
    phases.map(({ id }) => id),
    report,
    (index) => ['plan', 'phases', index, 'id'],
  )
  const placed = phases.flatMap(({ tasks }, phase) =>
    tasks.map((task, index): PlacedTask => ({ task, path: ['plan', 'phases', phase, 'tasks', index] })),
  )
  reportRepeats(
    placed.map(({ task }) => task.id),
    report,
    (index) => [...(placed[index]?.path ?? []), 'id'],
  )
  const known = {
    agents: new Set(Object.keys(input.agents ?? {})),
    gates: new Set(Object.keys(input.gates)),
    tasks: new Set(placed.map(({ task }) => task.id)),
  }
  for (const item of placed) taskRules(item, known, report)
  cycleRule(placed, report)
}

interface KnownIds {
  readonly agents: ReadonlySet<string>
  readonly gates: ReadonlySet<string>
  readonly tasks: ReadonlySet<string>
}

function taskRules({ task, path }: PlacedTask, known: KnownIds, report: Report): void {
  const { agent, needs = [], gates = [] } = task
  reportUnknown({ kind: 'agent', name: agent, known: known.agents }, [...path, 'agent'], report)
  for (const [index, name] of needs.entries()) {
    reportUnknown({ kind: 'task', name, known: known.tasks }, [...path, 'needs', index], report)
  }
  for (const [index, name] of gates.entries()) {
    reportUnknown({ kind: 'gate', name, known: known.gates }, [...path, 'gates', index], report)
  }
  reportRepeats(needs, report, (index) => [...path, 'needs', index])
  reportRepeats(gates, report, (index) => [...path, 'gates', index])
}

/**
 * Takes away tasks whose needs are all gone, until none can be taken (Kahn). What is left lies on a cycle or behind
 * one; following the first need that is left from any of them ends in a cycle, which is named.
 */
function cycleRule(placed: readonly PlacedTask[], report: Report): void {
  const byId = new Map(placed.map((item) => [item.task.id, item]))
  const open = new Map(
    [...byId].map(([id, { task }]) => [id, new Set((task.needs ?? []).filter((need) => byId.has(need)))]),
  )
  const dependants = new Map<string, string[]>()
  for (const [id, needs] of open)
    for (const need of needs) {
      const waiting = dependants.get(need)
      if (waiting === undefined) dependants.set(need, [id])
      else waiting.push(id)
    }
  const ready = [...open].filter(([, needs]) => needs.size === 0).map(([id]) => id)
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    open.delete(id)
    for (const dependant of dependants.get(id) ?? []) {
      const needs = open.get(dependant)
      needs?.delete(id)
      if (needs?.size === 0) ready.push(dependant)
    }
  }
  const [start] = open.keys()
  if (start === undefined) return
  const cycle = followCycle(start, open)
  const item = byId.get(cycle[0] ?? start)
  if (item === undefined) return
  const shown = cycle.length > 12 ? [...cycle.slice(0, 11), `${cycle.length - 12} more`, ...cycle.slice(-1)] : cycle
  report([...item.path, 'needs'], `found a cycle, wanted none: ${shown.join(' needs ')}`)
}

/** `[a, b, c, a]`: a needs b, b needs c, c needs a. */
function followCycle(start: string, open: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const order = new Map<string, number>()
  let id: string | undefined = start
  while (id !== undefined && !order.has(id)) {
    order.set(id, order.size)
    id = [...(open.get(id) ?? [])].find((need) => open.has(need))
  }
  if (id === undefined) return [start]
  return [...[...order.keys()].slice(order.get(id)), id]
}
