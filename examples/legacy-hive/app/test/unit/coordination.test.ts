import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { danglingDependencies, dealTasks, hasCycle, startableTasks } from '../../src/coordination.ts'
import type { Dependency, Task } from '../../src/coordination.ts'

const tasks: readonly Task[] = [
  { id: 1, state: 'done' },
  { id: 2, state: 'waiting' },
  { id: 3, state: 'ready' },
  { id: 4, state: 'running' },
]

function blocking(taskId: number, dependsOn: number): Dependency {
  return { taskId, dependsOn, kind: 'blocking' }
}

void describe('startableTasks', () => {
  void test('starts what waits for done tasks only', () => {
    deepEqual(startableTasks(tasks, [blocking(2, 1), blocking(3, 4)]), [2])
  })

  void test('does not wait for soft dependencies', () => {
    deepEqual(startableTasks(tasks, [{ taskId: 3, dependsOn: 4, kind: 'soft' }]), [2, 3])
  })

  void test('holds back what depends on a task that is gone', () => {
    deepEqual(startableTasks(tasks, [blocking(2, 99)]), [3])
  })
})

void describe('danglingDependencies', () => {
  void test('finds both ends', () => {
    deepEqual(danglingDependencies(tasks, [blocking(2, 1), blocking(2, 99), blocking(98, 1)]), [
      blocking(2, 99),
      blocking(98, 1),
    ])
  })
})

void describe('hasCycle', () => {
  void test('is false for a diamond', () => {
    equal(hasCycle([blocking(2, 1), blocking(3, 1), blocking(4, 2), blocking(4, 3)]), false)
  })

  void test('is true for a ring and for a task that waits for itself', () => {
    equal(hasCycle([blocking(1, 2), blocking(2, 3), blocking(3, 1)]), true)
    equal(hasCycle([blocking(1, 1)]), true)
  })
})

void describe('dealTasks', () => {
  void test('fills the worker with most room first and leaves the rest undealt', () => {
    const { dealt, undealt } = dealTasks(
      [1, 2, 3, 4],
      [
        { name: 'ada', capacity: 1 },
        { name: 'bob', capacity: 2 },
      ],
    )
    deepEqual(
      [...dealt],
      [
        [1, 'bob'],
        [2, 'ada'],
        [3, 'bob'],
      ],
    )
    deepEqual(undealt, [4])
  })

  void test('deals nothing without workers', () => {
    deepEqual(dealTasks([1], []).undealt, [1])
  })
})
