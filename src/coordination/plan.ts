/** One task as the graph sees it. Times are working time in milliseconds. */
export interface PlanTask {
  readonly id: string
  readonly needs: readonly string[]
  readonly estimateMs: number
}

interface ScheduledTask<Task extends PlanTask> {
  readonly task: Task
  /** Earliest start and end, from the beginning of the plan. */
  readonly startMs: number
  readonly endMs: number
  /** How much later it can end without moving the end of the plan. */
  readonly slackMs: number
}

export type PlanAnalysis<Task extends PlanTask> =
  | {
      readonly kind: 'plan'
      /** Every task after what it needs; otherwise in the order of the file. */
      readonly order: readonly ScheduledTask<Task>[]
      /** One longest chain, first task first. */
      readonly criticalPath: readonly string[]
      readonly durationMs: number
    }
  /** `cycle` begins and ends with the same task: `a needs b needs a`. */
  | { readonly kind: 'cycle'; readonly cycle: readonly string[] }

/**
 * Orders a plan and finds its critical path, as if every agent could work on all its tasks at once: a lower bound,
 * and what must not slip. Needs that name no task of the plan are taken as met.
 */
export function analysePlan<Task extends PlanTask>(tasks: readonly Task[]): PlanAnalysis<Task> {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const needsOf = (task: Task): Task[] => task.needs.flatMap((id) => byId.get(id) ?? [])
  const order = topological(tasks, needsOf)
  if (order === undefined) return { kind: 'cycle', cycle: findCycle(tasks, needsOf) }
  const endMs = new Map<string, number>()
  const startMs = new Map<string, number>()
  for (const task of order) {
    const start = Math.max(0, ...needsOf(task).map(({ id }) => endMs.get(id) ?? 0))
    startMs.set(task.id, start)
    endMs.set(task.id, start + task.estimateMs)
  }
  const durationMs = Math.max(0, ...endMs.values())
  const latestEndMs = new Map(order.map(({ id }) => [id, durationMs]))
  for (const task of order.toReversed()) {
    const latestStart = (latestEndMs.get(task.id) ?? durationMs) - task.estimateMs
    for (const { id } of needsOf(task)) latestEndMs.set(id, Math.min(latestEndMs.get(id) ?? durationMs, latestStart))
  }
  const scheduled = order.map((task) => ({
    task,
    startMs: startMs.get(task.id) ?? 0,
    endMs: endMs.get(task.id) ?? 0,
    slackMs: (latestEndMs.get(task.id) ?? 0) - (endMs.get(task.id) ?? 0),
  }))
  return { kind: 'plan', order: scheduled, criticalPath: longestChain(scheduled), durationMs }
}

/** Tasks that can begin now: not done, and everything they need is. */
export function readyTasks<Task extends PlanTask>(tasks: readonly Task[], done: ReadonlySet<string>): readonly Task[] {
  const known = new Set(tasks.map(({ id }) => id))
  return tasks.filter(({ id, needs }) => !done.has(id) && needs.every((need) => done.has(need) || !known.has(need)))
}

function topological<Task extends PlanTask>(
  tasks: readonly Task[],
  needsOf: (task: Task) => Task[],
): Task[] | undefined {
  const open = new Map(tasks.map((task) => [task.id, new Set(needsOf(task).map(({ id }) => id)).size]))
  const dependents = new Map<string, Task[]>()
  for (const task of tasks) {
    for (const id of new Set(needsOf(task).map((need) => need.id))) {
      dependents.set(id, [...(dependents.get(id) ?? []), task])
    }
  }
  const order = tasks.filter(({ id }) => open.get(id) === 0)
  // The list grows while it is walked: what a task frees comes behind it.
  for (const { id } of order) {
    for (const task of dependents.get(id) ?? []) {
      const left = (open.get(task.id) ?? 0) - 1
      open.set(task.id, left)
      if (left === 0) order.push(task)
    }
  }
  return order.length === tasks.length ? order : undefined
}

/** Follows needs from a task that cannot be ordered until one comes again. */
function findCycle<Task extends PlanTask>(tasks: readonly Task[], needsOf: (task: Task) => Task[]): string[] {
  const finished = new Set<string>()
  for (const first of tasks) {
    const path: string[] = []
    const stack = [{ task: first, needs: needsOf(first) }]
    path.push(first.id)
    while (stack.length > 0) {
      const top = stack.at(-1)
      const next = top?.needs.shift()
      if (next === undefined) {
        finished.add(path.pop() ?? '')
        stack.pop()
      } else if (path.includes(next.id)) return [...path.slice(path.indexOf(next.id)), next.id]
      else if (!finished.has(next.id)) {
        path.push(next.id)
        stack.push({ task: next, needs: needsOf(next) })
      }
    }
  }
  return []
}

function longestChain<Task extends PlanTask>(order: readonly ScheduledTask<Task>[]): string[] {
  const byId = new Map(order.map((entry) => [entry.task.id, entry]))
  const last = order.reduce<ScheduledTask<Task> | undefined>(
    (best, entry) => (best === undefined || entry.endMs > best.endMs ? entry : best),
    undefined,
  )
  const chain: string[] = []
  let current = last
  while (current !== undefined) {
    chain.unshift(current.task.id)
    const { task, startMs } = current
    current = task.needs
      .map((id) => byId.get(id))
      .find((need) => need !== undefined && need.endMs === startMs && startMs > 0)
  }
  return chain
}
