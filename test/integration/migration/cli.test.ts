import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyDocumentSchema, planDocumentSchema, verifyDocumentSchema } from '../../../src/migration/index.ts'
import { buildDatabase, openBench, type Bench } from './support.ts'

let bench: Bench
let main: string
beforeAll(async () => {
  bench = await openBench()
  main = join(import.meta.dirname, '../../../src/cli/main.ts')
})
afterAll(() => bench.close())

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command as people do: a process of its own, outside any repository. */
function hive(
  words: readonly string[],
  options: { cwd?: string; started?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd: options.cwd ?? bench.folder,
      env: { ...process.env, HIVE_POSTGRES_URL: bench.server.url, TMPDIR: bench.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...output }))
    options.started?.(child)
  })
}

const clean = `CREATE TABLE agent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, active BOOLEAN);
  INSERT INTO agent (name, active) VALUES ('ada', 1), ('bob', 0);
  CREATE TABLE task (id INTEGER PRIMARY KEY, agent_id INTEGER REFERENCES agent (id), score REAL); INSERT INTO task VALUES (1, 1, 0.5), (2, 2, 1e300)`

test('copy, verify, change one value, verify again', async () => {
  const path = buildDatabase(join(bench.folder, 'clean.db'), clean)
  const before = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const to = ['--to', bench.url, '--schema', 'clean']
  const copied = await hive(['db', 'copy', path, ...to, '--json'])
  expect(copied.stderr).not.toContain(bench.url)
  expect(copied.code).toBe(0)
  expect(copyDocumentSchema.parse(JSON.parse(copied.stdout)).verdict).toBe('pass')
  const verified = await hive(['db', 'verify', path, ...to, '--json'])
  expect(verified.code).toBe(0)
  expect(verifyDocumentSchema.parse(JSON.parse(verified.stdout)).verdict).toBe('pass')

  await bench.query(`UPDATE clean.task SET score = 0.5000000000000001 WHERE id = 1`)
  const changed = await hive(['db', 'verify', path, ...to])
  expect(changed.code).toBe(1)
  expect(changed.stdout).toMatch(/clean\.task: 1 difference/)
  expect(changed.stdout).toMatch(/1 {2}score: 0\.5 → 0\.5000000000000001/)

  const again = await hive(['db', 'copy', path, ...to])
  expect(again).toMatchObject({ code: 2, stdout: '' })
  expect(again.stderr).toContain('HIVE_TARGET_NOT_EMPTY')
  expect(
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  ).toBe(before)
  const password = new URL(bench.url).password
  for (const { stdout, stderr } of [copied, verified, changed, again]) {
    expect(password.length > 0 && (stdout + stderr).includes(password)).toBe(false)
  }
})

test('check needs nothing but the file', async () => {
  const cwd = await mkdtemp(join(bench.folder, 'check-'))
  const path = buildDatabase(join(cwd, 'app.db'), clean)
  const checked = await hive(['db', 'check', 'app.db'], { cwd })
  expect(checked.stderr).not.toContain('error')
  expect(checked.code).toBe(0)
  expect(checked.stdout).toMatch(/proved +4 rows, every value/)
  expect(await readdir(cwd)).toEqual(['app.db', 'hive-report.html'])
  expect(path).toContain(cwd)
})

test('check proposes decisions, keeps what was edited, and obeys it', async () => {
  const cwd = await mkdtemp(join(bench.folder, 'decide-'))
  buildDatabase(
    join(cwd, 'app.db'),
    `CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER); INSERT INTO users VALUES (1, 5), (2, '');
     CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INTEGER REFERENCES p (id)); INSERT INTO c VALUES (9)`,
  )
  const first = await hive(['db', 'check', 'app.db', '--json'], { cwd })
  expect(first.code).toBe(3)
  const document = JSON.parse(first.stdout) as { pending: readonly { key: string; count: number }[]; rollback: unknown }
  expect(document.pending.map(({ key, count }) => [key, count])).toEqual([
    ['users.age', 1],
    ['c.p_id', 1],
  ])
  expect(document.rollback).toEqual({ leftovers: [], sameSchema: true, sameDigests: true })
  const file = join(cwd, 'hive-decisions.yml')
  const proposed = await readFile(file, 'utf8')
  expect(proposed).toMatch(/1 of 2 values is no bigint: 1 integer, 1 text stored \(1 × ''\); rows 2/)

  const decided = proposed.replaceAll(/^#(?!#)/gm, '').replace('"users.age": text', '"users.age": quarantine')
  await writeFile(file, decided)
  const second = await hive(['db', 'check', 'app.db'], { cwd })
  expect(second.code).toBe(1)
  expect(await readFile(file, 'utf8')).toBe(decided)
  await writeFile(file, decided.replace('"users.age": quarantine', '"users.age": null'))
  const third = await hive(['db', 'check', 'app.db'], { cwd })
  expect(third.code).toBe(0)
})

test('plan writes the same files twice', async () => {
  const path = buildDatabase(join(bench.folder, 'plan.db'), clean)
  const out = join(bench.folder, 'plan-out')
  const first = await hive(['db', 'plan', path, '--out', out, '--json'])
  const files = await Promise.all(['plan.json', 'up.sql', 'down.sql'].map((name) => readFile(join(out, name), 'utf8')))
  const second = await hive(['db', 'plan', path, '--out', out])
  expect([first.code, second.code]).toEqual([0, 0])
  expect(planDocumentSchema.parse(JSON.parse(files[0] ?? ''))).toEqual(JSON.parse(first.stdout))
  expect(
    await Promise.all(['plan.json', 'up.sql', 'down.sql'].map((name) => readFile(join(out, name), 'utf8'))),
  ).toEqual(files)
  expect(files[1]).toContain('GENERATED BY DEFAULT AS IDENTITY')
})

test('inspect tells what is stored', async () => {
  const path = buildDatabase(join(bench.folder, 'inspect.db'), clean)
  const inspected = await hive(['db', 'inspect', path])
  expect(inspected.code).toBe(0)
  expect(inspected.stdout).toMatch(/agent {2}2 rows, key id/)
  const json = await hive(['db', 'inspect', path, '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1, sources: [{ tables: [{ rows: 2 }, { rows: 2 }] }] })
})

test('several sources go each to a schema of its own, prefixed where names meet', async () => {
  const folder = await mkdtemp(join(bench.folder, 'many-'))
  const sources = ['alpha.db', 'public.db'].map((name) => buildDatabase(join(folder, name), clean))
  const plan = await hive(['db', 'plan', ...sources, '--json'])
  const schemas = planDocumentSchema.parse(JSON.parse(plan.stdout)).sources.map(({ schema }) => schema)
  expect(schemas).toEqual(['alpha', `${folder.split('/').at(-1) ?? ''}_public`])
})

test('an interrupted copy leaves nothing', async () => {
  const path = buildDatabase(
    join(bench.folder, 'large.db'),
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
     INSERT INTO t SELECT i, 'some text that takes its time ' || i FROM n`,
  )
  const to = ['--to', bench.url, '--schema', 'interrupted']
  const stopped = await hive(['db', 'copy', path, ...to], {
    started: (child) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('copy t')) child.kill('SIGINT')
      })
    },
  })
  expect(stopped.code).toBe(2)
  expect(stopped.stderr).toContain('HIVE_INTERRUPTED')
  expect(await bench.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'interrupted'`)).toEqual([])
  const refused = await hive(['db', 'verify', path, ...to])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('HIVE_TARGET_NO_PLAN')
  expect((await readdir(bench.folder)).filter((name) => name.startsWith('hive-db-'))).toEqual([])
})

const wrong: readonly (readonly [string, readonly string[], string])[] = [
  ['no source', ['db', 'copy', '--to', 'postgresql://x/y'], 'HIVE_USAGE'],
  ['no target', ['db', 'copy', 'clean.db'], 'HIVE_USAGE'],
  ['a target of another kind', ['db', 'copy', 'clean.db', '--to', 'mysql://x/y'], 'HIVE_USAGE'],
  [
    'an unreachable target',
    ['db', 'copy', 'clean.db', '--to', 'postgresql://u:secret-word@127.0.0.1:1/x'],
    'HIVE_TARGET_UNREACHABLE',
  ],
  ['a source twice', ['db', 'plan', 'clean.db', './clean.db'], 'HIVE_USAGE'],
  ['a missing source', ['db', 'inspect', 'nothing.db'], 'HIVE_SOURCE_MISSING'],
  ['a missing decisions file', ['db', 'plan', 'clean.db', '--decisions', 'nothing.yml'], 'HIVE_DECISIONS_FILE'],
  ['decisions about nothing', ['db', 'plan', 'clean.db', '--decisions', 'stray.yml'], 'HIVE_DECISION'],
  ['decisions that are no decisions', ['db', 'plan', 'clean.db', '--decisions', 'odd.yml'], 'HIVE_DECISIONS_FILE'],
  ['an unknown type', ['db', 'plan', 'clean.db', '--decisions', 'type.yml'], 'HIVE_DECISION'],
  ['a reserved schema', ['db', 'plan', 'clean.db', '--schema', 'pg_temp'], 'HIVE_SCHEMA_NAME'],
  [
    'a plan that is none',
    ['db', 'verify', 'clean.db', '--to', 'postgresql://x/y', '--plan', 'odd.yml'],
    'HIVE_PLAN_FILE',
  ],
]

test('wrong words and files end with a code, exit 2 and nothing secret', async () => {
  buildDatabase(join(bench.folder, 'wrong.db'), clean)
  await writeFile(join(bench.folder, 'stray.yml'), 'columns:\n  agent.nothing: text\n')
  await writeFile(join(bench.folder, 'odd.yml'), 'columns: [1]\n')
  await writeFile(join(bench.folder, 'type.yml'), 'columns:\n  agent.name: {type: hstore}\n')
  for (const [name, words, code] of wrong) {
    const ended = await hive(words.map((word) => word.replace('clean.db', 'wrong.db')))
    expect(ended, name).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr, name).toContain(code)
    expect(ended.stderr).not.toContain('secret-word')
  }
}, 120_000)

test('inspects every database that a folder holds, found by content, and says what was left out', async () => {
  const folder = join(bench.folder, 'tree')
  await mkdir(join(folder, '.hive/node_modules'), { recursive: true })
  buildDatabase(join(folder, '.hive/state'), 'CREATE TABLE a(b INTEGER); INSERT INTO a VALUES (1)')
  buildDatabase(join(folder, 'app.data'), 'CREATE TABLE c(d TEXT)')
  await writeFile(join(folder, 'notes.db'), 'no database')
  const found = await hive(['db', 'inspect', '.', '--json'], { cwd: folder })
  expect(found.code).toBe(0)
  expect(JSON.parse(found.stdout)).toMatchObject({
    sources: [{ path: '.hive/state' }, { path: 'app.data' }],
    searches: [{ folder: '.', filesRead: 3, foldersNotEntered: { node_modules: 1 } }],
  })
  const none = await hive(['db', 'inspect', '.'], { cwd: join(folder, '.hive/node_modules') })
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('HIVE_SOURCE_NONE') as string })
})
