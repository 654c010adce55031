import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findDatabases } from './find.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-find-'))
  for (const name of ['.hive/deep', 'node_modules/x', 'x/node_modules', '.git']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  for (const name of ['app.data', '.hive/deep/state', 'node_modules/x/tool.db', '.git/tool.db']) {
    const database = new DatabaseSync(join(folder, name))
    database.exec('CREATE TABLE t(a)')
    database.close()
  }
  await writeFile(join(folder, 'notes.db'), 'SQLite format 3 is what this is not')
  await writeFile(join(folder, 'empty.db'), '')
  await writeFile(join(folder, 'short.db'), 'SQLite')
  await symlink(join(folder, 'app.data'), join(folder, 'link.db'))
  await symlink(folder, join(folder, '.hive/loop'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const options = { signal: new AbortController().signal, progress: () => {} }

test('finds databases by content in every folder and says what it left out', async () => {
  const search = await findDatabases(folder, options)
  expect(search).toStrictEqual({
    folder,
    databases: [join(folder, '.hive/deep/state'), join(folder, 'app.data')],
    filesRead: 5,
    foldersNotEntered: { '.git': 1, node_modules: 2 },
    linksNotFollowed: 2,
    unreadable: [],
  })
})

test('finds a database that still lies in its write-ahead log, and no log without a database', async () => {
  const logs = join(folder, 'x')
  const log = Buffer.alloc(32)
  log.writeUInt32BE(0x377f0682)
  await writeFile(join(logs, 'live.db'), '')
  await writeFile(join(logs, 'live.db-wal'), log)
  await writeFile(join(logs, 'gone.db-wal'), log)
  expect((await findDatabases(logs, options)).databases).toStrictEqual([join(logs, 'live.db')])
})

test('names what cannot be read', async () => {
  const search = await findDatabases(join(folder, 'nowhere'), options)
  expect(search).toMatchObject({ databases: [], unreadable: [join(folder, 'nowhere')] })
})
