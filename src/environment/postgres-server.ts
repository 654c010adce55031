import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type HiveError, createRedactor, fault } from '../core/index.ts'
import { type RunFolder, findCacheFolder, makeRunFolder } from './folders.ts'
import { findFreePort } from './free-port.ts'
import { type GuardedProcess, startGuarded, stopOnAbort, throwIfInterrupted } from './guarded-process.ts'
import type { EnvironmentOptions, PostgresServer } from './options.ts'
import { type PostgresPrograms, findPostgresPrograms, whereProgramsAreLookedFor } from './postgres-programs.ts'
import { prepareDataFolder } from './postgres-template.ts'
import { connect, createScratchDatabases, problemOf } from './scratch-databases.ts'
import { type ServerUser, chooseServerUser } from './server-user.ts'

const oldestMajor = 14
const portAttempts = 8
const startDeadlineMs = 60_000

/**
 * Brings a PostgreSQL server: the given one (HIVE_POSTGRES_URL), else a private one from the embedded package, else from
 * the machine's server programs. A private server listens on a free port of 127.0.0.1 with a random password,
 * keeps its data in a temporary folder and cannot outlive this process.
 *
 * @throws HIVE_POSTGRES_MISSING, HIVE_POSTGRES_START, HIVE_POSTGRES_UNREACHABLE, HIVE_POSTGRES_TOO_OLD, HIVE_INTERRUPTED
 */
export async function startPostgres(options: EnvironmentOptions): Promise<PostgresServer> {
  throwIfInterrupted(options.signal, 'start of PostgreSQL')
  const given = options.env['HIVE_POSTGRES_URL']
  if (given !== undefined && given !== '') return useGivenServer(given)

  options.progress?.({ step: 'start PostgreSQL' })
  const user = await chooseServerUser()
  const cache = await findCacheFolder(options.env, user)
  const programs = await findPostgresPrograms({ env: options.env, user, cache })
  if (programs === undefined) throw fault('HIVE_POSTGRES_MISSING', { looked: whereProgramsAreLookedFor })
  assertNewEnough(programs.version, programs.folder)
  return startPrivateServer({ options, programs, user, cache })
}

async function useGivenServer(url: string): Promise<PostgresServer> {
  const redact = createRedactor()
  let version: string
  try {
    const client = await connect(url)
    try {
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
      version = /^[\d.]+/.exec(rows[0]?.server_version ?? '')?.[0] ?? 'unknown'
    } finally {
      await client.end()
    }
  } catch (error) {
    throw fault('HIVE_POSTGRES_UNREACHABLE', { url: redact(url), problem: redact(problemOf(error)) }, error)
  }
  assertNewEnough(version, redact(url))
  const databases = createScratchDatabases({ url, assertRunning: () => {} })
  return {
    url,
    version,
    origin: 'given',
    createDatabase: (label) => databases.create(label),
    whyStopped: () => undefined,
    close: () => databases.dropAll(),
    [Symbol.asyncDispose]: () => databases.dropAll(),
  }
}

function assertNewEnough(version: string, where: string): void {
  if (Number.parseInt(version, 10) < oldestMajor) throw fault('HIVE_POSTGRES_TOO_OLD', { version, where })
}

interface PrivateServer {
  readonly options: EnvironmentOptions
  readonly programs: PostgresPrograms
  readonly user: ServerUser | undefined
  readonly cache: string | undefined
}

async function startPrivateServer(plan: PrivateServer): Promise<PostgresServer> {
  const { options, programs, user, cache } = plan
  for (let attempt = 1; ; attempt += 1) {
    const folder = await makeRunFolder('pg', options, user)
    const password = randomBytes(24).toString('base64url')
    let server: GuardedProcess | undefined
    try {
      await prepareDataFolder({ programs, user, cache, into: folder.data })
      throwIfInterrupted(options.signal, 'start of PostgreSQL')
      const port = await findFreePort()
      const command = await writeCommand(plan, folder, port)
      server = startGuarded(folder, { command, user, stopSignal: 'QUIT' })
      await setPassword(server, { folder, port, password, signal: options.signal })
      return describeServer(plan, server, `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`)
    } catch (error) {
      const log = (await server?.log()) ?? ''
      await (server === undefined ? rm(folder.path, { recursive: true, force: true }) : server.stop())
      throwIfInterrupted(options.signal, 'start of PostgreSQL')
      const lostPortRace = log.includes('Address already in use')
      if (!lostPortRace || attempt === portAttempts) throw error
    }
  }
}

/**
 * Only the unix socket in a folder of the server's user is trusted; it serves to set the password. Durable settings stay
 * as PostgreSQL has them (fsync, synchronous_commit, full_page_writes on) unless the caller says otherwise,
 * because what is measured on this server is compared with production.
 */
async function writeCommand(
  { programs, options }: PrivateServer,
  folder: RunFolder,
  port: number,
): Promise<[string, ...string[]]> {
  const access = join(folder.path, 'pg_hba.conf')
  await writeFile(access, 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n', { mode: 0o644 })
  const settings: Record<string, string> = {
    max_connections: '300',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder.run,
    hba_file: access,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return [join(programs.folder, 'postgres'), '-D', folder.data, ...flags]
}

interface Readiness {
  readonly folder: RunFolder
  readonly port: number
  readonly password: string
  readonly signal: AbortSignal | undefined
}

/**
 * Waits until the server answers on its socket, then sets the password: the first answer is proof that the server is ours,
 * whoever else may have taken the TCP port.
 */
async function setPassword(server: GuardedProcess, wanted: Readiness): Promise<void> {
  const deadline = performance.now() + startDeadlineMs
  for (;;) {
    throwIfInterrupted(wanted.signal, 'start of PostgreSQL')
    const ended = server.endedBecause()
    if (ended !== undefined) throw await startFault(server, ended)
    let connected = false
    const client = new Client({ host: wanted.folder.run, port: wanted.port, user: 'postgres', database: 'postgres' })
    client.on('error', () => {})
    try {
      await client.connect()
      connected = true
      await client.query(`ALTER ROLE postgres PASSWORD '${wanted.password}'`)
      return
    } catch (error) {
      // 57P03: it still replays its log. ENOENT, ECONNREFUSED: it does not listen yet.
      const { code } = error as { code?: unknown }
      const notYet = code === 'ENOENT' || code === 'ECONNREFUSED' || code === '57P03' || code === 'ECONNRESET'
      if (!notYet || performance.now() > deadline) throw await startFault(server, problemOf(error))
      await sleep(10)
    } finally {
      // The promise of end() never settles on a client that was never connected (pg 8.23).
      if (connected) await client.end().catch(() => {})
    }
  }
}

async function startFault(server: GuardedProcess, otherwise: string): Promise<HiveError> {
  const log = (await server.log()).split('\n')
  const fatal = log.findLast((line) => /\b(?:FATAL|PANIC|ERROR):/.test(line)) ?? (await server.lastLogLine())
  return fault('HIVE_POSTGRES_START', { step: 'the server', problem: fatal?.slice(0, 300) ?? otherwise })
}

function describeServer({ options, programs }: PrivateServer, server: GuardedProcess, url: string): PostgresServer {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    ignoreAbort()
    return (closing ??= server.stop())
  }
  const ignoreAbort = stopOnAbort(options.signal, close)
  const whyStopped = (): HiveError | undefined => {
    const problem = server.endedBecause()
    return problem === undefined ? undefined : fault('HIVE_POSTGRES_STOPPED', { problem })
  }
  const assertRunning = (): void => {
    const reason = whyStopped()
    if (reason !== undefined) throw reason
  }
  const databases = createScratchDatabases({ url, assertRunning })
  return {
    url,
    version: programs.version,
    origin: programs.origin,
    createDatabase: async (label) => {
      assertRunning()
      const database = await databases.create(label)
      // With the server gone, so is its folder and every database in it.
      const drop = async (): Promise<void> => {
        if (closing === undefined && whyStopped() === undefined) await database.drop()
      }
      return { ...database, drop, [Symbol.asyncDispose]: drop }
    },
    whyStopped,
    close,
    [Symbol.asyncDispose]: close,
  }
}
