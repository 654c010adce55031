import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSourceFiles } from './source-files.ts'

let folder = ''
const files = ['data/a.db', 'data/deep/er/b.db', 'data/.claude/.hive/c.db', '.d.db', 'data/e.sqlite', 'data/.f.db']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-sources-'))
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), '')
  }
  await symlink(join(folder, 'data'), join(folder, 'data/deep/loop'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function found(...patterns: string[]): Promise<string[]> {
  const sources = await findSourceFiles(
    patterns.map((path) => ({ path })),
    folder,
  )
  return sources.map(({ path }) => path.slice(folder.length + 1))
}

test.each([
  ['data/**/*.db', ['data/.claude/.hive/c.db', 'data/.f.db', 'data/a.db', 'data/deep/er/b.db']],
  ['./data/**/*.db', ['data/.claude/.hive/c.db', 'data/.f.db', 'data/a.db', 'data/deep/er/b.db']],
  ['**/*.{db,sqlite}', ['.d.db', ...files.slice(0, 3), 'data/e.sqlite', 'data/.f.db'].sort()],
  ['data/.claude/**/*.db', ['data/.claude/.hive/c.db']],
  ['data/*/.hive/*', ['data/.claude/.hive/c.db']],
  ['data/{.f,a}.db', ['data/.f.db', 'data/a.db']],
  ['data/a.db', ['data/a.db']],
])('finds what %s names, dot folders too, each once', async (pattern, expected) => {
  expect(await found(pattern)).toStrictEqual(expected)
})

test('keeps a file once where two patterns name it', async () => {
  expect(await found('data/a.db', 'data/*.db')).toStrictEqual(['data/a.db', 'data/.f.db'])
})

test.each(['data/*.none', 'nowhere/**/*.db', 'nowhere.db'])('refuses %s, which matches nothing', async (pattern) => {
  await expect(found(pattern)).rejects.toMatchObject({ code: 'HIVE_GATE_NO_SOURCES' })
})
