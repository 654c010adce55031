import type { DatabaseDefinition } from '../builder.ts'
import { epochSeconds, momentMs, pythonUtc } from '../times.ts'
import { agentNames, jsonText } from '../words.ts'

/** The metrics collector: epoch seconds as floats, scores that a NUMERIC(10,4) would cut, a unique key with a time. */
export const metrics: DatabaseDefinition = {
  path: 'metrics.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE metrics (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        category TEXT NOT NULL,
        value REAL NOT NULL,
        tags TEXT,
        timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        UNIQUE (name, category, timestamp)
      );
      CREATE TABLE performance_metrics (
        id INTEGER PRIMARY KEY,
        agent TEXT NOT NULL,
        cpu_percent REAL,
        memory_bytes INTEGER,
        latency_ms REAL,
        collected_at REAL NOT NULL
      );
      CREATE INDEX performance_recent ON performance_metrics (collected_at DESC);
    `)
    const count = rows(0.12)
    insert({
      table: 'metrics',
      columns: ['name', 'category', 'value', 'tags', 'timestamp'],
      count,
      row: (index) => [
        `metric_${index % 40}`,
        random.pick(['quality', 'velocity', 'system']),
        random.chance(0.02) ? -0.1 * random.int(1, 9) : random.fraction() * 1_000,
        jsonText(random),
        pythonUtc(momentMs(random, index, count), random),
      ],
    })
    // INSERT OR REPLACE gave replaced rows new ids.
    run('DELETE FROM metrics WHERE id % 50 = 7')
    const samples = rows(0.08)
    insert({
      table: 'performance_metrics',
      columns: ['agent', 'cpu_percent', 'memory_bytes', 'latency_ms', 'collected_at'],
      count: samples,
      row: (index) => [
        random.pick(agentNames),
        random.fraction() * 100,
        random.int(2, 64) * 1_073_741_824 + random.int(0, 1_073_741_823),
        random.chance(0.01) ? null : random.fraction() * 2_500,
        epochSeconds(momentMs(random, index, samples), random),
      ],
    })
  },
}
