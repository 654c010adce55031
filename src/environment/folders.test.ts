import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canTraverse, findCacheFolder, isPrivate, makeRunFolder } from './folders.ts'

const own = process.getuid?.() ?? 0
let base = ''
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hive-folders-test-'))
  await chmod(base, 0o755)
})
afterEach(() => rm(base, { recursive: true, force: true }))

test('canTraverse() is false below a folder that others cannot enter', async () => {
  const stranger = { uid: 54_321, gid: 54_321 }
  const inside = join(base, 'closed', 'bin')
  await mkdir(inside, { recursive: true })
  expect(await canTraverse(inside, stranger)).toBe(true)
  await chmod(join(base, 'closed'), 0o700)
  expect(await canTraverse(inside, stranger)).toBe(false)
  expect(await canTraverse(join(base, 'absent'), stranger)).toBe(false)
})

test('isPrivate() refuses what another user could have planted', async () => {
  const folder = join(base, 'cache')
  await mkdir(folder, { mode: 0o755 })
  expect(await isPrivate(folder, own)).toBe(true)
  expect(await isPrivate(folder, own + 1)).toBe(false)
  await chmod(folder, 0o777)
  expect(await isPrivate(folder, own)).toBe(false)
  await chmod(folder, 0o755)
  await symlink(folder, join(base, 'link'))
  expect(await isPrivate(join(base, 'link'), own)).toBe(false)
})

test('findCacheFolder() passes over a planted folder and takes the next', async () => {
  const planted = join(base, '.cache', 'agent-hive')
  await mkdir(planted, { recursive: true })
  await chmod(planted, 0o777)
  const found = await findCacheFolder({ HOME: base, TMPDIR: base }, undefined)
  expect(found).toBe(join(base, `agent-hive-cache-${own}`))
})

test('makeRunFolder() passes over a temporary folder that is absent, or too deep for a socket', async () => {
  for (const TMPDIR of [join(base, 'absent'), join(base, 'deep'.repeat(20))]) {
    const { path } = await makeRunFolder('pg', { env: { TMPDIR } }, undefined)
    await rm(path, { recursive: true })
    expect(path).toMatch(/^(?:\/var)?\/tmp\/hive-pg-/)
  }
})
