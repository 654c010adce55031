import type { DatabaseDefinition } from '../builder.ts'
import { dateOnly, momentMs, pythonLocalSpaced, sqliteUtc } from '../times.ts'
import { agentNames, jsonText, sentence } from '../words.ts'

/** Analytics: the third `performance_metrics`, the fourth `tasks`, dates, counters and scores. */
export const analytics: DatabaseDefinition = {
  path: 'analytics.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE performance_metrics (
        name TEXT NOT NULL,
        category TEXT NOT NULL,
        timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        value REAL,
        UNIQUE (name, category, timestamp)
      );
      CREATE TABLE tasks (
        task_key TEXT PRIMARY KEY,
        agent TEXT,
        opened DATE,
        closed_at DATETIME,
        tokens INTEGER,
        score REAL,
        labels TEXT DEFAULT '[]'
      );
      CREATE TABLE agents (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        available BOOL DEFAULT TRUE
      );
    `)
    const count = rows(0.05)
    insert({
      table: 'performance_metrics',
      columns: ['name', 'category', 'timestamp', 'value'],
      count,
      row: (index) => [
        `${random.pick(['p50', 'p95', 'p99'])}_${index}`,
        random.pick(['read', 'write']),
        pythonLocalSpaced(momentMs(random, index, count), random),
        random.chance(0.02) ? null : random.fraction() * 10 ** random.int(-9, 9),
      ],
    })
    const taskCount = rows(0.02)
    insert({
      table: 'tasks',
      columns: ['task_key', 'agent', 'opened', 'closed_at', 'tokens', 'score', 'labels'],
      count: taskCount,
      row: (index) => {
        const ms = momentMs(random, index, taskCount)
        return [
          `${sentence(random).slice(0, 12).trim()}#${index}`,
          random.pick(agentNames),
          dateOnly(ms),
          random.chance(0.3) ? null : sqliteUtc(ms + 7_200_000),
          BigInt(random.int(1, 2_000_000)) * 10_000_000_019n,
          random.fraction() * 10,
          jsonText(random),
        ]
      },
    })
    insert({
      table: 'agents',
      columns: ['name', 'available'],
      count: agentNames.length,
      row: (index) => [agentNames[index] ?? null, random.int(0, 1)],
    })
  },
}
