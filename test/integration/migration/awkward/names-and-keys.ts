import type { AwkwardCase } from './case.ts'

const long = 'x'.repeat(70)

/** Names, keys and sequences. */
export const namesAndKeys: readonly AwkwardCase[] = [
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
]
