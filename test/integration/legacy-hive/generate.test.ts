import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases } from '../../../examples/legacy-hive/generator/databases/index.ts'
import { generateHive } from '../../../examples/legacy-hive/generator/hive.ts'
import { readConfig } from '../../../src/config/index.ts'

const seed = 7
let root: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'legacy-hive-'))
  await generateHive({ seed, totalRows: 2_000, folder: join(root, 'first') })
  await generateHive({ seed, totalRows: 2_000, folder: join(root, 'again') })
  await generateHive({ seed: seed + 1, totalRows: 2_000, folder: join(root, 'other') })
  await generateHive({ seed, totalRows: 9_000, folder: join(root, 'larger') })
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Opens a copy, because opening a write-ahead log may change it. */
function inspect<T>(hive: string, path: string, look: (database: DatabaseSync) => T, suffixes = ['', '-wal']): T {
  const folder = mkdtempSync(join(root, 'copy-'))
  for (const suffix of suffixes) {
    if (existsSync(join(root, hive, path + suffix)))
      cpSync(join(root, hive, path + suffix), join(folder, `copy.db${suffix}`))
  }
  const database = new DatabaseSync(join(folder, 'copy.db'))
  try {
    return look(database)
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

function namesOf(database: DatabaseSync, type: 'table' | 'view' | 'index'): string[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all(type)
    .map(({ name }) => String(name))
}

/** SHA-256 of every value of every table with its storage class, whatever the files look like on disk. */
function digestOf(hive: string, path: string): string {
  return inspect(hive, path, (database) => {
    const hash = createHash('sha256')
    for (const table of namesOf(database, 'table')) {
      const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
      const values = columns
        .map(({ name }) => `typeof("${String(name)}") || quote("${String(name)}")`)
        .join(" || ',' || ")
      for (const row of database.prepare(`SELECT ${values} AS line FROM "${table}" ORDER BY line`).iterate()) {
        hash.update(`${table} ${String(row['line'])}\n`)
      }
    }
    return hash.digest('hex')
  })
}

const paths = databases.map(({ path }) => path)

test('the same seed gives the same rows, another seed others', () => {
  expect(paths).toHaveLength(12)
  for (const path of paths) {
    expect(digestOf('again', path), path).toBe(digestOf('first', path))
    expect(digestOf('other', path), path).not.toBe(digestOf('first', path))
  }
})

test('every database is whole, and the stems of the files differ', () => {
  for (const path of paths) {
    const { integrity_check: integrity } = inspect('first', path, (database) => ({
      ...database.prepare('PRAGMA integrity_check').get(),
    }))
    expect(integrity, path).toBe('ok')
  }
  expect(new Set(paths.map((path) => basename(path))).size).toBe(12)
})

test.each(['first', 'larger', 'other'])(
  'the orphans of the hive "%s" are exactly those that hive.yml accepts',
  async (hive) => {
    const found = paths.flatMap((path) =>
      inspect(hive, path, (database) =>
        database
          .prepare(
            `SELECT c."table" AS child, f."from" AS field, count(*) AS rows FROM pragma_foreign_key_check AS c
           JOIN pragma_foreign_key_list(c."table") AS f ON f.id = c.fkid GROUP BY 1, 2`,
          )
          .all()
          .map(
            ({ child, field, rows }) => `${basename(path, '.db')}.${String(child)}.${String(field)}: ${String(rows)}`,
          ),
      ),
    )
    const { migration } = await readConfig({ cwd: 'examples/legacy-hive' })
    const accepted = migration?.accept.orphans.map(
      (entry) => `${entry.table}.${entry.columns?.join(',') ?? ''}: ${'count' in entry ? entry.count : 'no count'}`,
    )
    expect(found.sort()).toEqual(accepted?.sort())
    const kept = Object.entries(migration?.decisions.foreignKeys ?? {}).map(([key, action]) => `${key} ${action}`)
    expect(kept.sort()).toEqual(found.map((line) => `${line.split(':')[0] ?? ''} keep`))
  },
)

test('every view is accepted by name', async () => {
  const views = paths.flatMap((path) =>
    inspect('first', path, (database) => namesOf(database, 'view').map((name) => `${basename(path, '.db')}.${name}`)),
  )
  const { migration } = await readConfig({ cwd: 'examples/legacy-hive' })
  expect(migration?.accept.notCarried.map(({ object }) => object)).toEqual(expect.arrayContaining(views))
})

test('two databases have rows that only their write-ahead log holds', () => {
  const count = (path: string, table: string, suffixes: string[]): unknown =>
    inspect(
      'first',
      path,
      (database) => database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'],
      suffixes,
    )
  for (const [path, table, late] of [
    ['.claude/state/agent_hive.db', 'agent_communications', 240],
    ['conversations.db', 'agent_messages', 310],
  ] as const) {
    expect(statSync(join(root, 'first', `${path}-wal`)).size).toBeGreaterThan(10_000)
    expect(Number(count(path, table, ['', '-wal'])) - Number(count(path, table, ['']))).toBe(late)
  }
  expect(existsSync(join(root, 'first', '.claude/state/agent_hive.db-shm'))).toBe(true)
  expect(existsSync(join(root, 'first', 'conversations.db-shm'))).toBe(false)
})

describe('the awkward cases of the original', () => {
  const rows = (path: string, sql: string): unknown =>
    inspect('first', path, (database) => database.prepare(`SELECT count(*) AS rows FROM ${sql}`).get()?.['rows'])

  test.each([
    [1, 'T beside a blank', 'accountability', "tasks WHERE deadline LIKE '____-__-__ %'"],
    [1, 'seconds as floats', 'metrics', "performance_metrics WHERE typeof(collected_at) = 'real'"],
    [
      2,
      'local time beside UTC',
      'audit_log',
      'audit_events WHERE substr(timestamp, 12, 2) <> substr(created_at, 12, 2)',
    ],
    [3, 'empty JSON', 'conversations', "agent_messages WHERE metadata = ''"],
    [3, 'JSON that is NULL', 'conversations', 'agent_messages WHERE metadata IS NULL'],
    [4, 'flags', 'memory', "pragma_table_info('memory_entries') WHERE type = 'BOOL'"],
    [5, 'NULL in a primary key', 'agent_hive', 'agents WHERE agent_id IS NULL'],
    [7, 'a sequence above the highest id', 'backlog', "sqlite_sequence WHERE name = 'backlog_items'"],
    [8, 'beyond 53 bits', 'memory', 'memory_entries WHERE access_ns > 9007199254740992'],
    [8, 'more digits than NUMERIC(10,4)', 'memory', 'sessions WHERE cost * 10000 <> round(cost * 10000)'],
    [10, 'partial indexes', 'backlog', "sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'"],
    [10, 'julianday in a view', 'backlog', "sqlite_schema WHERE type = 'view' AND sql LIKE '%julianday%'"],
    [11, 'longer than VARCHAR(40)', 'memory', 'sessions WHERE length(label) > 40'],
  ])('%i: %s', (_case, _name, stem, sql) => {
    const path = paths.find((candidate) => basename(candidate, '.db') === stem) ?? ''
    expect(rows(path, sql)).toBeGreaterThan(0)
  })

  test('9: tables of the same name in several files', () => {
    const tables = paths.flatMap((path) => inspect('first', path, (database) => namesOf(database, 'table')))
    const times = (name: string): number => tables.filter((table) => table === name).length
    expect(
      ['tasks', 'performance_metrics', 'agents', 'metrics', 'decisions', 'services', 'security_events'].map(times),
    ).toEqual([4, 3, 2, 1, 2, 2, 2])
  })
})
