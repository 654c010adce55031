import { join } from 'node:path'
import { fault } from '../core/index.ts'
import { findOnPath, isExecutable } from './find-program.ts'
import { type EnvironmentOptions, toolsFolderOf } from './options.ts'
import { runProgram } from './run-program.ts'

export interface RedisProgram {
  readonly path: string
  readonly version: string
  readonly origin: 'machine' | 'tools'
}

export const oldestRedis = 7

/**
 * Finds `redis-server` 7.0 or newer: on PATH, else where setup unpacked it.
 *
 * @throws HIVE_REDIS_MISSING, HIVE_REDIS_TOO_OLD when only older ones were found
 */
export async function findRedisProgram(options: EnvironmentOptions): Promise<RedisProgram> {
  const tools = toolsFolderOf(options)
  const own = tools === undefined ? undefined : join(tools, 'redis', 'bin', 'redis-server')
  const candidates = [
    ...(await findOnPath('redis-server', options.env)).map((path) => ({ path, origin: 'machine' as const })),
    ...(own !== undefined && (await isExecutable(own)) ? [{ path: own, origin: 'tools' as const }] : []),
  ]
  let older: RedisProgram | undefined
  for (const { path, origin } of candidates) {
    // "Redis server v=7.0.15 sha=…"
    const { stdout } = await runProgram(path, ['--version'])
    const version = /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1]
    if (version === undefined) continue
    if (Number.parseInt(version, 10) >= oldestRedis) return { path, version, origin }
    older ??= { path, version, origin }
  }
  if (older !== undefined) throw fault('HIVE_REDIS_TOO_OLD', { version: older.version })
  throw fault('HIVE_REDIS_MISSING', { looked: `HIVE_REDIS_URL, PATH and ${own ?? 'no .tools folder'}` })
}
