import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { EnvironmentOptions } from './options.ts'

export async function isExecutable(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined)
  if (facts?.isFile() !== true) return false
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/**
 * All programs of that name on PATH, in its order. Relative entries are passed over: what a checkout
 * calls `k6` in its own folder is not run by accident.
 */
export async function findOnPath(name: string, env: EnvironmentOptions['env']): Promise<string[]> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  const candidates = [...new Set(folders)].map((folder) => join(folder, name))
  const found = await Promise.all(candidates.map(async (path) => ((await isExecutable(path)) ? [path] : [])))
  return found.flat()
}
