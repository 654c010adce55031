import type { Builder, DatabaseDefinition } from '../builder.ts'
import { dateOnly, momentMs, pythonLocal } from '../times.ts'
import { agentNames, pythonJson, sentence } from '../words.ts'

/** Analytics over a backlog file: CHECK lists, a cascade, partial and expression indexes, and views full of SQLite. */
export const backlog: DatabaseDefinition = {
  path: 'backlog.db',
  journal: 'delete',
  build: (builder) => {
    builder.run(schema)
    items(builder)
    history(builder)
    metrics(builder)
    // Deleted again by hand: the sequence stands higher than the highest id.
    builder.run('DELETE FROM backlog_items WHERE id > 20 AND id % 97 = 3')
    builder.run('DELETE FROM item_history WHERE item_id NOT IN (SELECT id FROM backlog_items)')
    orphans(builder)
  },
}

const schema = `
CREATE TABLE backlog_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  description TEXT,
  priority TEXT NOT NULL CHECK (priority IN ('P0', 'P1', 'P2', 'P3')),
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed')),
  estimate_hours REAL CHECK (estimate_hours IS NULL OR estimate_hours >= 0),
  github_issue INTEGER,
  section TEXT,
  created_date TEXT NOT NULL,
  completed_date TEXT,
  UNIQUE (title, priority, section)
);
CREATE TABLE item_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  item_id INTEGER NOT NULL,
  change_type TEXT NOT NULL CHECK (change_type IN ('created', 'completed', 'priority', 'title')),
  old_value TEXT,
  new_value TEXT,
  changed_at TEXT NOT NULL DEFAULT (datetime('now')),
  FOREIGN KEY (item_id) REFERENCES backlog_items (id) ON DELETE CASCADE
);
CREATE TABLE sprint_metrics (
  sprint_date DATE NOT NULL UNIQUE,
  total_items INTEGER NOT NULL DEFAULT 0,
  completed_items INTEGER NOT NULL DEFAULT 0,
  velocity REAL DEFAULT 0,
  notes JSON
);
CREATE INDEX backlog_open ON backlog_items (created_date) WHERE status = 'pending';
CREATE INDEX backlog_title_folded ON backlog_items (lower(title));
CREATE INDEX history_item ON item_history (item_id, changed_at DESC);
CREATE VIEW sprint_progress AS
  SELECT priority, count(*) AS items, round(100.0 * sum(status = 'completed') / count(*), 1) AS percent
  FROM backlog_items GROUP BY priority;
CREATE VIEW actual_hours AS
  SELECT id, title, (julianday(completed_date) - julianday(created_date)) * 24 AS hours
  FROM backlog_items WHERE completed_date IS NOT NULL;
CREATE VIEW priority_history AS
  SELECT item_id, GROUP_CONCAT(old_value || ' > ' || new_value, ', ') AS changes
  FROM item_history WHERE change_type = 'priority' GROUP BY item_id;
`

const priorities = ['P0', 'P1', 'P2', 'P3'] as const
const changes = ['created', 'completed', 'priority', 'title'] as const

function items({ random, rows, insert }: Builder): void {
  const count = rows(0.02)
  insert({
    table: 'backlog_items',
    columns: [
      'title',
      'description',
      'priority',
      'status',
      'estimate_hours',
      'github_issue',
      'section',
      'created_date',
      'completed_date',
    ],
    count,
    row: (index) => {
      const createdMs = momentMs(random, index, count)
      const completed = random.chance(0.6)
      return [
        `${sentence(random)} (${index + 1})`,
        random.chance(0.2) ? null : sentence(random),
        random.pick(priorities),
        completed ? 'completed' : 'pending',
        random.chance(0.1) ? null : random.int(1, 64) / 4,
        random.chance(0.5) ? random.int(1, 900) : null,
        random.chance(0.1) ? null : `Epic ${random.int(1, 9)}`,
        pythonLocal(createdMs, random),
        completed ? pythonLocal(createdMs + random.int(1, 72) * 3_600_000, random) : null,
      ]
    },
  })
}

function history({ random, rows, insert }: Builder): void {
  const count = rows(0.05)
  const parents = rows(0.02)
  insert({
    table: 'item_history',
    columns: ['item_id', 'change_type', 'old_value', 'new_value', 'changed_at'],
    count,
    row: (index) => [
      random.int(1, parents),
      random.pick(changes),
      random.pick([...priorities, null]),
      random.pick(priorities),
      pythonLocal(momentMs(random, index, count), random),
    ],
  })
}

function metrics({ random, insert }: Builder): void {
  insert({
    table: 'sprint_metrics',
    columns: ['sprint_date', 'total_items', 'completed_items', 'velocity', 'notes'],
    count: 33,
    row: (index) => [
      dateOnly(momentMs(random, index, 33)),
      random.int(20, 40),
      random.int(0, 20),
      random.fraction() * 40,
      pythonJson({ lead: random.pick(agentNames), mood: random.int(1, 5) }),
    ],
  })
}

/** History of items that were deleted while nothing enforced the cascade. */
function orphans({ random, insert }: Builder): void {
  insert({
    table: 'item_history',
    columns: ['item_id', 'change_type', 'old_value', 'new_value', 'changed_at'],
    count: 13,
    row: (index) => [9_000_000 + index, 'completed', 'P1', 'P1', pythonLocal(momentMs(random, index, 13), random)],
  })
}
