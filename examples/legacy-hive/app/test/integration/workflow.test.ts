import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { danglingDependencies, dealTasks, hasCycle, startableTasks } from '../../src/coordination.ts'
import { readWorkflow } from '../../src/workflow-store.ts'
import type { WorkflowSnapshot } from '../../src/workflow-store.ts'
import { copyDatabase } from '../support/database-copy.ts'
import type { DatabaseCopy } from '../support/database-copy.ts'

void describe('the workflow of the hive', () => {
  let copy: DatabaseCopy
  let workflow: WorkflowSnapshot

  before(() => {
    copy = copyDatabase('workflow.db')
    workflow = readWorkflow(copy.path)
  })

  after(() => copy.remove())

  void test('has no tasks that wait for each other', () => {
    equal(hasCycle(workflow.dependencies), false)
  })

  void test('has the eight dependencies on removed tasks that hive.yml accepts', () => {
    equal(danglingDependencies(workflow.tasks, workflow.dependencies).length, 8)
  })

  void test('starts only what waits for done tasks, and deals it out', () => {
    const startable = startableTasks(workflow.tasks, workflow.dependencies)
    const done = new Set(workflow.tasks.filter(({ state }) => state === 'done').map(({ id }) => id))
    const held = workflow.dependencies.filter(({ kind, taskId }) => kind !== 'soft' && startable.includes(taskId))
    ok(startable.length > 0)
    deepEqual(
      held.filter(({ dependsOn }) => !done.has(dependsOn)),
      [],
    )
    const { dealt, undealt } = dealTasks(startable, [{ name: 'worker-1', capacity: 1_000_000 }])
    deepEqual([dealt.size, undealt.length], [startable.length, 0])
  })
})
