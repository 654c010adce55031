import type { DatabaseSync } from 'node:sqlite'
import type { AwkwardCase } from './case.ts'

const uuid = '0b2d7c9a-5f3e-4b1c-8d2a-9e6f7a8b9c0d'
const insertText = (database: DatabaseSync, hex: string): void =>
  database.exec(`INSERT INTO t (a) VALUES (CAST(x'${hex}' AS TEXT))`)

/** Texts, blobs, JSON and UUIDs. */
export const textsAndBytes: readonly AwkwardCase[] = [
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
]
