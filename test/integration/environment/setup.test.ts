import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogueParts } from '../../../src/core/catalogue/index.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

// A clone whose packages, tools and build are stand-ins: what setup decides is tested here, not the registries.
let clone = ''
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'hive-setup-test-'))
  await cp(join(repository, 'scripts', 'setup.mjs'), join(clone, 'scripts', 'setup.mjs'))
  await cp(join(repository, 'scripts', 'setup'), join(clone, 'scripts', 'setup'), { recursive: true })
  await mkdir(join(clone, 'src'))
  await mkdir(join(clone, 'path'))
  await symlink(process.execPath, join(clone, 'path', 'node'))
  const packages = { '': {}, 'node_modules/node': { version: '24.21.0', integrity: 'sha512-x' } }
  await writeFile(join(clone, 'package.json'), JSON.stringify({ type: 'module', dependencies: { node: '24.21.0' } }))
  await writeFile(join(clone, 'package-lock.json'), JSON.stringify({ packages }))
})
afterEach(() => rm(clone, { recursive: true, force: true }))

async function program(path: string, body: string): Promise<void> {
  await mkdir(join(clone, path, '..'), { recursive: true })
  await writeFile(join(clone, path), `#!/bin/sh\n${body}\n`)
  await chmod(join(clone, path), 0o755)
}

/** Tools on PATH, and an npm whose `ci` and `run build` leave what the real ones would. */
async function bringEverything(): Promise<void> {
  await program('path/k6', 'echo "k6 v2.2.0 (go1.26.8, linux/amd64)"')
  await program('path/redis-server', 'echo "Redis server v=7.0.15 sha=0"')
  await program(
    'path/npm',
    `PATH=/usr/bin:/bin
[ "$1" = config ] || echo "$1" >>"${clone}/npm.log"
case "$1" in
  ci)
    mkdir -p "${clone}/node_modules/node/bin"
    ln -sf "${process.execPath}" "${clone}/node_modules/node/bin/node"
    echo '{"packages":{"node_modules/node":{"integrity":"sha512-x"}}}' >"${clone}/node_modules/.package-lock.json" ;;
  run) mkdir -p "${clone}/dist/lib/cli" && : >"${clone}/dist/lib/cli/main.js" ;;
esac`,
  )
}

function setup(...args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(clone, 'scripts', 'setup.mjs'), ...args], {
      env: { PATH: join(clone, 'path'), HOME: clone },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stderr }))
  })
}

async function npmCalls(): Promise<string[]> {
  return (await readFile(join(clone, 'npm.log'), 'utf8')).trim().split('\n')
}

test('the first run installs and builds, the second does nothing and says nothing', async () => {
  await bringEverything()
  const first = await setup()
  expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/packages .*installed, with Node[\s\S]*built/) })
  const calls = await npmCalls()
  const started = performance.now()
  expect(await setup()).toEqual({ code: 0, stderr: '' })
  expect(performance.now() - started).toBeLessThan(2_000)
  expect(await npmCalls()).toEqual(calls)
})

test('a changed source builds again, and nothing else', async () => {
  await bringEverything()
  await setup()
  const before = await npmCalls()
  await writeFile(join(clone, 'src', 'new.ts'), 'export {}\n')
  expect(await setup()).toMatchObject({ code: 0 })
  expect(await npmCalls()).toEqual([...before, 'run'])
})

test('three setups of one clone at once install once', async () => {
  await bringEverything()
  const results = await Promise.all([setup(), setup(), setup()])
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0])
  expect((await npmCalls()).filter((call) => call === 'ci')).toEqual(['ci'])
})

test('a lock and a draft that a killed setup left are cleared away by the next one', async () => {
  await bringEverything()
  const lock = join(clone, '.tools', 'setup.lock')
  await mkdir(lock, { recursive: true })
  await utimes(lock, new Date(0), new Date(0))
  await mkdir(join(clone, '.tools', 'redis.4711'))
  expect(await setup()).toMatchObject({ code: 0 })
  const left = await readdir(join(clone, '.tools'))
  expect(left).not.toContain('setup.lock')
  expect(left).not.toContain('redis.4711')
})

test('without npm, Go and apt every missing tool is named with what to do, and the exit code is 2', async () => {
  const { code, stderr } = await setup()
  expect(code).toBe(2)
  expect(stderr).toMatch(/error HIVE_SETUP_TOOL {2}could not find npm/)
  expect(stderr).toMatch(/error HIVE_SETUP_TOOL {2}could not build k6: Go is not on PATH/)
  expect(stderr).toMatch(/error HIVE_SETUP_TOOL {2}could not bring redis-server[^\n]*\n {2}hint {3}.*install/)
  const codes = [...stderr.matchAll(/error (HIVE_[A-Z0-9_]+)/g)].map((match) => match[1])
  expect(Object.keys(catalogueParts.environment)).toEqual(expect.arrayContaining(codes))
})

test('a registry that does not answer is told apart from other failures', async () => {
  await bringEverything()
  await program('path/npm', 'echo "npm error code ENOTFOUND registry.npmjs.org" >&2; exit 1')
  const { code, stderr } = await setup()
  expect(code).toBe(2)
  expect(stderr).toMatch(/error HIVE_SETUP_NETWORK {2}could not install the npm packages/)
  expect(stderr).toContain('| npm error code ENOTFOUND')
})

test('an unknown option is refused', async () => {
  await bringEverything()
  expect(await setup('--everything')).toMatchObject({ code: 2, stderr: expect.stringContaining('usage:') })
})
