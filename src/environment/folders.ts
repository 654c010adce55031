import { chmod, chown, lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fault } from '../core/index.ts'
import type { EnvironmentOptions } from './options.ts'
import type { ServerUser } from './server-user.ts'

/** True when the user may pass through the folder and all above it. Looks at owner and mode only, not at ACLs. */
export async function canTraverse(folder: string, user: Pick<ServerUser, 'uid' | 'gid'>): Promise<boolean> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const facts = await stat(current).catch(() => undefined)
    if (facts === undefined) return false
    const bit = facts.uid === user.uid ? 0o100 : facts.gid === user.gid ? 0o010 : 0o001
    if ((facts.mode & bit) === 0) return false
    if (current === dirname(current)) return true
  }
}

/** A folder for one server, with a `data` and a `run` folder that belong to the user the server runs as. */
export interface RunFolder {
  readonly path: string
  readonly data: string
  readonly run: string
}

/** A unix socket's path has room for 103 bytes on every system; `/hive-pg-abcdef/run/.s.PGSQL.65535` takes 35 of them. */
const longestTemp = 103 - 35

/**
 * Makes the folder of one private server: in TMPDIR, else in /var/tmp before /tmp, because /tmp is memory on many machines,
 * where fsync costs nothing and every figure of a durable write would be fiction.
 * The folder itself stays ours, so that the server's user cannot swap the configuration that we write there.
 */
export async function makeRunFolder(
  kind: 'pg' | 'redis',
  options: EnvironmentOptions,
  user: ServerUser | undefined,
): Promise<RunFolder> {
  const named = options.env['TMPDIR']
  const candidates = [...new Set([...(named === undefined || named === '' ? [] : [named]), '/var/tmp', '/tmp'])]
  for (const candidate of candidates) {
    if (user !== undefined && !(await canTraverse(candidate, user))) continue
    if (Buffer.byteLength(resolve(candidate)) > longestTemp) continue
    const path = await mkdtemp(join(resolve(candidate), `hive-${kind}-`)).catch(() => undefined)
    if (path === undefined) continue
    const folder = { path, data: join(path, 'data'), run: join(path, 'run') }
    try {
      for (const own of [folder.data, folder.run]) {
        await mkdir(own, { mode: 0o700 })
        if (user !== undefined) await chown(own, user.uid, user.gid)
      }
      if (user !== undefined) await chmod(path, 0o711)
      return folder
    } catch (error) {
      await rm(path, { recursive: true, force: true })
      throw error
    }
  }
  throw fault('HIVE_TEMP_FOLDER', { looked: candidates.join(', '), user: user?.name ?? 'this user' })
}

/**
 * The folder where binaries and templates are kept between runs: the first candidate that only we can write to.
 * Undefined where there is none; then nothing is kept.
 */
export async function findCacheFolder(
  env: EnvironmentOptions['env'],
  user: ServerUser | undefined,
): Promise<string | undefined> {
  const own = process.getuid?.() ?? 0
  for (const candidate of cacheCandidates(env, { root: user !== undefined, uid: own })) {
    const made = await mkdir(candidate, { recursive: true, mode: 0o755 }).then(
      () => true,
      () => false,
    )
    if (!made || !(await isPrivate(candidate, own))) continue
    if (user !== undefined && !(await canTraverse(candidate, user))) continue
    return candidate
  }
  return undefined
}

/** Root's cache must lie outside its home folder, which the server's user cannot enter. */
function cacheCandidates(env: EnvironmentOptions['env'], who: { root: boolean; uid: number }): string[] {
  const shared = join(env['TMPDIR'] ?? '/tmp', `agent-hive-cache-${who.uid}`)
  if (who.root) return ['/var/cache/agent-hive', shared, `/tmp/agent-hive-cache-${who.uid}`]
  const home = env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.cache'))
  return [...(home === undefined ? [] : [join(home, 'agent-hive')]), shared]
}

/** A real folder of ours that nobody else may write to: what lies in it is run, so that it must not be planted. */
export async function isPrivate(folder: string, uid: number): Promise<boolean> {
  const facts = await lstat(folder).catch(() => undefined)
  return facts !== undefined && facts.isDirectory() && facts.uid === uid && (facts.mode & 0o022) === 0
}
