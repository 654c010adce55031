import type { Evidence, Finding, Measure, MigrationDocument } from '../evidence/index.ts'
import type { DbCheckModel } from './db-check.ts'
import type { GateReport } from './model.ts'
import { sampleFastLoad, sampleLoad } from './sample-load.fixture.ts'

/** Evidence of an invented run with every verdict, for tests and pictures. The curves are seeded, not measured. */

const sampleCommit = '4f2c1e9b0d3a58c76e41f09ab2d7c85e6f1a3b90'
const configHash = 'c'.repeat(64)
const digest = (seed: number): string =>
  Array.from({ length: 64 }, (_, index) => ((seed * 7 + index * index * 3 + index * seed) % 16).toString(16)).join('')

function result(gate: string, verdict: Evidence['verdict'], parts: Partial<Evidence> & { summary: string }): Evidence {
  return {
    schemaVersion: 1,
    gate,
    verdict,
    commit: sampleCommit,
    baseCommit: '9a0b7d2c4e5f60718293a4b5c6d7e8f901234567',
    baseRef: 'main',
    testedTree: 'd'.repeat(40),
    event: 'local',
    configHash,
    startedAt: '2026-11-22T09:15:00.000Z',
    durationMs: 1_000,
    environment: { node: '24.21.0', os: 'Debian 12, 2 cores, 8 GB' },
    measures: [],
    findings: [],
    artifacts: [],
    ...parts,
  }
}

const slowInsert: Finding = {
  code: 'HIVE_PERFORMANCE_P95',
  severity: 'error',
  message: 'p95 of durable writes is 61.4 ms [58.9, 64.0], above the target of 50 ms',
  hint: 'the slow part is INSERT INTO messages; see its plan with npx agent-hive gate performance',
  location: { path: 'src/store.ts', startLine: 88, endLine: 94 },
  data: { p95Ms: 61.4 },
}

export const slowWrite: Measure = {
  name: 'p95 write',
  unit: 'ms',
  value: 61.4,
  target: { op: '<', value: 50 },
  interval: [58.9, 64],
  baseline: 44.2,
}

export const sampleResults = {
  codeQuality: result('code-quality', 'pass', {
    summary: '212 tests, 0 failed, 0 skipped',
    durationMs: 14_100,
    measures: [
      { name: 'tests', unit: 'tests', value: 212 },
      { name: 'failed tests', unit: 'tests', value: 0, target: { op: '==', value: 0 } },
      { name: 'line coverage', unit: '%', value: 91.4, target: { op: '>=', value: 85 }, baseline: 90.9 },
    ],
    artifacts: [
      { name: 'JUnit of npm test', path: 'code-quality/junit.xml', mediaType: 'application/xml', sha256: digest(3) },
    ],
  }),
  migration: result('migration', 'pass', {
    summary: '8 databases, 184,220 rows, every value proved; 12 orphans, 2 views accepted in hive.yml',
    durationMs: 9_240,
    environment: { node: '24.21.0', postgresql: '18.4 (embedded)', sqlite: '3.51.0', os: 'Debian 12, 2 cores, 8 GB' },
    measures: [
      { name: 'rows proved', unit: 'rows', value: 184_220, target: { op: '>=', value: 184_220 } },
      { name: 'values proved', unit: 'values', value: 1_842_311 },
      { name: 'differences', unit: 'values', value: 0, target: { op: '==', value: 0 } },
      { name: 'copy', unit: 'rows/s', value: 412_380, baseline: 405_110 },
    ],
    findings: [
      {
        code: 'HIVE_ORPHANS_ACCEPTED',
        severity: 'note',
        message: 'messages.chat_file.chat_id: 12 rows have no parent; accepted as "archived chats, #41 asks @octocat"',
        location: { path: 'hive.yml', startLine: 61 },
      },
    ],
    artifacts: [
      { name: 'migration.json', path: 'migration/migration.json', mediaType: 'application/json', sha256: digest(5) },
    ],
  }),
  protocol: result('protocol', 'error', {
    summary: 'could not start Redis: redis-server is not on PATH, wanted 7.0 or newer',
    durationMs: 310,
    findings: [
      {
        code: 'HIVE_REDIS_MISSING',
        severity: 'error',
        message: 'could not start Redis: redis-server is not on PATH, wanted 7.0 or newer',
        hint: 'install it (apt-get install redis-server) or set HIVE_REDIS_URL',
      },
    ],
  }),
  integration: result('integration', 'skipped', {
    summary: 'skipped: no scenario is written before phase 2',
    durationMs: 0,
  }),
  performance: result('performance', 'fail', {
    summary: 'p95 write 61.4 ms [58.9, 64.0], target < 50 ms; 1,098 messages/s delivered, target > 1,000',
    durationMs: 48_300,
    environment: {
      k6: '2.0.1',
      postgresql: '18.4 (embedded)',
      redis: '7.0.15',
      node: '24.21.0',
      os: 'Debian 12, 2 cores, 8 GB',
    },
    measures: [
      slowWrite,
      {
        name: 'delivered',
        unit: 'messages/s',
        value: 1_098,
        target: { op: '>', value: 1_000 },
        interval: [1_071, 1_120],
        baseline: 1_104,
      },
      { name: 'failed requests', unit: 'requests', value: 0, target: { op: '==', value: 0 } },
      { name: 'p99 write', unit: 'ms', value: 88.2, baseline: 63 },
    ],
    findings: [
      slowInsert,
      {
        code: 'HIVE_LOAD_NOISY',
        severity: 'warning',
        message: 'CPU steal was 3.1 % in 2 of 30 windows; they are left out',
      },
    ],
    artifacts: [{ name: 'load.json', path: 'performance/load.json', mediaType: 'application/json', sha256: digest(8) }],
  }),
  chaos: result('chaos', 'undecided', {
    summary: '0 of 200 kills lost a message; 50 Redis kills not run: time limit of 5 min reached',
    durationMs: 300_000,
    measures: [
      { name: 'lost messages', unit: 'messages', value: 0, target: { op: '<', value: 1 }, interval: [0, 3.7] },
    ],
  }),
} as const satisfies Record<string, Evidence>

const databases = [
  ['agents.db', 5, 1_204, 0],
  ['.claude/accountability.db', 8, 20_411, 0],
  ['.claude/state/events.db', 3, 61_870, 0],
  ['.claude/state/tasks.db', 6, 9_112, 12],
  ['dashboard/prompts.db', 2, 318, 0],
  ['conversations.db', 4, 71_002, 0],
  ['metrics.db', 5, 18_220, 0],
  ['security_audit.db', 3, 2_083, 0],
] as const

export const sampleMigration: MigrationDocument = {
  schemaVersion: 1,
  databases: databases.map(([path, tables, rows, orphans], index) => ({
    path,
    schema: (path.split('/').at(-1) ?? path).replace('.db', ''),
    bytes: rows * 143 + 8_192,
    tables,
    rows,
    rowsProved: rows,
    valuesProved: rows * 10,
    rowsQuarantined: 0,
    differences: 0,
    orphans,
    notCarried: index === 1 ? 2 : 0,
    durationMs: 200 + rows / 60,
    digest: digest(index + 2),
  })),
}

export const sampleReport: GateReport = {
  project: 'example-hive',
  commit: sampleCommit,
  branch: 'feature/pg',
  baseRef: 'main',
  baseCommit: '9a0b7d2c4e5f60718293a4b5c6d7e8f901234567',
  dirty: false,
  startedAt: '2026-11-22T09:15:00.000Z',
  results: Object.values(sampleResults),
  listedOnly: [{ gate: 'acceptance', note: '/approve by the Product Agent' }],
  load: sampleLoad,
  migration: sampleMigration,
  runFolder: '.hive/runs/20261122T091500Z',
  nextSteps: [
    'install Redis 7.0 or newer, or set `HIVE_REDIS_URL`; `npx agent-hive doctor` says what else is missing',
    'the slow part is `INSERT INTO messages` (`src/store.ts:88`)',
  ],
}

const passingPerformance: Evidence = {
  ...sampleResults.performance,
  verdict: 'pass',
  summary: 'p95 write 31.4 ms [30.2, 33.0], target < 50 ms; 1,098 messages/s delivered, target > 1,000',
  measures: [
    { name: 'p95 write', unit: 'ms', value: 31.4, target: { op: '<', value: 50 }, interval: [30.2, 33] },
    {
      name: 'delivered',
      unit: 'messages/s',
      value: 1_098,
      target: { op: '>', value: 1_000 },
      interval: [1_071, 1_120],
    },
  ],
  findings: [],
}

/** Everything that runs here passed; the Product Agent decides. */
export const sampleWaitingReport: GateReport = {
  ...sampleReport,
  load: sampleFastLoad,
  results: [sampleResults.codeQuality, sampleResults.migration, passingPerformance],
  nextSteps: ['push, and ask the Product Agent for `/approve`'],
}

export const sampleDbCheck: DbCheckModel = {
  verdict: 'fail',
  sources: ['app.db'],
  startedAt: '2026-11-22T09:15:00.000Z',
  durationMs: 31_400,
  snapshot: { bytes: 412_000_000, tables: 23, rows: 1_204_611 },
  server: 'PostgreSQL 18.4, private, temporary',
  proof: { rows: 1_204_611, rowsProved: 1_204_606, durationMs: 14_200 },
  decisions: [
    {
      subject: 'users.age',
      problem: "1 × '' in an INTEGER column",
      options: ['null', 'quarantine', 'text'],
      meanwhile: 'kept, as text',
    },
    {
      subject: 'chat_file.chat_id',
      problem: '4 orphans',
      options: ['keep', 'null', 'quarantine'],
      meanwhile: 'kept, key not validated',
    },
    { subject: 'events.created_at', problem: 'no time zone', options: ['zone'], meanwhile: 'kept, as timestamp' },
  ],
  notCarried: [
    {
      kind: 'view',
      name: 'daily_totals',
      reason: 'uses julianday()',
      suggestion: 'rewrite with date arithmetic of PostgreSQL',
    },
    {
      kind: 'virtual table',
      name: 'docs_fts',
      reason: 'FTS5 is an extension of SQLite',
      suggestion: 'a tsvector column with a GIN index',
    },
  ],
  databases: {
    schemaVersion: 1,
    databases: [
      {
        path: 'app.db',
        schema: 'public',
        bytes: 412_000_000,
        tables: 23,
        rows: 1_204_611,
        rowsProved: 1_204_606,
        valuesProved: 9_636_848,
        rowsQuarantined: 5,
        differences: 0,
        orphans: 4,
        notCarried: 2,
        durationMs: 14_200,
        digest: digest(9),
      },
    ],
  },
  wrote: ['hive-decisions.yml', 'hive-report.html'],
  next: 'npx agent-hive db copy app.db --to postgresql://… --decisions hive-decisions.yml',
}
