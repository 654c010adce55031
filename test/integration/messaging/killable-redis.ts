import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../src/core/index.ts'
import { findFreePort } from '../../../src/environment/free-port.ts'
import { findRedisProgram } from '../../../src/environment/redis-programs.ts'
import { connectRedisBus } from '../../../src/protocol/index.ts'

export interface KillableRedis extends AsyncDisposable {
  readonly url: string
  /** SIGKILL, then the same port on the same append-only file. */
  readonly killAndRestart: () => Promise<void>
}

/** A redis-server that a test may kill and start again on what its disk holds. */
export async function startKillableRedis(appendfsync: 'always' | 'everysec'): Promise<KillableRedis> {
  const { path } = await findRedisProgram({ env: process.env })
  const folder = await mkdtemp(join(tmpdir(), 'hive-kill-'))
  const port = await findFreePort()
  const url = `redis://127.0.0.1:${port}`
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'yes', appendfsync }
  let child: ChildProcess
  const start = async (): Promise<void> => {
    child = spawn(
      path,
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: 'ignore' },
    )
    for (let left = 200; ; left -= 1) {
      try {
        await (await connectRedisBus({ redisUrl: url, team: 'probe' })).close()
        return
      } catch (error) {
        if (left === 0 || child.exitCode !== null) throw error
        await systemClock.sleep(20)
      }
    }
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  return {
    url,
    killAndRestart: async () => {
      await kill()
      await start()
    },
    [Symbol.asyncDispose]: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
