import type { DatabaseDefinition } from '../builder.ts'
import { epochSeconds, momentMs, sqliteUtc } from '../times.ts'
import { agentNames, jsonText, sentence } from '../words.ts'

/** A key-value store with a composite key, numbers beyond 2^53, and blobs. */
export const memory: DatabaseDefinition = {
  path: '.claude/state/memory.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE memory_entries (
        agent_id TEXT NOT NULL,
        entry_key TEXT NOT NULL,
        value TEXT,
        embedding BLOB,
        importance REAL DEFAULT 0.5,
        pinned BOOL DEFAULT 0,
        access_ns INTEGER,
        updated REAL,
        PRIMARY KEY (agent_id, entry_key)
      );
      CREATE TABLE sessions (
        session_id TEXT PRIMARY KEY,
        label VARCHAR(40),
        token_count INTEGER DEFAULT 0,
        cost NUMERIC(10,4),
        started DATETIME DEFAULT CURRENT_TIMESTAMP
      ) WITHOUT ROWID;
      CREATE INDEX memory_important ON memory_entries (importance DESC) WHERE pinned = 1;
    `)
    const count = rows(0.05)
    insert({
      table: 'memory_entries',
      columns: ['agent_id', 'entry_key', 'value', 'embedding', 'importance', 'pinned', 'access_ns', 'updated'],
      count,
      row: (index) => {
        const ms = momentMs(random, index, count)
        return [
          random.pick(agentNames),
          `fact/${index}`,
          jsonText(random),
          random.chance(0.8) ? null : Uint8Array.from({ length: 16 }, () => random.int(0, 255)),
          random.fraction(),
          random.int(0, 1),
          // Nanoseconds do not fit into a double.
          BigInt(ms) * 1_000_000n + BigInt(random.int(0, 999_999)),
          epochSeconds(ms, random),
        ]
      },
    })
    const sessions = rows(0.01)
    insert({
      table: 'sessions',
      columns: ['session_id', 'label', 'token_count', 'cost', 'started'],
      count: sessions,
      row: (index) => [
        `session-${random.hex(12)}-${index}`,
        // SQLite does not keep to VARCHAR(40).
        `${sentence(random)}, ${sentence(random)}`,
        random.int(0, 2_000_000_000) * 4,
        (random.int(0, 999_999) * 10 + 7) / 1_000_000,
        sqliteUtc(momentMs(random, index, sessions)),
      ],
    })
  },
}
