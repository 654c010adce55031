import type { DatabaseDefinition } from '../builder.ts'
import { epochSeconds, momentMs, pythonLocal, sqliteUtc } from '../times.ts'
import { agentNames, jsonText, sentence } from '../words.ts'

/** Health checks: the same table names as elsewhere, other definitions. */
export const health: DatabaseDefinition = {
  path: 'monitoring/health.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE services (
        name TEXT PRIMARY KEY,
        endpoint TEXT,
        enabled BOOLEAN NOT NULL DEFAULT 1,
        last_check TIMESTAMP
      );
      CREATE TABLE performance_metrics (
        metric_id TEXT PRIMARY KEY,
        service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
        p95_ms REAL,
        samples INTEGER,
        window_start DATETIME
      );
      CREATE TABLE alerts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        service TEXT REFERENCES services (name) ON DELETE SET NULL,
        message TEXT,
        acknowledged BOOL DEFAULT FALSE,
        raised_at REAL
      );
    `)
    const names = Array.from({ length: 24 }, (_unused, index) => `service-${index}`)
    insert({
      table: 'services',
      columns: ['name', 'endpoint', 'enabled', 'last_check'],
      count: names.length,
      row: (index) => [
        names[index] ?? null,
        `http://localhost:${8_000 + index}/health`,
        random.int(0, 1),
        random.chance(0.2) ? null : pythonLocal(momentMs(random, index, names.length), random),
      ],
    })
    const windows = rows(0.04)
    const measured = (count: number, service: () => string, prefix: string): void =>
      insert({
        table: 'performance_metrics',
        columns: ['metric_id', 'service', 'p95_ms', 'samples', 'window_start'],
        count,
        row: (index) => [
          `${prefix}${index}`,
          service(),
          random.fraction() * 400,
          random.int(10, 100_000),
          sqliteUtc(momentMs(random, index, count)),
        ],
      })
    measured(windows, () => random.pick(names), 'w')
    measured(6, () => 'service-decommissioned', 'old')
    const alerts = rows(0.01)
    insert({
      table: 'alerts',
      columns: ['service', 'message', 'acknowledged', 'raised_at'],
      count: alerts,
      row: (index) => [
        random.chance(0.1) ? null : random.pick(names),
        sentence(random),
        random.int(0, 1),
        epochSeconds(momentMs(random, index, alerts), random),
      ],
    })
  },
}

/** Security monitoring, with flags of every sort. */
export const security: DatabaseDefinition = {
  path: 'monitoring/security.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE security_events (
        event_id TEXT PRIMARY KEY,
        agent TEXT,
        risk_score REAL,
        blocked BOOLEAN DEFAULT FALSE,
        reviewed INTEGER DEFAULT 0,
        details TEXT,
        timestamp TEXT
      );
      CREATE TABLE rate_limits (
        agent TEXT NOT NULL,
        route TEXT NOT NULL,
        window_s INTEGER NOT NULL,
        remaining INTEGER,
        reset_at INTEGER,
        PRIMARY KEY (agent, route, window_s)
      );
      CREATE INDEX security_risky ON security_events (risk_score) WHERE blocked = 0 AND risk_score > 0.8;
    `)
    const events = rows(0.03)
    insert({
      table: 'security_events',
      columns: ['event_id', 'agent', 'risk_score', 'blocked', 'reviewed', 'details', 'timestamp'],
      count: events,
      row: (index) => [
        // Four writers forgot the id.
        index < 4 ? null : `sec-${random.hex(10)}-${index}`,
        random.pick(agentNames),
        random.fraction(),
        random.chance(0.05) ? null : random.int(0, 1),
        random.int(0, 1),
        jsonText(random),
        pythonLocal(momentMs(random, index, events), random),
      ],
    })
    const routes = ['/claim', '/send', '/status'] as const
    insert({
      table: 'rate_limits',
      columns: ['agent', 'route', 'window_s', 'remaining', 'reset_at'],
      count: agentNames.length * routes.length,
      row: (index) => [
        agentNames[index % agentNames.length] ?? null,
        routes[Math.floor(index / agentNames.length)] ?? null,
        60,
        random.int(0, 600),
        Math.floor(momentMs(random, index, 24) / 1_000),
      ],
    })
  },
}
