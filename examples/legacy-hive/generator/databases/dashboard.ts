import type { DatabaseDefinition } from '../builder.ts'
import { momentMs, pythonLocal, sqliteUtc } from '../times.ts'
import { agentNames, paragraph, sentence } from '../words.ts'

/** The prompts of the dashboard: long texts, two ways of writing a time, reviews of prompts that were replaced. */
export const prompts: DatabaseDefinition = {
  path: 'dashboard/prompts.db',
  journal: 'delete',
  build: ({ random, rows, run, insert }) => {
    run(`
      CREATE TABLE prompts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        agent_name VARCHAR(20) NOT NULL,
        prompt_text TEXT NOT NULL,
        response TEXT,
        success BOOLEAN DEFAULT FALSE,
        timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
      );
      CREATE TABLE prompt_reviews (
        prompt_id INTEGER NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
        reviewer TEXT NOT NULL,
        stars INTEGER CHECK (stars BETWEEN 1 AND 5),
        remark TEXT,
        reviewed_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now')),
        UNIQUE (prompt_id, reviewer)
      );
      CREATE VIEW prompt_success AS
        SELECT agent_name, avg(success) AS rate, GROUP_CONCAT(DISTINCT date(timestamp)) AS days
        FROM prompts GROUP BY agent_name;
    `)
    const count = rows(0.03)
    insert({
      table: 'prompts',
      columns: ['agent_name', 'prompt_text', 'response', 'success', 'timestamp'],
      count,
      row: (index) => [
        random.pick(agentNames),
        paragraph(random),
        random.chance(0.1) ? null : paragraph(random),
        random.int(0, 1),
        sqliteUtc(momentMs(random, index, count)),
      ],
    })
    const review = (reviews: number, promptId: (index: number) => number): void =>
      insert({
        table: 'prompt_reviews',
        columns: ['prompt_id', 'reviewer', 'stars', 'remark', 'reviewed_at'],
        count: reviews,
        row: (index) => [
          promptId(index),
          random.pick(agentNames),
          random.int(1, 5),
          random.chance(0.5) ? null : sentence(random),
          pythonLocal(momentMs(random, index, reviews), random),
        ],
      })
    review(Math.floor(count / 2), (index) => index + 1)
    review(4, (index) => 5_000_000 + index)
  },
}
