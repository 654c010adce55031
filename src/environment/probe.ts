import { HiveError, fault, toHiveError } from '../core/index.ts'
import { findOnPath, isExecutable } from './find-program.ts'
import { findCacheFolder } from './folders.ts'
import { findK6 } from './k6-tool.ts'
import type { EnvironmentOptions, Tool } from './options.ts'
import { findPostgresPrograms, whereProgramsAreLookedFor } from './postgres-programs.ts'
import { startPostgres } from './postgres-server.ts'
import { findRedisProgram } from './redis-programs.ts'
import { startRedis } from './redis-server.ts'
import { minimalEnvironment, runProgram } from './run-program.ts'
import { chooseServerUser } from './server-user.ts'

/** What `hive doctor` says of one thing that the work needs. */
export interface Probe {
  readonly name: string
  readonly status: 'ok' | 'missing' | 'wrong'
  readonly version?: string
  /** Where it was found: "PATH", "embedded", ".tools", "HIVE_REDIS_URL". */
  readonly origin?: string
  readonly detail: string
  /** The command or setting that mends it. */
  readonly fix?: string
}

/** Looks for everything without starting a server; given servers are asked for their version. Never rejects for a missing thing. */
export function probeEnvironment(options: EnvironmentOptions): Promise<readonly Probe[]> {
  return Promise.all([
    probeNode(),
    probeProgram('git', { options, fix: 'apt-get install git' }),
    probe('PostgreSQL', () => lookForPostgres(options)),
    probe('Redis', () => lookForRedis(options)),
    probe('k6', () => findK6(options)),
    probeChromium(options),
  ])
}

/** Turns the result of a search, or its error, into a probe. */
async function probe(name: string, look: () => Promise<Tool>): Promise<Probe> {
  try {
    const { path, version, origin } = await look()
    return { name, status: 'ok', version, origin, detail: path }
  } catch (error) {
    const { code, message, hint } = error instanceof HiveError ? error : toHiveError(error)
    return { name, status: code.endsWith('_MISSING') ? 'missing' : 'wrong', detail: `${code}: ${message}`, fix: hint }
  }
}

async function probeNode(): Promise<Probe> {
  const version = process.versions.node
  const detail = process.execPath
  const origin = 'this process'
  if (Number.parseInt(version, 10) >= 24) return { name: 'Node', status: 'ok', version, origin, detail }
  return { name: 'Node', status: 'wrong', version, origin, detail, fix: 'npm run setup, or install Node 24' }
}

async function lookForPostgres(options: EnvironmentOptions): Promise<Tool> {
  if ((options.env['HIVE_POSTGRES_URL'] ?? '') !== '') {
    await using server = await startPostgres(options)
    return { path: 'the given server answers', version: server.version, origin: 'HIVE_POSTGRES_URL' }
  }
  const user = await chooseServerUser()
  const cache = await findCacheFolder(options.env, user)
  const programs = await findPostgresPrograms({ env: options.env, user, cache })
  if (programs !== undefined) return { path: programs.folder, version: programs.version, origin: programs.origin }
  throw fault('HIVE_POSTGRES_MISSING', { looked: whereProgramsAreLookedFor })
}

async function lookForRedis(options: EnvironmentOptions): Promise<Tool> {
  if ((options.env['HIVE_REDIS_URL'] ?? '') !== '') {
    await using server = await startRedis(options)
    return { path: 'the given server answers', version: server.version, origin: 'HIVE_REDIS_URL' }
  }
  return findRedisProgram(options)
}

interface ProgramProbe {
  readonly options: EnvironmentOptions
  readonly fix: string
}

async function probeProgram(name: string, { options, fix }: ProgramProbe): Promise<Probe> {
  const [path] = await findOnPath(name, options.env)
  if (path === undefined) return { name, status: 'missing', detail: 'not on PATH', fix }
  return describeProgram({ name, path, origin: 'PATH', fix })
}

async function describeProgram(found: { name: string; path: string; origin: string; fix: string }): Promise<Probe> {
  const { name, path, origin, fix } = found
  const { stdout, problem } = await runProgram(path, ['--version'], {
    env: minimalEnvironment({ HOME: '/nonexistent' }),
  })
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0]
  if (version === undefined)
    return { name, status: 'wrong', origin, detail: `${path}: ${problem ?? 'no version'}`, fix }
  return { name, status: 'ok', version, origin, detail: path }
}

/** Only the tests of this project open a browser, so that its absence is no fault of a user's machine. */
async function probeChromium(options: EnvironmentOptions): Promise<Probe> {
  const name = 'Chromium'
  const fix = 'apt-get install chromium, or set CHROME_BIN (only the browser tests of a clone need it)'
  const named = options.env['CHROME_BIN']
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return describeProgram({ name, path: named, origin: 'CHROME_BIN', fix })
    return { name, status: 'wrong', origin: 'CHROME_BIN', detail: `${named} is not a program`, fix }
  }
  for (const candidate of ['chromium', 'chromium-browser', 'google-chrome']) {
    const [path] = await findOnPath(candidate, options.env)
    if (path !== undefined) return describeProgram({ name, path, origin: 'PATH', fix })
  }
  return { name, status: 'missing', detail: 'not on PATH', fix }
}
