import type { DatabaseDefinition } from '../builder.ts'
import { momentMs, pythonLocal, pythonUtc, sqliteUtc } from '../times.ts'
import { agentNames, jsonObject, jsonText, sentence } from '../words.ts'

/** The workflow coordinator: dependencies under a composite key, some of tasks that are gone. */
export const workflow: DatabaseDefinition = {
  path: 'workflow.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE workflows (
        workflow_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        config JSON DEFAULT '{}',
        created TIMESTAMP DEFAULT CURRENT_TIMESTAMP
      );
      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        workflow_id TEXT NOT NULL REFERENCES workflows (workflow_id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'running', 'done', 'failed')),
        retries INTEGER DEFAULT 0,
        result TEXT,
        finished_at TEXT
      );
      CREATE TABLE task_dependencies (
        task_id INTEGER NOT NULL REFERENCES tasks (id),
        depends_on INTEGER NOT NULL REFERENCES tasks (id),
        kind TEXT DEFAULT 'blocking',
        PRIMARY KEY (task_id, depends_on)
      );
      CREATE TABLE services (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT UNIQUE,
        port INTEGER,
        healthy BOOLEAN DEFAULT 0
      );
      CREATE TABLE decisions (
        decision_id TEXT PRIMARY KEY,
        workflow_id TEXT,
        choice TEXT,
        rationale TEXT,
        made_at TIMESTAMP
      );
    `)
    const workflowCount = rows(0.002)
    insert({
      table: 'workflows',
      columns: ['workflow_id', 'name', 'config', 'created'],
      count: workflowCount,
      row: (index) => [
        `wf-${index + 1}`,
        sentence(random),
        random.chance(0.3) ? '{}' : jsonObject(random),
        sqliteUtc(momentMs(random, index, workflowCount)),
      ],
    })
    const taskCount = rows(0.03)
    insert({
      table: 'tasks',
      columns: ['workflow_id', 'name', 'state', 'retries', 'result', 'finished_at'],
      count: taskCount,
      row: (index) => [
        `wf-${random.int(1, workflowCount)}`,
        sentence(random),
        random.pick(['waiting', 'ready', 'running', 'done', 'failed']),
        random.int(0, 3),
        jsonText(random),
        random.chance(0.5) ? pythonUtc(momentMs(random, index, taskCount), random) : null,
      ],
    })
    // Each task waits for an earlier one: no cycle among the rows.
    insert({
      table: 'task_dependencies',
      columns: ['task_id', 'depends_on', 'kind'],
      count: taskCount - 1,
      row: (index) => [index + 2, random.int(1, index + 1), random.pick(['blocking', 'soft', 'resource', 'ordering'])],
    })
    insert({
      table: 'task_dependencies',
      columns: ['task_id', 'depends_on', 'kind'],
      count: 8,
      row: (index) => [index + 1, 7_000_000 + index, 'blocking'],
    })
    insert({
      table: 'services',
      columns: ['name', 'port', 'healthy'],
      count: 12,
      row: (index) => [`worker-${index}`, 9_000 + index, random.int(0, 1)],
    })
    const decisions = rows(0.01)
    insert({
      table: 'decisions',
      columns: ['decision_id', 'workflow_id', 'choice', 'rationale', 'made_at'],
      count: decisions,
      row: (index) => [
        `dec-${index + 1}`,
        random.chance(0.1) ? null : `wf-${random.int(1, workflowCount)}`,
        random.pick(agentNames),
        random.chance(0.2) ? '' : sentence(random),
        pythonLocal(momentMs(random, index, decisions), random),
      ],
    })
  },
}
