import type { DatabaseSync } from 'node:sqlite'
import type { Decisions } from '../../../src/migration/index.ts'
import type { Build } from './support.ts'

/** One thing that SQLite permits and a migration must not stumble over. */
export interface AwkwardCase {
  readonly name: string
  readonly build: Build
  readonly decisions?: Decisions
  /** `table.column` → `type conversion` */
  readonly types?: Readonly<Record<string, string>>
  /** `kind name` of what is listed as not carried over: exactly these. */
  readonly notCarried?: readonly string[]
  /** Keys of the decisions that stay open: exactly these. */
  readonly pending?: readonly string[]
  /** Keys of the first rows of the open decisions. */
  readonly keys?: readonly string[]
  readonly orphans?: number
  readonly quarantined?: number
  /** Run in PostgreSQL afterwards; `{schema}` stands for the schema. Each gives one value. */
  readonly queries?: readonly (readonly [string, unknown])[]
  /** SQL that PostgreSQL must refuse afterwards. */
  readonly refuses?: readonly string[]
}

const long = 'x'.repeat(70)
const uuid = '0b2d7c9a-5f3e-4b1c-8d2a-9e6f7a8b9c0d'
const insertText = (database: DatabaseSync, hex: string): void =>
  database.exec(`INSERT INTO t (a) VALUES (CAST(x'${hex}' AS TEXT))`)

export const awkwardCases: readonly AwkwardCase[] = [
  {
    name: 'boolean 0 and 1',
    build: 'CREATE TABLE t (a BOOLEAN DEFAULT TRUE); INSERT INTO t VALUES (0), (1), (NULL)',
    types: { 't.a': 'boolean boolean' },
    queries: [[`SELECT column_default FROM information_schema.columns WHERE table_schema = '{schema}'`, 'true']],
  },
  {
    name: 'boolean with another number',
    build: 'CREATE TABLE t (id INTEGER PRIMARY KEY, a BOOLEAN); INSERT INTO t (a) VALUES (0), (1), (2)',
    types: { 't.a': 'bigint identity' },
    pending: ['t.a'],
    keys: ['3'],
  },
  {
    name: 'ISO timestamps of one writer',
    build: `CREATE TABLE t (a DATETIME, b TIMESTAMP, c TIMESTAMP); INSERT INTO t VALUES
      ('2026-01-31 12:00:00', '2026-01-31T12:00:00.000001', '2026-01-31T12:00:00Z'),
      ('0050-12-31 23:59:59', '2026-01-31T12:00:01', '1999-01-01T00:00:00Z')`,
    types: { 't.a': 'timestamp iso-timestamp', 't.b': 'timestamp iso-timestamp', 't.c': 'timestamptz iso-timestamp' },
    // Naive ones beside zoned ones: the zone is asked for.
    pending: ['timeZone', 'timeZone'],
  },
  {
    name: 'ISO timestamps of two writers',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TIMESTAMP);
      INSERT INTO t (a) VALUES ('2026-01-31 12:00:00'), ('2026-01-31 12:00:00'), ('2026-01-31T12:00:00.5')`,
    types: { 't.a': 'text identity' },
    pending: ['t.a'],
    keys: ['3'],
  },
  {
    name: 'two ways of writing timestamps, decided',
    build: `CREATE TABLE t (a TIMESTAMP); INSERT INTO t VALUES ('2026-01-31 12:00:00'), ('2026-01-31T12:00:00.5')`,
    decisions: { columns: { 't.a': { type: 'timestamp' } } },
    types: { 't.a': 'timestamp iso-timestamp' },
  },
  {
    name: 'impossible dates and times',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a DATETIME, b DATE, c TIME);
      INSERT INTO t (a, b, c) VALUES ('2026-02-30 00:00:00', '2026-02-30', '24:00:00'),
        ('2026-01-01 00:00:60', '0000-00-00', '12:00'), ('2026-01-01', '2026-1-1', '12:00:60')`,
    types: { 't.a': 'text identity', 't.b': 'text identity', 't.c': 'text identity' },
    pending: ['t.a', 't.b', 't.c'],
    keys: ['1', '2', '3', '1', '2', '3', '1', '2', '3'],
  },
  {
    name: 'dates and times',
    build: `CREATE TABLE t (b DATE, c TIME); INSERT INTO t VALUES ('2024-02-29', '23:59:59'), ('0001-01-01', '00:00:00')`,
    types: { 't.b': 'date iso-date', 't.c': 'time iso-time' },
  },
  {
    name: 'epochs in DATETIME',
    build: 'CREATE TABLE t (s DATETIME, ms DATETIME); INSERT INTO t VALUES (1760000000, 1760000000123), (0, 0)',
    types: { 't.s': 'bigint identity', 't.ms': 'bigint identity' },
    pending: ['t.s', 't.ms'],
    keys: ['rowid 1', 'rowid 2', 'rowid 1', 'rowid 2'],
  },
  {
    name: 'epochs in DATETIME, decided',
    build: 'CREATE TABLE t (s DATETIME, ms DATETIME); INSERT INTO t VALUES (1760000000, 1760000000123), (-1, 0)',
    decisions: {
      columns: {
        't.s': { type: 'timestamptz', conversion: 'epoch-s' },
        't.ms': { type: 'timestamptz', conversion: 'epoch-ms' },
      },
    },
    types: { 't.s': 'timestamptz epoch-s', 't.ms': 'timestamptz epoch-ms' },
  },
  {
    name: 'Julian days',
    build: 'CREATE TABLE t (a DATETIME); INSERT INTO t VALUES (2460000.5), (2451544.5)',
    decisions: { columns: { 't.a': { type: 'timestamptz', conversion: 'julian-day' } } },
    types: { 't.a': 'timestamptz julian-day' },
    queries: [[`SELECT min(a) AT TIME ZONE 'UTC' = '2000-01-01' FROM "{schema}".t`, true]],
  },
  {
    name: 'text and empty text in INTEGER',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER); INSERT INTO t (a) VALUES (1), (''), ('n/a')`,
    types: { 't.a': 'text mixed-text' },
    pending: ['t.a'],
    keys: ['2', '3'],
  },
  {
    name: 'empty text in INTEGER becomes NULL by decision',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL); INSERT INTO t (a) VALUES (1), ('')`,
    decisions: { columns: { 't.a': 'null' } },
    types: { 't.a': 'bigint identity' },
    queries: [[`SELECT count(*)::int FROM "{schema}".t WHERE a IS NULL`, 1]],
  },
  {
    name: 'text in INTEGER is quarantined by decision',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b BLOB); INSERT INTO t (a, b) VALUES (1, x'00'), ('two', x'ff00')`,
    decisions: { columns: { 't.a': 'quarantine' } },
    types: { 't.a': 'bigint identity' },
    quarantined: 1,
    queries: [
      [
        `SELECT string_agg(row_key || ':' || column_name || ':' || storage_class || ':' || encode(value, 'hex') || ':' || coalesce(code, '-'), ' ' ORDER BY column_name) FROM hive.quarantine WHERE source LIKE '%{schema}.db'`,
        '2:a:text:74776f:HIVE_VALUE_MISFIT 2:b:blob:ff00:- 2:id:integer:32:-',
      ],
    ],
  },
  {
    name: 'integers at the ends of 64 bits',
    build: `CREATE TABLE t (a INTEGER, b UNSIGNED BIG INT); INSERT INTO t VALUES
      (9223372036854775807, -9223372036854775808), (-9223372036854775808, 9007199254740993), (0, -1)`,
    types: { 't.a': 'bigint identity', 't.b': 'bigint identity' },
  },
  {
    name: 'rowids at the ends of 64 bits',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
      INSERT INTO t VALUES (-9223372036854775808, 'least'), (-256, 'low'), (0, 'zero'), (9223372036854775807, 'most')`,
    types: { 't.id': 'bigint identity' },
  },
  {
    name: 'reals of every kind',
    build: (database) => {
      database.exec('CREATE TABLE t (a REAL)')
      const insert = database.prepare('INSERT INTO t VALUES (?)')
      for (const value of [0.1, -0, 1e300, 5e-324, 1.7976931348623157e308, Infinity, -Infinity, 1, 2 ** 53, NaN]) {
        insert.run(value)
      }
    },
    types: { 't.a': 'double precision identity' },
    queries: [[`SELECT count(*)::int FROM "{schema}".t WHERE a IS NULL`, 1]],
  },
  {
    name: 'minus zero where reals stay reals',
    build: (database) => {
      database.exec('CREATE TABLE t (a)')
      for (const value of [-0.5, -0, 0.5, 3]) database.prepare('INSERT INTO t VALUES (?)').run(value)
    },
    types: { 't.a': 'double precision identity' },
  },
  {
    name: 'integers and reals in one column',
    build: 'CREATE TABLE t (a INTEGER, b, c); INSERT INTO t VALUES (1, 2, 3), (1.5, 2.0, 9e999), (-1e300, 0.1, 1)',
    types: { 't.a': 'numeric decimal', 't.b': 'text mixed-text', 't.c': 'text mixed-text' },
    pending: ['t.a'],
    keys: ['rowid 2', 'rowid 3'],
  },
  {
    name: 'decimals beyond their declaration',
    build:
      'CREATE TABLE t (a DECIMAL(4, 2), b SMALLINT, c NUMERIC); INSERT INTO t VALUES (12345.678, 99999, 1e-7), (1, 1, 12)',
    types: { 't.a': 'numeric decimal', 't.b': 'bigint identity', 't.c': 'numeric decimal' },
  },
  {
    name: 'no number in NUMERIC',
    build: `CREATE TABLE t (a NUMERIC); INSERT INTO t VALUES ('abc'), (1), (1.5)`,
    types: { 't.a': 'text mixed-text' },
    pending: ['t.a'],
    keys: ['rowid 1'],
  },
  {
    name: 'blob, text in BLOB, blob in TEXT',
    build: `CREATE TABLE t (a BLOB, b BLOB, c TEXT); INSERT INTO t VALUES (x'00ff', x'01', 'x'), (x'', 'text', x'ff')`,
    types: { 't.a': 'bytea identity', 't.b': 'bytea mixed-bytea', 't.c': 'bytea mixed-bytea' },
    pending: ['t.b', 't.c'],
    keys: ['rowid 2', 'rowid 2'],
  },
  {
    name: 'every storage class in one column',
    build: `CREATE TABLE t (a); INSERT INTO t VALUES (1), (1.0), ('1'), (x'31'), (NULL), ('')`,
    types: { 't.a': 'bytea mixed-bytea' },
  },
  {
    name: 'NUL in text',
    build: (database) => {
      database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)')
      insertText(database, '610062')
      insertText(database, '6162')
    },
    types: { 't.a': 'bytea mixed-bytea' },
    pending: ['t.a'],
    keys: ['1'],
  },
  {
    name: 'invalid UTF-8, a surrogate, and a real U+FFFD',
    build: (database) => {
      database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)')
      for (const hex of ['61ff', 'eda080', 'efbfbd', '61efbfbd62']) insertText(database, hex)
    },
    types: { 't.a': 'bytea mixed-bytea' },
    pending: ['t.a'],
    keys: ['1', '2'],
  },
  {
    name: 'U+FFFD alone is text',
    build: (database) => {
      database.exec('CREATE TABLE t (a TEXT)')
      insertText(database, 'efbfbd')
      insertText(database, 'f09f9880efbbbf')
    },
    types: { 't.a': 'text identity' },
  },
  {
    name: 'invalid UTF-8 without rowid',
    build: `CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT) WITHOUT ROWID;
      INSERT INTO t VALUES (CAST(x'61ff' AS TEXT), CAST(x'ff' AS TEXT)), ('b', 'c')`,
    types: { 't.k': 'bytea mixed-bytea', 't.a': 'bytea mixed-bytea' },
    pending: ['t.k', 't.a'],
    keys: ['\\x61ff', '\\x61ff'],
  },
  {
    name: 'UTF-16',
    build: `PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT) WITHOUT ROWID;
      INSERT INTO t VALUES ('ä', '😀'), ('z', 'ﬀ'), ('', '')`,
    types: { 't.k': 'text identity', 't.a': 'text identity' },
  },
  {
    name: 'what COPY text would have to escape',
    build: `CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('\\N'), ('\\.'), ('a' || char(9, 10, 13) || 'b'), ('\\\\'), (''), (NULL), (char(8, 12, 27, 127))`,
    types: { 't.a': 'text identity' },
  },
  {
    name: 'varchar longer than declared',
    build: `CREATE TABLE t (a VARCHAR(3), b CHAR(2)); INSERT INTO t VALUES ('abcdef', 'x '), ('a  ', '')`,
    types: { 't.a': 'text identity', 't.b': 'text identity' },
  },
  {
    name: 'JSON with repeated keys, spaces and a NUL escape',
    build: String.raw`CREATE TABLE t (a JSON); INSERT INTO t VALUES ('{"a":1, "a" : 2}'), ('"\u0000"'), ('[1.0,-0]'), (NULL)`,
    types: { 't.a': 'json json' },
  },
  {
    name: 'invalid JSON',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY, a JSON, b TEXT); INSERT INTO t (a, b) VALUES ('{}', '{}'), ('{"a":', '[1'), ('', NULL)`,
    types: { 't.a': 'text identity', 't.b': 'text identity' },
    pending: ['t.a'],
    keys: ['2', '3'],
  },
  {
    name: 'JSON in a key',
    build: `CREATE TABLE t (a JSON UNIQUE); INSERT INTO t VALUES ('{}'), ('[]')`,
    types: { 't.a': 'text identity' },
  },
  {
    name: 'UUIDs as text and as blob',
    build: `CREATE TABLE t (a UUID PRIMARY KEY, b UUID, c UUID); INSERT INTO t VALUES ('${uuid}', x'${uuid.replaceAll('-', '')}', '${uuid.toUpperCase()}')`,
    types: { 't.a': 'uuid uuid-text', 't.b': 'uuid uuid-blob', 't.c': 'text identity' },
    pending: ['t.c'],
    keys: [uuid],
  },
  {
    name: 'strict tables with ANY',
    build: `CREATE TABLE t (a INTEGER, b ANY, c REAL) STRICT; INSERT INTO t VALUES (1, 'x', 1), (2, 2, 0.5)`,
    types: { 't.a': 'bigint identity', 't.b': 'text mixed-text', 't.c': 'double precision identity' },
  },
  {
    name: 'names: case, reserved words, quotes, spaces, empty, system columns',
    build: `CREATE TABLE "Order" ("select" TEXT, "a""b" TEXT, "x y" TEXT, "" TEXT, ctid TEXT, "Größe" TEXT); INSERT INTO "Order" VALUES (1, 2, 3, 4, 5, 6);
      CREATE TABLE "quote""d" (a); INSERT INTO "quote""d" VALUES ('x')`,
    queries: [
      [
        `SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = '{schema}' AND table_name = 'Order'`,
        'select,a"b,x y,column_4,ctid_a6768917,Größe',
      ],
    ],
  },
  {
    name: 'names over 63 bytes that begin alike',
    build: `CREATE TABLE "${long}1" ("${long}a" TEXT, "${long}b" TEXT); INSERT INTO "${long}1" VALUES ('a', 'b');
      CREATE TABLE "${long}2" (a UNIQUE); INSERT INTO "${long}2" VALUES ('c')`,
    queries: [
      [`SELECT count(DISTINCT table_name)::int FROM information_schema.tables WHERE table_schema = '{schema}'`, 2],
    ],
  },
  {
    name: 'names that collide after folding',
    build: 'CREATE TABLE t ("Ä" TEXT, "ä" TEXT); INSERT INTO t VALUES (1, 2)',
    decisions: { names: 'fold' },
    queries: [[`SELECT count(*)::int FROM information_schema.columns WHERE table_schema = '{schema}'`, 2]],
  },
  {
    name: 'an index named like a table',
    build:
      'CREATE TABLE t_a_key (a); CREATE TABLE t (a TEXT UNIQUE, b TEXT); CREATE INDEX t_pkey ON t (b); INSERT INTO t VALUES (1, 2)',
  },
  {
    name: 'rowid key goes on after the highest id ever given',
    build: `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); INSERT INTO t VALUES (5, 'x'), (9, 'y'); DELETE FROM t WHERE id = 9;
      CREATE TABLE empty (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE plain (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO plain VALUES (41, 'z')`,
    queries: [
      [`INSERT INTO "{schema}".t (a) VALUES ('n') RETURNING id::int`, 10],
      [`INSERT INTO "{schema}".empty DEFAULT VALUES RETURNING id::int`, 1],
      [`INSERT INTO "{schema}".plain (a) VALUES ('n') RETURNING id::int`, 42],
    ],
  },
  {
    name: 'odd rows in sqlite_sequence',
    build: (database) => {
      database.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (3);
        INSERT INTO sqlite_sequence VALUES ('t', 'seven'), ('t', 70)`)
    },
    queries: [[`INSERT INTO "{schema}".t DEFAULT VALUES RETURNING id::int`, 71]],
  },
  {
    name: 'keys that are no rowid',
    build: `CREATE TABLE a (id INT PRIMARY KEY, x TEXT); INSERT INTO a VALUES (2, 'b'), (1, 'a');
      CREATE TABLE b (id INTEGER PRIMARY KEY DESC, x TEXT); INSERT INTO b VALUES (2, 'b'), (1, 'a');
      CREATE TABLE c (id INTEGER, x TEXT, PRIMARY KEY (id DESC)); INSERT INTO c VALUES (7, 'b'), (8, 'a');
      CREATE TABLE d (rowid TEXT, oid TEXT, _rowid_ TEXT); INSERT INTO d VALUES ('a', 'b', 'c')`,
  },
  {
    name: 'without rowid, composite key',
    build: `CREATE TABLE t (a TEXT, b INTEGER, c REAL, PRIMARY KEY (b, a)) WITHOUT ROWID; INSERT INTO t VALUES ('x', 2, 0.5), ('ä', 1, 1), ('', 1, 2)`,
    refuses: [`INSERT INTO "{schema}".t VALUES ('x', 2, 1)`],
  },
  {
    name: 'NULL in a primary key',
    build: `CREATE TABLE t (k TEXT PRIMARY KEY, a INTEGER); INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('x', 3)`,
    notCarried: ['primary-key t'],
    refuses: [`INSERT INTO "{schema}".t VALUES ('x', 4)`],
  },
  {
    name: 'keys that differ in their storage class only',
    build: `CREATE TABLE t (k PRIMARY KEY, a INTEGER); INSERT INTO t VALUES (1, 1), ('1', 2), (1.5, 3)`,
    types: { 't.k': 'text mixed-text' },
    notCarried: ['primary-key t (k)'],
  },
  {
    name: 'no key and equal rows',
    build: `CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'x'), (1, 'x'), (1, 'x'), (2, NULL), (2, NULL)`,
  },
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
