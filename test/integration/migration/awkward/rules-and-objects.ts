import type { AwkwardCase } from './case.ts'

/** Foreign keys, indexes, rules and everything else that a schema has. */
export const rulesAndObjects: readonly AwkwardCase[] = [
  {
    name: 'foreign keys: composite, cyclic, implicit target, self',
    build: `CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b DEFERRABLE INITIALLY DEFERRED, up INTEGER REFERENCES a (id));
      CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a ON DELETE CASCADE);
      CREATE TABLE p (x INTEGER, y TEXT, PRIMARY KEY (x, y)); CREATE TABLE c (x INTEGER, y TEXT, FOREIGN KEY (x, y) REFERENCES p ON UPDATE SET NULL);
      INSERT INTO a VALUES (1, 1, NULL), (2, 1, 1); INSERT INTO b VALUES (1, 2); INSERT INTO p VALUES (1, 'k'); INSERT INTO c VALUES (1, 'k'), (NULL, 'q')`,
    queries: [
      [
        `SELECT count(*)::int FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE contype = 'f' AND convalidated AND nspname = '{schema}'`,
        4,
      ],
      [
        `SELECT count(*)::int FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE condeferred AND nspname = '{schema}'`,
        1,
      ],
    ],
    refuses: [`INSERT INTO "{schema}".c VALUES (2, 'none')`],
  },
  {
    name: 'orphans stay, and the key holds for new rows',
    build: `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id)); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 7), (3, 8)`,
    pending: ['c.p_id'],
    keys: ['2', '3'],
    orphans: 2,
    refuses: [`INSERT INTO "{schema}".c VALUES (4, 9)`],
  },
  {
    name: 'orphans become NULL by decision',
    build: `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id)); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 7)`,
    decisions: { foreignKeys: { 'c.p_id': 'null' } },
    orphans: 1,
    queries: [[`SELECT count(*)::int FROM "{schema}".c WHERE p_id IS NULL`, 1]],
  },
  {
    name: 'orphans are quarantined by decision',
    build: `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id)); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 7)`,
    decisions: { foreignKeys: { 'c.p_id': 'quarantine' } },
    orphans: 1,
    quarantined: 1,
  },
  {
    name: 'foreign keys that PostgreSQL cannot have',
    build: `CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT); CREATE TABLE c (a TEXT REFERENCES p (id), b INTEGER REFERENCES gone (id), d TEXT REFERENCES p (n));
      INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES ('1', 2, 'x')`,
    notCarried: ['foreign-key c (a) → p', 'foreign-key c (b) → gone', 'foreign-key c (d) → p'],
  },
  {
    name: 'unique without regard to case',
    build: `CREATE TABLE t (a TEXT COLLATE NOCASE UNIQUE); INSERT INTO t VALUES ('Anna'), ('bob'), ('Ä'), ('ä')`,
    notCarried: ['collation t.a'],
    refuses: [`INSERT INTO "{schema}".t VALUES ('ANNA')`],
  },
  {
    name: 'indexes: partial, expression, descending',
    build: `CREATE TABLE t (a TEXT, b INTEGER); CREATE UNIQUE INDEX one_open ON t (a) WHERE b = 1; CREATE INDEX low ON t (lower(a)); CREATE INDEX down ON t (b DESC); CREATE INDEX odd ON t (a) WHERE a LIKE 'x%';
      INSERT INTO t VALUES ('x', 1), ('x', 0), ('x', 0)`,
    notCarried: ['index low', 'index odd'],
    refuses: [`INSERT INTO "{schema}".t VALUES ('x', 1)`],
    queries: [
      [`SELECT indexdef LIKE '%b DESC%' FROM pg_indexes WHERE schemaname = '{schema}' AND indexname = 'down'`, true],
    ],
  },
  {
    name: 'an index key too long for PostgreSQL',
    build: (database) => {
      database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX long_one ON t (a)')
      let text = ''
      for (let index = 0; text.length < 9_000; index += 1) text += (index * 2_654_435_761).toString(36)
      database.prepare('INSERT INTO t (a) VALUES (?)').run(text)
    },
    notCarried: ['index long_one'],
  },
  {
    name: 'CHECKs',
    build: `CREATE TABLE t (s TEXT CHECK (s IN ('open', 'done')), n INTEGER CONSTRAINT positive CHECK (n >= 0 AND n < 100), f BOOLEAN CHECK (f IN (0, 1)), u TEXT CHECK (u GLOB '[a-z]*'), l TEXT CHECK (length(l) <= 3));
      INSERT INTO t VALUES ('open', 1, 1, 'abc', 'äöü')`,
    notCarried: ["check t: u GLOB '[a-z]*'"],
    refuses: [
      `INSERT INTO "{schema}".t (s) VALUES ('other')`,
      `INSERT INTO "{schema}".t (n) VALUES (-1)`,
      `INSERT INTO "{schema}".t (l) VALUES ('abcd')`,
    ],
  },
  {
    name: 'rows that break their own CHECK and NOT NULL',
    build: (database) => {
      database.exec(
        'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0)); PRAGMA ignore_check_constraints = on; INSERT INTO t VALUES (1, -1), (2, 1)',
      )
    },
    notCarried: ['check t: n > 0'],
    refuses: [`INSERT INTO "{schema}".t VALUES (3, -5)`],
  },
  {
    name: 'defaults',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'it''s', b INTEGER DEFAULT -5, c REAL DEFAULT 0.5, d TEXT DEFAULT CURRENT_TIMESTAMP, e TIMESTAMP DEFAULT CURRENT_TIMESTAMP, f INTEGER DEFAULT (abs(-3)), g TEXT DEFAULT (datetime('now')), h BOOLEAN DEFAULT 0)`,
    notCarried: ['default t.f'],
    queries: [
      [`INSERT INTO "{schema}".t DEFAULT VALUES RETURNING a || b || c || h`, "it's-50.5false"],
      [`SELECT d ~ '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$' AND g = d FROM "{schema}".t`, true],
    ],
  },
  {
    name: 'generated columns, views, triggers, comments in DDL',
    build: `CREATE TABLE t ( -- CHECK (nothing)
        a INTEGER /* REFERENCES x */, b INTEGER GENERATED ALWAYS AS (a * 2) STORED, c TEXT AS ('n' || a) VIRTUAL);
      INSERT INTO t (a) VALUES (1), (2); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW broken AS SELECT x FROM nowhere;
      CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END`,
    notCarried: ['generated-column t.b', 'generated-column t.c', 'view broken', 'view v', 'trigger tr'],
  },
  {
    name: 'full-text search, R-Tree, statistics',
    build: `CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x'); CREATE INDEX i ON t (a); ANALYZE;
      CREATE VIRTUAL TABLE f USING fts5 (body); INSERT INTO f VALUES ('hello'); CREATE VIRTUAL TABLE r USING rtree (id, x0, x1)`,
    notCarried: ['virtual-table f', 'virtual-table r'],
  },
  {
    name: 'added and dropped columns',
    build: `CREATE TABLE t (a INTEGER, b TEXT, c TEXT); INSERT INTO t VALUES (1, 'x', 'y'); ALTER TABLE t ADD COLUMN d TEXT DEFAULT 'late'; ALTER TABLE t DROP COLUMN b; INSERT INTO t VALUES (2, 'z', 'new')`,
  },
  {
    name: 'skipped and empty by decision',
    build: `CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('1'); CREATE TABLE b (x TEXT); INSERT INTO b VALUES ('1'); CREATE TABLE c (x TEXT)`,
    decisions: { tables: { a: 'skip', b: 'schema-only' } },
    notCarried: ['table a'],
    queries: [[`SELECT count(*)::int FROM "{schema}".b`, 0]],
  },
  {
    name: 'many columns',
    build: (database) => {
      const names = Array.from({ length: 300 }, (_, index) => `c${index}`)
      database.exec(
        `CREATE TABLE t (${names.join(', ')}); INSERT INTO t VALUES (${names.map((_, index) => (index % 3 === 0 ? index : `'v${index}'`)).join(', ')})`,
      )
    },
  },
]
