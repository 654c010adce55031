/** Who may start what: the rules of the workflow coordinator, without its database. */

export type TaskState = 'waiting' | 'ready' | 'running' | 'done' | 'failed'

export interface Task {
  readonly id: number
  readonly state: TaskState
}

export interface Dependency {
  readonly taskId: number
  readonly dependsOn: number
  /** `soft` dependencies only say what would be nice; all others hold a task back. */
  readonly kind: 'blocking' | 'soft' | 'resource' | 'ordering'
}

/** Tasks that wait for nothing any more, in the order of their ids. A dependency on a missing task holds back. */
export function startableTasks(tasks: readonly Task[], dependencies: readonly Dependency[]): readonly number[] {
  const done = new Set(tasks.filter(({ state }) => state === 'done').map(({ id }) => id))
  const heldBack = new Set(
    dependencies.filter(({ kind, dependsOn }) => kind !== 'soft' && !done.has(dependsOn)).map(({ taskId }) => taskId),
  )
  return tasks
    .filter(({ id, state }) => (state === 'waiting' || state === 'ready') && !heldBack.has(id))
    .map(({ id }) => id)
    .sort((a, b) => a - b)
}

/** Dependencies whose task or whose condition is gone: nothing will ever resolve them. */
export function danglingDependencies(
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
): readonly Dependency[] {
  const known = new Set(tasks.map(({ id }) => id))
  return dependencies.filter(({ taskId, dependsOn }) => !known.has(taskId) || !known.has(dependsOn))
}

/** True where some tasks wait for each other. */
export function hasCycle(dependencies: readonly Dependency[]): boolean {
  const open = new Map<number, Set<number>>()
  const dependants = new Map<number, number[]>()
  for (const { taskId, dependsOn } of dependencies) {
    open.set(taskId, (open.get(taskId) ?? new Set()).add(dependsOn))
    dependants.set(dependsOn, [...(dependants.get(dependsOn) ?? []), taskId])
  }
  const free = [...dependants.keys()].filter((id) => !open.has(id))
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    for (const dependant of dependants.get(id) ?? []) {
      const needs = open.get(dependant)
      needs?.delete(id)
      if (needs?.size === 0) {
        open.delete(dependant)
        free.push(dependant)
      }
    }
  }
  return open.size > 0
}

export interface Worker {
  readonly name: string
  readonly capacity: number
}

/** Deals tasks to the workers with most room left; what no worker has room for stays undealt. */
export function dealTasks(
  taskIds: readonly number[],
  workers: readonly Worker[],
): { readonly dealt: ReadonlyMap<number, string>; readonly undealt: readonly number[] } {
  const room = new Map(workers.map(({ name, capacity }) => [name, capacity]))
  const dealt = new Map<number, string>()
  for (const id of taskIds) {
    const [name, left] = [...room].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0] ?? ['', 0]
    if (left <= 0) break
    dealt.set(id, name)
    room.set(name, left - 1)
  }
  return { dealt, undealt: taskIds.filter((id) => !dealt.has(id)) }
}
