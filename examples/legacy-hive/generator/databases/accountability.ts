import type { DatabaseDefinition } from '../builder.ts'
import { momentMs, pythonLocal, pythonLocalSpaced } from '../times.ts'
import { agentNames, jsonObject, jsonText, paragraph, sentence } from '../words.ts'

/** Who promised what until when. Evidence refers to tasks that were removed, and decisions have no key. */
export const accountability: DatabaseDefinition = {
  path: '.claude/accountability.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE tasks (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        assigned_to TEXT,
        deadline TIMESTAMP,
        completion REAL DEFAULT 0.0 CHECK (completion BETWEEN 0 AND 100),
        reassignments INTEGER DEFAULT 0,
        escalated BOOLEAN DEFAULT 0
      );
      CREATE TABLE evidence (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_id TEXT NOT NULL REFERENCES tasks (id),
        kind TEXT CHECK (kind IN ('commit', 'files', 'tests', 'pr', 'gates')),
        payload TEXT DEFAULT '[]',
        submitted_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
      );
      CREATE TABLE decisions (
        topic TEXT,
        outcome TEXT,
        decided_by TEXT,
        confidence REAL,
        decided_at TEXT
      );
    `)
    const taskCount = rows(0.01)
    insert({
      table: 'tasks',
      columns: ['id', 'title', 'assigned_to', 'deadline', 'completion', 'reassignments', 'escalated'],
      count: taskCount,
      row: (index) => {
        const ms = momentMs(random, index, taskCount) + 4 * 3_600_000
        return [
          `ACC-${index + 1}`,
          sentence(random),
          random.chance(0.05) ? null : random.pick(agentNames),
          // The same column by two writers: one joins with T, one with a blank.
          random.chance(0.5) ? pythonLocal(ms, random) : pythonLocalSpaced(ms, random),
          random.pick([0, 25, 50, 75, 100]),
          random.int(0, 2),
          random.int(0, 1),
        ]
      },
    })
    const kinds = ['commit', 'files', 'tests', 'pr', 'gates'] as const
    const evidence = (count: number, taskId: (index: number) => string): void =>
      insert({
        table: 'evidence',
        columns: ['task_id', 'kind', 'payload', 'submitted_at'],
        count,
        row: (index) => [
          taskId(index),
          random.pick(kinds),
          random.chance(0.5) ? jsonObject(random) : jsonText(random),
          pythonLocal(momentMs(random, index, count), random),
        ],
      })
    evidence(rows(0.03), () => `ACC-${random.int(1, taskCount)}`)
    evidence(11, (index) => `ACC-removed-${index}`)
    const decisions = rows(0.01)
    insert({
      table: 'decisions',
      columns: ['topic', 'outcome', 'decided_by', 'confidence', 'decided_at'],
      count: decisions,
      row: (index) => [
        sentence(random),
        paragraph(random),
        random.pick(agentNames),
        random.fraction(),
        pythonLocal(momentMs(random, index, decisions), random),
      ],
    })
  },
}
