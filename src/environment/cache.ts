import { lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chmod } from 'node:fs/promises'
import { isPrivate } from './folders.ts'

/** Older than this, a lock or a half-built entry belongs to a run that died. Building takes about two seconds. */
const staleMs = 60_000

const building = new Map<string, Promise<string>>()

/**
 * Returns the folder `name` in the cache, built by `build` if it is not there.
 *
 * An entry appears whole by one rename or not at all, so that any number of processes may ask at once.
 * The lock only saves work: without it, or with a stale one, the worst is that two build and one result is thrown away.
 */
export function acquireCached(cache: string, name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const key = join(cache, name)
  const running = building.get(key)
  if (running !== undefined) return running
  const result = acquire(cache, name, build).finally(() => building.delete(key))
  building.set(key, result)
  return result
}

async function acquire(cache: string, name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const entry = join(cache, name)
  const lock = `${entry}.lock`
  const until = Date.now() + staleMs
  while (!(await isUsable(entry))) {
    const locked = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (!locked && Date.now() < until) {
      if (await isStale(lock)) await discard(lock)
      else await sleep(20 + Math.random() * 30)
      continue
    }
    try {
      if (!(await isUsable(entry))) await buildAndPublish(cache, name, build)
      return entry
    } finally {
      if (locked) await rm(lock, { recursive: true, force: true })
    }
  }
  return entry
}

async function isUsable(entry: string): Promise<boolean> {
  return isPrivate(entry, process.getuid?.() ?? 0)
}

async function buildAndPublish(cache: string, name: string, build: (folder: string) => Promise<void>): Promise<void> {
  await sweep(cache)
  const draft = await mkdtemp(join(cache, `.draft-${name}-`))
  try {
    await chmod(draft, 0o755)
    await build(draft)
    await rename(draft, join(cache, name))
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another process was first: its entry is as good as ours.
    if (!(await isUsable(join(cache, name)))) throw error
  }
}

async function isStale(path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => undefined)
  return facts !== undefined && Date.now() - facts.mtimeMs > staleMs
}

/** Renames before it removes: of several that found the same stale folder, one wins. */
async function discard(path: string): Promise<void> {
  const grave = `${path}.${process.pid}.${Date.now()}`
  await rename(path, grave).catch(() => {})
  await rm(grave, { recursive: true, force: true })
}

/** Removes drafts of runs that were killed while they built. */
async function sweep(cache: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    if (!name.startsWith('.draft-')) continue
    const path = join(cache, name)
    const facts = await stat(path).catch(() => undefined)
    if (facts !== undefined && Date.now() - facts.mtimeMs > 60 * staleMs) await discard(path)
  }
}
