import type { Builder, DatabaseDefinition } from '../builder.ts'
import { momentMs, pythonLocal, sqliteUtc } from '../times.ts'
import { agentNames, jsonText, paragraph, sentence } from '../words.ts'

/** The message table that stood in for a message bus. Its last messages are in the write-ahead log only. */
export const conversations: DatabaseDefinition = {
  path: 'conversations.db',
  journal: 'wal',
  build: (builder) => {
    builder.run(schema)
    threads(builder)
    const count = builder.rows(0.2)
    messages(builder, count, () => `conv-${builder.random.int(1, threadCount(builder))}`)
    messages(builder, 9, () => 'conv-archived')
  },
  late: (builder) => messages(builder, 310, () => `conv-${builder.random.int(1, threadCount(builder))}`),
}

const schema = `
CREATE TABLE conversations (
  conversation_id TEXT PRIMARY KEY,
  topic TEXT,
  participants TEXT DEFAULT '[]',
  open BOOLEAN DEFAULT TRUE,
  started_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE agent_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id TEXT REFERENCES conversations (conversation_id),
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  message_type TEXT DEFAULT 'chat',
  content TEXT NOT NULL,
  metadata TEXT,
  priority INTEGER DEFAULT 2,
  read_status INTEGER DEFAULT 0,
  timestamp TEXT NOT NULL,
  stored_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX messages_unread ON agent_messages (recipient, priority) WHERE read_status = 0;
CREATE INDEX messages_by_conversation ON agent_messages (conversation_id, timestamp);
CREATE VIEW unread_messages AS
  SELECT recipient, count(*) AS unread, max(julianday(stored_at)) AS last FROM agent_messages
  WHERE read_status = 0 GROUP BY recipient;
`

function threadCount({ rows }: Builder): number {
  return rows(0.01)
}

function threads(builder: Builder): void {
  const { random, insert } = builder
  const count = threadCount(builder)
  insert({
    table: 'conversations',
    columns: ['conversation_id', 'topic', 'participants', 'open', 'started_at'],
    count,
    row: (index) => [
      `conv-${index + 1}`,
      sentence(random),
      random.chance(0.1) ? '[]' : `["${random.pick(agentNames)}", "${random.pick(agentNames)}"]`,
      random.int(0, 1),
      sqliteUtc(momentMs(random, index, count)),
    ],
  })
}

function messages({ random, insert }: Builder, count: number, conversation: () => string): void {
  insert({
    table: 'agent_messages',
    columns: [
      'conversation_id',
      'sender',
      'recipient',
      'message_type',
      'content',
      'metadata',
      'priority',
      'read_status',
      'timestamp',
      'stored_at',
    ],
    count,
    row: (index) => {
      const ms = momentMs(random, index, count)
      return [
        conversation(),
        random.pick(agentNames),
        random.pick(agentNames),
        random.pick(['chat', 'task_assignment', 'status_update', 'heartbeat', 'error_report']),
        random.chance(0.1) ? paragraph(random) : sentence(random),
        jsonText(random),
        random.int(1, 4),
        random.int(0, 1),
        pythonLocal(ms, random),
        sqliteUtc(ms),
      ]
    },
  })
}
