import { DatabaseSync } from 'node:sqlite'
import type { Dependency, Task, TaskState } from './coordination.ts'

export interface WorkflowSnapshot {
  readonly tasks: readonly Task[]
  readonly dependencies: readonly Dependency[]
}

/** Reads the whole workflow at one moment. */
export function readWorkflow(path: string): WorkflowSnapshot {
  const database = new DatabaseSync(path)
  try {
    database.exec('BEGIN')
    const tasks = database.prepare('SELECT id, state FROM tasks ORDER BY id').all()
    const dependencies = database.prepare('SELECT task_id, depends_on, kind FROM task_dependencies').all()
    return {
      tasks: tasks.map((row) => ({ id: Number(row['id']), state: row['state'] as TaskState })),
      dependencies: dependencies.map((row) => ({
        taskId: Number(row['task_id']),
        dependsOn: Number(row['depends_on']),
        kind: row['kind'] as Dependency['kind'],
      })),
    }
  } finally {
    database.close()
  }
}
