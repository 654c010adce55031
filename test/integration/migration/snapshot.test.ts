import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeSnapshot, type Snapshot } from '../../../src/migration/sqlite/snapshot.ts'
import { buildDatabase } from './support.ts'

let folder: string
const children: ChildProcess[] = []
let snapshots = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-snapshot-test-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  await rm(folder, { recursive: true, force: true })
})

async function snapshot(path: string): Promise<Snapshot> {
  snapshots += 1
  const taken = await takeSnapshot(path, {
    folder: join(folder, `snapshot-${snapshots}`),
    signal: new AbortController().signal,
    progress: () => {},
  })
  await taken.sound
  return taken
}

async function hash(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined)
  return bytes === undefined ? undefined : createHash('sha256').update(bytes).digest('hex')
}

async function startWriter(path: string, mode: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'writer.ts'), [path, mode])
  children.push(child)
  await once(child, 'message')
  return child
}

const accounts = `CREATE TABLE account (id INTEGER PRIMARY KEY, amount INTEGER, filler BLOB);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO account SELECT i, 100, zeroblob(500) FROM n`

function total(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  const row = database.prepare('SELECT sum(amount) AS total FROM account').get()
  database.close()
  return Number(row?.['total'])
}

test('an idle source is read and not written', async () => {
  const path = buildDatabase(join(folder, 'a.db'), accounts)
  const before = await hash(path)
  const first = await snapshot(path)
  const second = await snapshot(path)
  expect(await hash(path)).toBe(before)
  expect(second.sha256).toBe(first.sha256)
  expect(total(first.path)).toBe(10_000)
})

for (const mode of ['wal', 'rollback'] as const) {
  test(`a source that is being written (${mode}) gives one moment`, async () => {
    const path = buildDatabase(join(folder, 'busy.db'), accounts)
    await startWriter(path, mode)
    const sums = [await snapshot(path), await snapshot(path), await snapshot(path)].map((taken) => total(taken.path))
    expect(sums).toEqual([10_000, 10_000, 10_000])
  })
}

test('a hot journal is rolled back in a copy, and the source keeps it', async () => {
  const path = buildDatabase(join(folder, 'hot.db'), accounts)
  const child = await startWriter(path, 'crash')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const before = [await hash(path), await hash(`${path}-journal`)]
  expect(before[1]).toBeDefined()
  const taken = await snapshot(path)
  expect(total(taken.path)).toBe(10_000)
  expect([await hash(path), await hash(`${path}-journal`)]).toEqual(before)
})

test('a WAL without its index is read from a copy, in a folder that nobody may write', async () => {
  const path = buildDatabase(join(folder, 'left.db'), accounts)
  const child = await startWriter(path, 'wal')
  child.kill('SIGKILL')
  await once(child, 'exit')
  await rm(`${path}-shm`, { force: true })
  await chmod(folder, 0o500)
  try {
    const before = [await hash(path), await hash(`${path}-wal`)]
    expect(before[1]).toBeDefined()
    const taken = await takeSnapshot(path, {
      folder: await mkdtemp(join(tmpdir(), 'hive-snapshot-out-')),
      signal: new AbortController().signal,
      progress: () => {},
    })
    expect(total(taken.path)).toBe(10_000)
    expect([await hash(path), await hash(`${path}-wal`), await hash(`${path}-shm`)]).toEqual([...before, undefined])
    await rm(join(taken.path, '..'), { recursive: true })
  } finally {
    await chmod(folder, 0o700)
  }
})

const wrongInputs: readonly (readonly [string, string, (path: string) => Promise<unknown>])[] = [
  ['missing', 'HIVE_SOURCE_MISSING', async () => {}],
  ['empty', 'HIVE_SOURCE_EMPTY', (path) => writeFile(path, '')],
  ['no database', 'HIVE_SOURCE_NOT_SQLITE', (path) => writeFile(path, 'id,name\n1,x\n')],
  ['encrypted', 'HIVE_SOURCE_NOT_SQLITE', (path) => writeFile(path, createHash('sha512').update('x').digest())],
  [
    'only a header',
    'HIVE_SOURCE_CORRUPT',
    async (path) => {
      buildDatabase(path, accounts)
      await truncate(path, 60)
    },
  ],
  [
    'truncated',
    'HIVE_SOURCE_CORRUPT',
    async (path) => {
      buildDatabase(path, accounts)
      const { size } = await stat(path)
      await truncate(path, size - 8_192)
    },
  ],
  [
    'damaged',
    'HIVE_SOURCE_CORRUPT',
    async (path) => {
      buildDatabase(path, accounts)
      const bytes = await readFile(path)
      bytes.fill(0xa5, 8_192, 9_000)
      await writeFile(path, bytes)
    },
  ],
]

for (const [name, code, prepare] of wrongInputs) {
  test(`wrong input: ${name}`, async () => {
    const path = join(folder, 'wrong.db')
    await prepare(path)
    const before = await hash(path)
    await expect(snapshot(path)).rejects.toMatchObject({ code, exitCode: 2 })
    expect(await hash(path)).toBe(before)
  })
}

test('wrong input: a folder', async () => {
  await expect(snapshot(folder)).rejects.toMatchObject({ code: 'HIVE_SOURCE_UNREADABLE' })
})

test('wrong input: locked by another process', async () => {
  const path = buildDatabase(join(folder, 'locked.db'), accounts)
  await startWriter(path, 'exclusive')
  await expect(snapshot(path)).rejects.toMatchObject({ code: 'HIVE_SOURCE_LOCKED', exitCode: 2 })
})
