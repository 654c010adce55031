import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processIdsNaming, until } from './processes.ts'

const module = fileURLToPath(new URL('../../../src/environment/index.ts', import.meta.url))

let temp = ''
beforeEach(async () => {
  temp = await mkdtemp('/var/tmp/hive-crash-test-')
  await chmod(temp, 0o755)
})
afterEach(() => rm(temp, { recursive: true, force: true }))

/** A process that starts both servers, says so, and then does what `after` says. */
async function startOwner(after: string): Promise<ChildProcess> {
  const script = `
    import { startPostgres, startRedis } from ${JSON.stringify(module)}
    await Promise.all([startPostgres({ env: process.env }), startRedis({ env: process.env })])
    process.stdout.write('ready\\n')
    ${after}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: temp, HIVE_POSTGRES_URL: '', HIVE_REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })
  const line = await new Promise((resolve) => {
    lines.once('line', resolve)
    lines.once('close', resolve)
  })
  expect(line).toBe('ready')
  return child
}

test.for([
  ['is killed by SIGKILL', 'setInterval(() => {}, 1000)', 'SIGKILL'],
  ['is ended by SIGTERM without a handler', 'setInterval(() => {}, 1000)', 'SIGTERM'],
  ['dies of an uncaught exception', 'setTimeout(() => { throw new Error("crash") }, 10)', undefined],
  ['forgets to close them', '', undefined],
] as const)('servers and folders are gone when their owner %s', async ([, after, signal]) => {
  const owner = await startOwner(after)
  if (signal !== undefined) {
    expect((await readdir(temp)).length).toBe(2)
    owner.kill(signal)
  }
  await until(async () => (await readdir(temp)).length === 0 && (await processIdsNaming(temp)).length === 0)
  expect(await processIdsNaming(temp)).toEqual([])
})
