/** The numbers from 1 as `n (i)`. */
const upTo = (last: number, first = 1): string =>
  `WITH RECURSIVE n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${last})`

/** Schemas whose rules hold between rows and columns, with more rows than are made up from their profiles. */
export const ruledSchemas: readonly (readonly [name: string, sql: string])[] = [
  [
    'junction',
    `CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id TEXT PRIMARY KEY);
    ${upTo(30)} INSERT INTO a SELECT i FROM n; INSERT INTO b SELECT 'b'||id FROM a;
    CREATE TABLE ab (a_id INTEGER NOT NULL REFERENCES a(id), b_id TEXT NOT NULL REFERENCES b(id), PRIMARY KEY (a_id, b_id)) WITHOUT ROWID; INSERT INTO ab SELECT a.id, b.id FROM a, b WHERE (a.id * 7 + length(b.id)) % 3 = 0;`,
  ],
  [
    'one to one',
    `CREATE TABLE u (id INTEGER PRIMARY KEY, e TEXT UNIQUE COLLATE NOCASE); CREATE TABLE p (u_id INTEGER PRIMARY KEY REFERENCES u(id), x);
    ${upTo(2000)} INSERT INTO u SELECT i, 'M'||i||'@x.org' FROM n; INSERT INTO p SELECT id, id*1.5 FROM u WHERE id % 2 = 0;`,
  ],
  [
    'tree',
    `CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t(id), path TEXT UNIQUE, CHECK (up IS NULL OR up < id)); ${upTo(900)} INSERT INTO t SELECT i, CASE WHEN i > 1 THEN i/2 END, 'p'||i FROM n;`,
  ],
  [
    'checks',
    `CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL CHECK (s IN ('a','b')), n INTEGER CHECK (n BETWEEN 5 AND 10), r REAL CHECK (r > 0 AND r <= 1), j TEXT CHECK (json_valid(j)), l TEXT CHECK (length(l) = 3), k TEXT CHECK (k LIKE 'x_%'), d TEXT CHECK (d GLOB '[0-9]*'), CHECK (n <> 7 OR s = 'a'));
    ${upTo(700)} INSERT INTO t SELECT i, CASE i%2 WHEN 0 THEN 'a' ELSE 'b' END, 5 + (i%3)/2*3, 0.25 + (i%3)*0.25, '{"a":'||i||'}', 'abc', 'xyz', '1x' FROM n;`,
  ],
  [
    'unique checked',
    `CREATE TABLE t (n INTEGER UNIQUE CHECK (n > 1000), s TEXT UNIQUE CHECK (length(s) = 6)); ${upTo(700)} INSERT INTO t SELECT 1000+i*3, printf('%06d', i) FROM n;`,
  ],
  [
    'few values unique',
    `CREATE TABLE t (a INTEGER, b INTEGER, c BOOLEAN, UNIQUE (a, b, c)); ${upTo(63, 0)} INSERT INTO t SELECT i/16, (i/2)%8, i%2 FROM n;`,
  ],
  [
    'strict',
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, b TEXT, c REAL, d BLOB, e ANY) STRICT; ${upTo(500)} INSERT INTO t SELECT i, i, 'x'||i, i*0.5, zeroblob(i%7), i FROM n;`,
  ],
  [
    'negative and huge keys',
    `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE); ${upTo(1000)} INSERT INTO t SELECT -i, 4611686018427387904 + i FROM n; CREATE TABLE s (t INTEGER UNIQUE); INSERT INTO s SELECT 1700000000000000000 + id * 1000000007 FROM t;`,
  ],
  [
    'composite foreign key',
    `CREATE TABLE p (x INTEGER, y TEXT, z, PRIMARY KEY (x, y)); ${upTo(1000)} INSERT INTO p SELECT i%50, 'y'||(i/50), i FROM n; CREATE TABLE c (id INTEGER PRIMARY KEY, x INTEGER, y TEXT, FOREIGN KEY (x, y) REFERENCES p ON DELETE CASCADE); INSERT INTO c SELECT z, x, CASE WHEN z%10=0 THEN NULL WHEN z < 6 THEN 'none' ELSE y END FROM p;`,
  ],
  [
    'cycle',
    `CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER NOT NULL REFERENCES b(id) DEFERRABLE INITIALLY DEFERRED); CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a(id)); ${upTo(600)} INSERT INTO a SELECT i, 601-i FROM n; INSERT INTO b SELECT id, id FROM a;`,
  ],
  [
    'dates unique',
    `CREATE TABLE t (d DATE UNIQUE, at TIMESTAMP UNIQUE, u UUID UNIQUE, tm TIME, j JSON, m DECIMAL(10,2)); ${upTo(800)} INSERT INTO t SELECT date('2020-01-01', '+'||i||' days'), strftime('%Y-%m-%dT%H:%M:%S.123456+00:00', '2020-01-01', '+'||i||' minutes'), lower(printf('%08x-0000-4000-8000-000000000000', i)), '12:00:0'||(i%10), '[1]', i + 0.25 FROM n;`,
  ],
  [
    'generated and keys',
    `CREATE TABLE t (id INTEGER PRIMARY KEY, f TEXT, l TEXT, full TEXT GENERATED ALWAYS AS (f || ' ' || l) STORED, low TEXT AS (lower(f)) VIRTUAL); CREATE UNIQUE INDEX i ON t (full); ${upTo(800)} INSERT INTO t (f, l) SELECT 'f'||i, 'l' FROM n;`,
  ],
  [
    'text keys over ints',
    `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p TEXT REFERENCES p(id)); INSERT INTO p VALUES (1),(2),(3); INSERT INTO c VALUES ('1'),('2'),('x');`,
  ],
]
