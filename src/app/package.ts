import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The path of a file that the package ships, whether the code runs from `src`, from `dist/lib` or from a chunk of
 * the Action's bundle: an Action is checked out as a whole.
 */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder)
  return join(folder, path)
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { readonly version: string }).version
}

/** The load test that is used where `hive.yml` names none. */
export const defaultLoadScript = 'loadtests/agent-messages.ts'
