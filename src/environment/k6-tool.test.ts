import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findK6 } from './k6-tool.ts'
import { findRedisProgram } from './redis-programs.ts'

let base = ''
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hive-tools-test-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

/** A program that says a version; what it is asked with does not matter here. */
async function program(path: string, says: string): Promise<string> {
  await mkdir(join(base, path, '..'), { recursive: true })
  await writeFile(join(base, path), `#!/bin/sh\necho '${says}'\n`)
  await chmod(join(base, path), 0o755)
  return join(base, path)
}

const k6 = (version: string): string => `k6 v${version} (go1.26.8, linux/amd64)`

test('findK6() takes K6_BIN before PATH before .tools', async () => {
  const named = await program('named/k6', k6('2.4.0'))
  await program('path/k6', k6('2.3.0'))
  await program('tools/k6', k6('2.2.0'))
  const toolsFolder = join(base, 'tools')
  const PATH = join(base, 'path')
  expect(await findK6({ env: { K6_BIN: named, PATH }, toolsFolder })).toEqual({
    path: named,
    version: '2.4.0',
    origin: 'K6_BIN',
  })
  expect(await findK6({ env: { PATH }, toolsFolder })).toMatchObject({ version: '2.3.0', origin: 'PATH' })
  expect(await findK6({ env: { PATH: '' }, toolsFolder })).toMatchObject({ version: '2.2.0', origin: '.tools' })
})

test('findK6() passes over another major version on PATH', async () => {
  await program('path/k6', k6('1.8.1'))
  const options = { env: { PATH: join(base, 'path') }, toolsFolder: join(base, 'tools') }
  await expect(findK6(options)).rejects.toMatchObject({ code: 'HIVE_K6_TOO_OLD', exitCode: 2 })
  await program('tools/k6', k6('2.2.0'))
  expect(await findK6(options)).toMatchObject({ origin: '.tools' })
})

test('findK6() says what is wrong with K6_BIN and does not look further', async () => {
  await program('tools/k6', k6('2.2.0'))
  const toolsFolder = join(base, 'tools')
  const broken = await program('broken', 'hello')
  await expect(findK6({ env: { K6_BIN: broken }, toolsFolder })).rejects.toMatchObject({ code: 'HIVE_TOOL_BROKEN' })
  const absent = join(base, 'absent')
  await expect(findK6({ env: { K6_BIN: absent }, toolsFolder })).rejects.toMatchObject({ code: 'HIVE_TOOL_BROKEN' })
})

test('findK6() names the places it looked at, and the command that brings it', async () => {
  const missing = findK6({ env: { PATH: '' }, toolsFolder: join(base, 'tools') })
  await expect(missing).rejects.toMatchObject({ code: 'HIVE_K6_MISSING', hint: expect.stringMatching(/npm run setup/) })
})

test('findRedisProgram() wants 7.0: an older one is passed over, and named when there is no other', async () => {
  await program('path/redis-server', 'Redis server v=6.2.14 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64')
  const options = { env: { PATH: join(base, 'path') }, toolsFolder: join(base, 'tools') }
  await expect(findRedisProgram(options)).rejects.toMatchObject({
    code: 'HIVE_REDIS_TOO_OLD',
    message: expect.stringMatching(/6\.2\.14/),
  })
  await program('tools/redis/bin/redis-server', 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64')
  expect(await findRedisProgram(options)).toMatchObject({ version: '7.0.15', origin: 'tools' })
})

test('findRedisProgram() names the places it looked at', async () => {
  const missing = findRedisProgram({ env: {}, toolsFolder: base })
  await expect(missing).rejects.toMatchObject({
    code: 'HIVE_REDIS_MISSING',
    hint: expect.stringMatching(/apt-get install redis-server/),
  })
})
