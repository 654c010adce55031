import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type HiveError, createRedactor, fault } from '../core/index.ts'
import { type RunFolder, makeRunFolder } from './folders.ts'
import { findFreePort } from './free-port.ts'
import { type GuardedProcess, startGuarded, stopOnAbort, throwIfInterrupted } from './guarded-process.ts'
import type { EnvironmentOptions, RedisServer } from './options.ts'
import { type RedisProgram, findRedisProgram, oldestRedis } from './redis-programs.ts'
import { problemOf } from './scratch-databases.ts'

const portAttempts = 8
const startDeadlineMs = 30_000

/**
 * Brings a Redis server of version 7.0 or newer: the given one (HIVE_REDIS_URL), else a private one from PATH or `.tools`.
 * A private server listens on a free port of 127.0.0.1 with a random password, appends every write to a file,
 * evicts nothing, and cannot outlive this process.
 *
 * @throws HIVE_REDIS_MISSING, HIVE_REDIS_TOO_OLD, HIVE_REDIS_START, HIVE_REDIS_UNREACHABLE, HIVE_INTERRUPTED
 */
export async function startRedis(options: EnvironmentOptions): Promise<RedisServer> {
  throwIfInterrupted(options.signal, 'start of Redis')
  const given = options.env['HIVE_REDIS_URL']
  if (given !== undefined && given !== '') return useGivenServer(given)
  options.progress?.({ step: 'start Redis' })
  return startPrivateServer(options, await findRedisProgram(options))
}

async function useGivenServer(url: string): Promise<RedisServer> {
  const redact = createRedactor()
  let version: string
  try {
    version = await askVersion(url)
  } catch (error) {
    throw fault('HIVE_REDIS_UNREACHABLE', { url: redact(url), problem: redact(problemOf(error)) }, error)
  }
  if (Number.parseInt(version, 10) < oldestRedis) {
    throw fault('HIVE_REDIS_TOO_OLD', { version })
  }
  const close = (): Promise<void> => Promise.resolve()
  return { url, version, origin: 'given', whyStopped: () => undefined, close, [Symbol.asyncDispose]: close }
}

/** Connects once, without retries, and asks INFO. */
async function askVersion(url: string): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 10_000,
    commandTimeout: 10_000,
    maxRetriesPerRequest: 0,
  })
  let lastError: unknown
  client.on('error', (error) => (lastError = error))
  try {
    await client.connect()
    const info = await client.info('server')
    return /^redis_version:(\d+\.\d+\.\d+)/m.exec(info)?.[1] ?? '0'
  } catch (error) {
    // The rejection says only "Connection is closed"; the event before it says why.
    throw lastError ?? error
  } finally {
    // On a client that has ended by itself, disconnect() would leave a timer that holds the process for two seconds.
    if (client.status !== 'end') client.disconnect()
  }
}

async function startPrivateServer(options: EnvironmentOptions, program: RedisProgram): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await makeRunFolder('redis', options, undefined)
    let server: GuardedProcess | undefined
    try {
      const port = await findFreePort()
      const password = randomBytes(24).toString('base64url')
      const config = await writeConfig(folder, { port, password, settings: options.settings ?? {} })
      server = startGuarded(folder, { command: [program.path, config], user: undefined, stopSignal: 'KILL' })
      const url = `redis://:${password}@127.0.0.1:${port}`
      await waitUntilReady(server, { url, signal: options.signal })
      return describeServer(server, { url, program, signal: options.signal })
    } catch (error) {
      const log = (await server?.log()) ?? ''
      await (server === undefined ? rm(folder.path, { recursive: true, force: true }) : server.stop())
      throwIfInterrupted(options.signal, 'start of Redis')
      if (!log.includes('Address already in use') || attempt === portAttempts) throw error
    }
  }
}

interface RedisConfig {
  readonly port: number
  readonly password: string
  readonly settings: Readonly<Record<string, string>>
}

/** The password stands in a file that only we can read, and never on a command line, which every user of the machine sees. */
async function writeConfig(folder: RunFolder, { port, password, settings }: RedisConfig): Promise<string> {
  const lines: Record<string, string> = {
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '""',
    'maxmemory-policy': 'noeviction',
    ...settings,
    bind: '127.0.0.1',
    port: String(port),
    requirepass: password,
    dir: folder.data,
    daemonize: 'no',
    // The guardian knows its server by the folder on the command line.
    'set-proc-title': 'no',
  }
  const path = join(folder.path, 'redis.conf')
  const text = Object.entries(lines).map(([name, value]) => `${name} ${value.replaceAll(/[\r\n]/g, ' ')}\n`)
  await writeFile(path, text.join(''), { mode: 0o600 })
  return path
}

/** An answer with our random password proves that the server on the port is ours. */
async function waitUntilReady(
  server: GuardedProcess,
  { url, signal }: { readonly url: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const deadline = performance.now() + startDeadlineMs
  for (;;) {
    throwIfInterrupted(signal, 'start of Redis')
    const ended = server.endedBecause()
    if (ended !== undefined) throw fault('HIVE_REDIS_START', { problem: (await server.lastLogLine()) ?? ended })
    try {
      await askVersion(url)
      return
    } catch (error) {
      if (performance.now() > deadline) throw fault('HIVE_REDIS_START', { problem: problemOf(error) }, error)
      await sleep(5)
    }
  }
}

interface RunningRedis {
  readonly url: string
  readonly program: RedisProgram
  readonly signal: AbortSignal | undefined
}

function describeServer(server: GuardedProcess, { url, program, signal }: RunningRedis): RedisServer {
  const close = (): Promise<void> => {
    ignoreAbort()
    return server.stop()
  }
  const ignoreAbort = stopOnAbort(signal, close)
  const whyStopped = (): HiveError | undefined => {
    const problem = server.endedBecause()
    return problem === undefined ? undefined : fault('HIVE_REDIS_STOPPED', { problem })
  }
  return {
    url,
    version: program.version,
    origin: program.origin,
    whyStopped,
    close,
    [Symbol.asyncDispose]: close,
  }
}
