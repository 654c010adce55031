import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBench, type Bench } from '../support.ts'
import { openApplication } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const shop = {
  sqlite: `
    CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT, name VARCHAR(20), mood TEXT, age INTEGER,
      balance REAL, settings JSON, code CHAR(3), created TIMESTAMP, seen TIMESTAMP, note TEXT);
    INSERT INTO customers VALUES
      (1, 'ada@example.com', 'Ada', 'happy', 36, 12.5, '{"b": 1.0, "a": [true, null, "x"]}', 'abc', '2026-01-02 03:04:05', '2026-01-02 03:04:05.123456', 'x'),
      (2, 'bob@example.com', 'Bob', 'sad', 40000, 7.0, '{}', 'de', '2026-01-02 03:04:05', NULL, NULL),
      (3, 'ADA@example.com', 'A second Ada', 'happy', 1, 0.25, '[]', 'a', '2026-01-02 03:04:05', NULL, NULL),
      (4, NULL, 'No mail', 'happy', 1, 1.0, NULL, NULL, NULL, NULL, NULL),
      (5, 'eve@example.com', 'Eve, whose name is very long', 'happy', 1, 1.0, NULL, NULL, NULL, NULL, NULL),
      (6, 'fay@example.com', 'Fay', 'angry', 1, 1.0, NULL, NULL, NULL, NULL, NULL),
      (7, 'gus@example.com', 'Gus', 'sad', 7, 100.0, NULL, NULL, NULL, NULL, 'x'),
      (8, 'hal@example.com', 'Hal', NULL, 7, 0.1, NULL, 'ab ', NULL, NULL, 'ok');
    INSERT INTO customers (id, email, name, age, balance) VALUES (900, 'z@example.com', 'Zed', -5, 2.0);
    DELETE FROM customers WHERE id = 900;
    INSERT INTO customers (id, email, name, age, balance) VALUES (20, 'neg@example.com', 'Neg', -5, 2.0);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customerId INTEGER, total NUMERIC, placed TEXT);
    INSERT INTO orders VALUES (10, 1, 9.99, 'p'), (11, 2, 1, 'p'), (12, 7, 1.005, 'p'), (13, 99, 5, 'p'), (14, 7, 123456, 'p');
    CREATE TABLE schema_migrations (version TEXT PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')`,
  postgres: `
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
    CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email email NOT NULL, name varchar(20) NOT NULL,
      mood mood, age smallint NOT NULL DEFAULT 1 CHECK (age >= 0), balance numeric(6,2), settings jsonb, code char(3),
      created timestamp NOT NULL DEFAULT now(), seen timestamp(6), shout text GENERATED ALWAYS AS (upper(name)) STORED, note text);
    ALTER TABLE customers ALTER created DROP NOT NULL;
    CREATE UNIQUE INDEX customers_email ON customers (lower(email));
    CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric(8,2), placed text NOT NULL,
      source text NOT NULL DEFAULT 'import');
    CREATE TABLE schema_migrations (version text PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1'), ('2');
    CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.note = 'x' AND NEW.name = 'Gus' THEN RAISE EXCEPTION 'no gus'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER guard BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION guard()`,
}

test('what fits is filled and proved, and every misfit is quarantined for its own reason', async () => {
  const app = await openApplication(bench, shop)
  const copied = await app.hive('db', 'copy', app.path, '--to', app.url)
  expect(copied.stderr).not.toContain('error')
  expect(copied).toMatchObject({ code: 1 })
  expect(await app.query('SELECT id, name, shout, settings, code FROM customers ORDER BY id')).toEqual([
    [1, 'Ada', 'ADA', { a: [true, null, 'x'], b: 1 }, 'abc'],
  ])
  expect(await app.query('SELECT id, customer_id, total::text, source FROM orders')).toEqual([
    [10, 1, '9.99', 'import'],
  ])
  const refused = await app.query(
    `SELECT table_name, row_key, string_agg(column_name, ',' ORDER BY column_name), max(code), max(reason)
       FROM hive.quarantine WHERE code IS NOT NULL GROUP BY 1, 2 ORDER BY 1, row_key::int`,
  )
  expect(refused).toEqual([
    ['customers', '2', 'age', 'HIVE_VALUE_MISFIT', 'age: it is no smallint (by identity)'],
    [
      'customers',
      '3',
      'email',
      'HIVE_VALUE_MISFIT',
      refusedFor('duplicate key value violates unique constraint "customers_email"'),
    ],
    ['customers', '4', 'email', 'HIVE_VALUE_MISFIT', 'email: it is NULL, and the column is NOT NULL'],
    ['customers', '5', 'name', 'HIVE_VALUE_MISFIT', 'name: it is longer than character varying(20)'],
    ['customers', '6', 'mood', 'HIVE_VALUE_MISFIT', 'mood: it is no label of mood'],
    ['customers', '7', everyColumn, 'HIVE_VALUE_MISFIT', refusedFor('no gus')],
    ['customers', '8', 'code', 'HIVE_VALUE_MISFIT', 'code: character(3) does not keep blanks at its end'],
    [
      'customers',
      '20',
      'age',
      'HIVE_VALUE_MISFIT',
      refusedFor('new row for relation "customers" violates check constraint "customers_age_check"'),
    ],
    ['orders', '11', 'customerId', 'HIVE_ORPHAN', refusedFor(parentMissing)],
    ['orders', '12', 'total', 'HIVE_VALUE_MISFIT', 'total: numeric(8,2) would round it'],
    ['orders', '13', 'customerId', 'HIVE_ORPHAN', 'its parent row is not in the target'],
    ['orders', '14', 'customerId', 'HIVE_ORPHAN', refusedFor(parentMissing)],
  ])
  const verified = await app.hive('db', 'verify', app.path, '--to', app.url)
  expect(verified).toMatchObject({ code: 1 })
  expect(verified.stdout).toContain('quarantine public.customers: 8 rows')
  expect(verified.stdout).toContain('proved     2 of 14 rows')
  expect(verified.stdout).not.toContain('differ')
  // The highest id that SQLite ever gave out, although its row is gone.
  expect(await app.query("INSERT INTO customers (email, name) VALUES ('n@x', 'n') RETURNING id")).toEqual([[901]])
  expect(await app.query('SELECT version FROM schema_migrations ORDER BY 1')).toEqual([['1'], ['2']])
  await app.close()
})

const everyColumn = 'age,balance,code,created,email,id,mood,name,note,seen,settings'
const parentMissing = 'insert or update on table "orders" violates foreign key constraint "orders_customer_id_fkey"'

function refusedFor(message: string): string {
  return `PostgreSQL refused it: ${message}`
}
