import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RedisServer, startRedis } from '../../../src/environment/index.ts'
import { connectRedisBus } from '../../../src/protocol/index.ts'
import { agentAt, eventually } from './support.ts'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))
let redis: RedisServer
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-commands-'))
  redis = await startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })
})
afterAll(async () => {
  await redis.close()
  await rm(folder, { recursive: true, force: true })
})

interface Run {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly exit: Promise<number | null>
}

function hive(words: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [main, ...words], { cwd: folder, env: { ...process.env, ...env } })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (text.out += String(chunk)))
  child.stderr.on('data', (chunk) => (text.err += String(chunk)))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, out: () => text.out, err: () => text.err, exit }
}

test('hive gateway prints what works, and SIGTERM ends it with 0 after a drain', async () => {
  const run = hive(['gateway'], { HIVE_REDIS_URL: redis.url })
  expect(await eventually(() => run.out().includes('"waitMs"'), 30_000), run.err()).toBe(true)
  const url = /^gateway +(http:\S+)$/m.exec(run.out())?.[1] ?? ''
  const tokenOf = (name: string): string => new RegExp(`^export TOKEN_${name}=(\\S+)$`, 'm').exec(run.out())?.[1] ?? ''
  const alice = agentAt(url, { name: 'alice', token: tokenOf('ALICE') })
  const bob = agentAt(url, { name: 'bob', token: tokenOf('BOB') })
  // The body of the printed command, as it stands there.
  const body = /-d '(\{"specversion.*\})'/.exec(run.out())?.[1] ?? '{}'
  expect((await alice.send(JSON.parse(body) as Record<string, unknown>)).status).toBe(202)
  expect((await bob.receive({ waitMs: 5_000 })).messages.length).toBe(1)
  run.child.kill('SIGTERM')
  expect(await run.exit).toBe(0)
  expect(run.err()).toContain('1 accepted, 1 published, 1 delivered')
})

test('hive gateway --json prints one document, takes tokens from a file and never repeats one', async () => {
  const tokens = join(folder, 'tokens.txt')
  const secret = 'a-token-that-must-not-be-repeated-anywhere'
  await writeFile(tokens, `# team\ncarol=${secret}\n`)
  const run = hive(['gateway', '--json', '--token-file', 'tokens.txt'], { HIVE_REDIS_URL: redis.url })
  expect(await eventually(() => run.out().endsWith('\n'), 30_000), run.err()).toBe(true)
  const document = JSON.parse(run.out()) as { url: string; agents: string[] }
  expect(document.agents).toEqual(['carol'])
  const carol = agentAt(document.url, { name: 'carol', token: secret })
  expect((await carol.receive()).messages).toEqual([])
  run.child.kill('SIGINT')
  expect(await run.exit).toBe(0)
  expect(run.out() + run.err()).not.toContain(secret)
})

test.each<[string, readonly string[], Record<string, string>, string]>([
  ['a port that is none', ['--port', '70000'], {}, 'HIVE_USAGE'],
  ['a team that would break keys', ['--team', 'a}b'], {}, 'HIVE_USAGE'],
  ['an address that others reach', ['--host', '0.0.0.0'], {}, 'HIVE_USAGE'],
  ['a token file that is not there', ['--token-file', 'none.txt'], {}, 'HIVE_GATEWAY_TOKENS'],
  ['a token that is too short', [], { HIVE_GATEWAY_TOKENS: 'a=b' }, 'HIVE_GATEWAY_TOKENS'],
])('hive gateway refuses %s before it starts anything', async (_name, words, env, code) => {
  const run = hive(['gateway', ...words], env)
  expect(await run.exit).toBe(2)
  expect(run.err()).toContain(`error ${code}`)
  expect(run.err()).not.toContain('start PostgreSQL')
})

test('hive conformance: 0 on a good server, 1 where a MUST is broken, 2 where nothing could be tried', async () => {
  const good = hive(['conformance', '--redis', redis.url])
  expect(await good.exit, good.err()).toBe(0)
  expect(good.out()).toMatch(/25 of 25 requirements passed/)
  const bus = await connectRedisBus({ redisUrl: redis.url, team: 'setting' })
  await bus.redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  await bus.close()
  const bad = hive(['conformance', '--redis', redis.url, '--json'])
  expect(await bad.exit, bad.err()).toBe(1)
  const { results } = JSON.parse(bad.out()) as { results: { id: string; status: string }[] }
  expect(results.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['HMP-015'])
  const gone = hive(['conformance', '--redis', 'redis://127.0.0.1:1'])
  expect(await gone.exit).toBe(2)
})
