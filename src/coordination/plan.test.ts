import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { analysePlan, readyTasks, type PlanTask } from './plan.ts'

const task = (id: string, estimateMs: number, ...needs: string[]): PlanTask => ({ id, estimateMs, needs })

test('analysePlan() orders a plan and finds its critical path and slack', () => {
  const tasks = [task('d', 2, 'b', 'c'), task('a', 3), task('b', 5, 'a'), task('c', 1, 'a')]
  const plan = analysePlan(tasks)
  expect(plan).toMatchObject({ kind: 'plan', durationMs: 10, criticalPath: ['a', 'b', 'd'] })
  const slack =
    plan.kind === 'plan' ? Object.fromEntries(plan.order.map((entry) => [entry.task.id, entry.slackMs])) : {}
  expect(slack).toEqual({ a: 0, b: 0, c: 4, d: 0 })
  expect(readyTasks(tasks, new Set(['a'])).map(({ id }) => id)).toEqual(['b', 'c'])
})

test('analysePlan() names a cycle, and takes an unknown need as met', () => {
  expect(analysePlan([task('x', 1), task('a', 1, 'c'), task('b', 1, 'a'), task('c', 1, 'b')])).toEqual({
    kind: 'cycle',
    cycle: ['a', 'c', 'b', 'a'],
  })
  expect(analysePlan([task('a', 1, 'a')])).toEqual({ kind: 'cycle', cycle: ['a', 'a'] })
  expect(analysePlan([task('a', 1, 'gone')])).toMatchObject({ kind: 'plan', criticalPath: ['a'] })
  expect(analysePlan([])).toMatchObject({ kind: 'plan', criticalPath: [], durationMs: 0 })
})

test('analysePlan() keeps its promises on any acyclic plan', () => {
  const plans = fc.array(fc.tuple(fc.nat(20), fc.array(fc.nat(30), { maxLength: 4 })), { maxLength: 30 })
  let plansSeen = 0
  fc.assert(
    fc.property(plans, (shape) => {
      // Needs point backwards only, so there is no cycle; the list is shuffled by reversing it.
      const tasks = shape.map(([estimateMs, needs], index) =>
        task(`t${index}`, estimateMs, ...needs.filter((need) => need < index).map((need) => `t${need}`)),
      )
      const plan = analysePlan(tasks.toReversed())
      if (plan.kind === 'cycle') return false
      const position = new Map(plan.order.map((entry, index) => [entry.task.id, index]))
      const ordered = plan.order.every((entry, index) =>
        entry.task.needs.every((need) => (position.get(need) ?? 0) < index || need === entry.task.id),
      )
      const chain = plan.criticalPath.map((id) => plan.order.find((entry) => entry.task.id === id))
      const length = chain.reduce((sum, entry) => sum + (entry?.task.estimateMs ?? 0), 0)
      plansSeen += 1
      return (
        ordered &&
        plan.order.length === tasks.length &&
        length === plan.durationMs &&
        chain.every((entry) => entry?.slackMs === 0)
      )
    }),
    { numRuns: 300, seed: 20_261_123 },
  )
  expect(plansSeen).toBe(300)
})
