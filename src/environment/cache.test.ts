import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireCached } from './cache.ts'

let cache = ''
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'hive-cache-test-'))
})
afterEach(() => rm(cache, { recursive: true, force: true }))

test('acquireCached() builds once for twenty callers of one process', async () => {
  let builds = 0
  const build = async (folder: string): Promise<void> => {
    builds += 1
    await writeFile(join(folder, 'content'), 'whole')
  }
  const entries = await Promise.all(Array.from({ length: 20 }, () => acquireCached(cache, 'entry', build)))
  expect(new Set(entries)).toEqual(new Set([join(cache, 'entry')]))
  expect(builds).toBe(1)
})

test('acquireCached() gives twenty processes at once one whole entry, and leaves no draft and no lock', async () => {
  const module = fileURLToPath(new URL('./cache.ts', import.meta.url))
  const script = `
    import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
    import { acquireCached } from ${JSON.stringify(module)}
    const entry = await acquireCached(process.argv[1], 'entry', async (folder) => {
      appendFileSync(process.argv[1] + '/builds.log', 'x')
      writeFileSync(folder + '/first', 'half')
      await new Promise((resolve) => setTimeout(resolve, 30))
      writeFileSync(folder + '/second', 'whole')
    })
    process.stdout.write(readFileSync(entry + '/second', 'utf8'))`
  const outputs = await Promise.all(Array.from({ length: 20 }, () => runScript(script, cache)))
  expect(outputs).toEqual(Array.from({ length: 20 }, () => 'whole'))
  expect(await readFile(join(cache, 'builds.log'), 'utf8')).toBe('x')
  expect((await readdir(cache)).toSorted()).toEqual(['builds.log', 'entry'])
})

test('acquireCached() takes over from a builder that died with its lock', async () => {
  const lock = join(cache, 'entry.lock')
  await mkdir(lock)
  await utimes(lock, new Date(0), new Date(0))
  const entry = await acquireCached(cache, 'entry', (folder) => writeFile(join(folder, 'content'), 'whole'))
  expect(await readdir(entry)).toEqual(['content'])
  expect(await readdir(cache)).toEqual(['entry'])
})

test('acquireCached() leaves nothing behind when the build fails, and the next caller builds', async () => {
  await expect(acquireCached(cache, 'entry', () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
  expect(await readdir(cache)).toEqual([])
  await acquireCached(cache, 'entry', (folder) => writeFile(join(folder, 'content'), ''))
  expect(await readdir(cache)).toEqual(['entry'])
})

function runScript(script: string, argument: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, argument], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}
