import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from './read.ts'

const smallest = 'version: 1\nproject: demo\ngates: { protocol: {} }\n'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-config-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('readConfig() reads the file of the folder', async () => {
  await writeFile(join(folder, 'hive.yml'), smallest)
  expect(await readConfig({ cwd: folder })).toMatchObject({ project: 'demo', path: join(folder, 'hive.yml') })
})

test('readConfig() looks up to the root of the repository and no further', async () => {
  const inner = join(folder, 'repository', 'packages', 'one')
  await mkdir(inner, { recursive: true })
  await writeFile(join(folder, 'hive.yml'), smallest)
  await expect(readConfig({ cwd: inner })).rejects.toMatchObject({
    code: 'HIVE_CONFIG_MISSING',
    data: { folder: inner },
  })
  await mkdir(join(folder, 'repository', '.git'))
  await expect(readConfig({ cwd: inner })).rejects.toMatchObject({ code: 'HIVE_CONFIG_MISSING' })
  await writeFile(join(folder, 'repository', 'hive.yml'), smallest.replace('demo', 'inner'))
  expect(await readConfig({ cwd: inner })).toMatchObject({ project: 'inner' })
})

test('readConfig() says what keeps it from reading', async () => {
  await mkdir(join(folder, 'hive.yml'))
  await expect(readConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'HIVE_CONFIG_UNREADABLE',
    message: `could not read ${join(folder, 'hive.yml')}: it is a folder`,
  })
  const readFile = (): Promise<Uint8Array> => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
  await expect(readConfig({ cwd: folder, readFile })).rejects.toMatchObject({
    message: expect.stringContaining('no permission') as string,
  })
})

test('readConfig() refuses what is too large or not UTF-8', async () => {
  await writeFile(join(folder, 'hive.yml'), 'x'.repeat(2 * 1024 * 1024))
  await expect(readConfig({ cwd: folder })).rejects.toMatchObject({ code: 'HIVE_CONFIG_TOO_LARGE', exitCode: 2 })
  await writeFile(
    join(folder, 'hive.yml'),
    Buffer.concat([Buffer.from('version: 1\nproject: '), Buffer.from([0xff, 0xfe])]),
  )
  await expect(readConfig({ cwd: folder })).rejects.toMatchObject({ code: 'HIVE_CONFIG_SYNTAX', data: { line: 2 } })
})
