import type { AwkwardCase } from './case.ts'

/** Numbers, booleans, dates and times where nobody expects them. */
export const numbersAndTimes: readonly AwkwardCase[] = [
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
]
