import type { Builder, DatabaseDefinition } from '../builder.ts'
import { momentMs, pythonLocal, sqliteUtc } from '../times.ts'
import { agentNames, jsonObject, jsonText, paragraph, sentence } from '../words.ts'

/**
 * The state of the agents: `agents` and `tasks` refer to each other, text keys may be NULL, and the last
 * communications are still in the write-ahead log.
 */
export const agentState: DatabaseDefinition = {
  path: '.claude/state/agent_hive.db',
  journal: 'wal+shm',
  build: (builder) => {
    builder.run(schema)
    agents(builder)
    tasks(builder)
    snapshots(builder)
    communications(builder, builder.rows(0.05))
  },
  late: (builder) => communications(builder, 240),
}

const schema = `
CREATE TABLE agents (
  agent_id TEXT PRIMARY KEY,
  status TEXT NOT NULL,
  current_task_id TEXT REFERENCES tasks (task_id),
  process_id INTEGER,
  is_active BOOLEAN DEFAULT TRUE,
  working_memory TEXT,
  last_heartbeat TEXT,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE tasks (
  task_id TEXT PRIMARY KEY,
  agent_id TEXT REFERENCES agents (agent_id),
  description TEXT NOT NULL,
  status TEXT NOT NULL,
  priority INTEGER DEFAULT 5,
  metadata TEXT DEFAULT '{}',
  created_at TEXT NOT NULL,
  updated_at TEXT
);
CREATE TABLE memory_snapshots (
  snapshot_id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES agents (agent_id),
  snapshot_type TEXT NOT NULL,
  memory_data TEXT NOT NULL,
  size_bytes INTEGER,
  created_at TEXT NOT NULL
);
CREATE TABLE agent_communications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  from_agent TEXT,
  to_agent TEXT NOT NULL,
  message_content TEXT NOT NULL,
  timestamp TEXT NOT NULL,
  delivered BOOLEAN DEFAULT FALSE
);
CREATE INDEX tasks_by_agent ON tasks (agent_id, status);
`

const statuses = ['running', 'sleeping', 'recovering', 'crashed', 'terminated'] as const
const agentCount = 48

function agentId(index: number): string {
  return `${agentNames[index % agentNames.length]}-${String(index).padStart(3, '0')}`
}

function agents({ random, rows, insert }: Builder): void {
  const taskCount = rows(0.03)
  const columns = [
    'agent_id',
    'status',
    'current_task_id',
    'process_id',
    'is_active',
    'working_memory',
    'last_heartbeat',
    'created_at',
  ]
  const row = (id: string | null, task: string | null, index: number) => {
    const seenMs = momentMs(random, index, agentCount)
    return [
      id,
      random.pick(statuses),
      task,
      random.chance(0.3) ? null : random.int(300, 4_194_304),
      random.chance(0.1) ? null : random.int(0, 1),
      jsonText(random),
      pythonLocal(seenMs, random),
      sqliteUtc(seenMs),
    ]
  }
  insert({
    table: 'agents',
    columns,
    count: agentCount,
    row: (index) => row(agentId(index), random.chance(0.4) ? null : `task-${random.int(1, taskCount)}`, index),
  })
  // Two that work on tasks which were cleaned up, and three that registered without a name.
  insert({ table: 'agents', columns, count: 2, row: (index) => row(`retired-${index}`, `task-gone-${index}`, index) })
  insert({ table: 'agents', columns, count: 3, row: (index) => row(null, null, index) })
}

function tasks({ random, rows, insert }: Builder): void {
  const count = rows(0.03)
  const columns = ['task_id', 'agent_id', 'description', 'status', 'priority', 'metadata', 'created_at', 'updated_at']
  const row = (id: string | null, agent: string | null, index: number) => {
    const createdMs = momentMs(random, index, count)
    return [
      id,
      agent,
      paragraph(random),
      random.pick(['pending', 'in_progress', 'completed', 'failed']),
      random.int(1, 10),
      jsonText(random),
      pythonLocal(createdMs, random),
      random.chance(0.2) ? null : sqliteUtc(createdMs + random.int(1, 90) * 60_000),
    ]
  }
  insert({
    table: 'tasks',
    columns,
    count,
    row: (index) => row(`task-${index + 1}`, agentId(random.int(0, agentCount - 1)), index),
  })
  insert({ table: 'tasks', columns, count: 5, row: (index) => row(`task-lost-${index}`, 'agent-that-left', index) })
  insert({ table: 'tasks', columns, count: 2, row: (index) => row(null, null, index) })
}

function snapshots({ random, rows, insert }: Builder): void {
  const count = rows(0.01)
  insert({
    table: 'memory_snapshots',
    columns: ['snapshot_id', 'agent_id', 'snapshot_type', 'memory_data', 'size_bytes', 'created_at'],
    count,
    row: (index) => [
      `${agentId(index % agentCount)}_checkpoint_${index}`,
      agentId(index % agentCount),
      random.pick(['sleep', 'checkpoint', 'crash']),
      jsonObject(random),
      // Beyond 32 bits: the snapshot counts the whole process.
      random.int(1, 40) * 1_073_741_824 + random.int(0, 1_000_000),
      pythonLocal(momentMs(random, index, count), random),
    ],
  })
}

function communications({ random, insert }: Builder, count: number): void {
  insert({
    table: 'agent_communications',
    columns: ['from_agent', 'to_agent', 'message_content', 'timestamp', 'delivered'],
    count,
    row: (index) => [
      random.chance(0.1) ? null : agentId(random.int(0, agentCount - 1)),
      agentId(random.int(0, agentCount - 1)),
      sentence(random),
      pythonLocal(momentMs(random, index, count), random),
      random.int(0, 1),
    ],
  })
}
