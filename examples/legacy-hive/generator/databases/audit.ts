import type { DatabaseDefinition } from '../builder.ts'
import { momentMs, pythonLocal, sqliteUtc } from '../times.ts'
import { agentNames, jsonText, sentence } from '../words.ts'

/** Local naive time and UTC in one row, as the audit logger wrote them; an access log without a key. */
export const audit: DatabaseDefinition = {
  path: 'audit_log.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE audit_events (
        event_id TEXT PRIMARY KEY,
        timestamp TIMESTAMP NOT NULL,
        actor TEXT,
        action TEXT NOT NULL,
        details TEXT DEFAULT '{}',
        success BOOLEAN DEFAULT TRUE,
        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
      );
      CREATE TABLE access_log (
        at TEXT,
        path TEXT,
        status INTEGER,
        bytes INTEGER
      );
      CREATE TABLE security_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
        description TEXT,
        resolved INTEGER DEFAULT 0,
        detected_at DATETIME DEFAULT (datetime('now'))
      );
      CREATE INDEX audit_by_actor ON audit_events (actor, timestamp);
      CREATE INDEX security_open ON security_events (severity) WHERE resolved = 0;
      CREATE VIEW audit_by_day AS
        SELECT strftime('%Y-%m-%d', created_at) AS day, count(*) AS events FROM audit_events GROUP BY day;
    `)
    const events = rows(0.12)
    insert({
      table: 'audit_events',
      columns: ['event_id', 'timestamp', 'actor', 'action', 'details', 'success', 'created_at'],
      count: events,
      row: (index) => {
        const ms = momentMs(random, index, events)
        return [
          `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
          pythonLocal(ms, random),
          random.chance(0.02) ? null : random.pick(agentNames),
          random.pick(['login', 'claim', 'commit', 'merge', 'approve', 'deploy']),
          jsonText(random),
          random.int(0, 1),
          sqliteUtc(ms),
        ]
      },
    })
    const accesses = rows(0.08)
    insert({
      table: 'access_log',
      columns: ['at', 'path', 'status', 'bytes'],
      count: accesses,
      row: (index) => [
        sqliteUtc(momentMs(random, index, accesses)),
        `/api/${random.pick(['agents', 'tasks', 'messages', 'metrics'])}/${random.int(1, 500)}`,
        random.pick([200, 200, 200, 201, 204, 400, 404, 500]),
        random.chance(0.05) ? null : random.int(0, 5_000_000_000),
      ],
    })
    const security = rows(0.01)
    insert({
      table: 'security_events',
      columns: ['severity', 'description', 'resolved', 'detected_at'],
      count: security,
      row: (index) => [
        random.pick(['low', 'medium', 'high', 'critical']),
        sentence(random),
        random.int(0, 1),
        sqliteUtc(momentMs(random, index, security)),
      ],
    })
  },
}
