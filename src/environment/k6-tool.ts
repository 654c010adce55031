import { join } from 'node:path'
import { fault } from '../core/index.ts'
import { findOnPath, isExecutable } from './find-program.ts'
import { type EnvironmentOptions, type Tool, toolsFolderOf } from './options.ts'
import { minimalEnvironment, runProgram } from './run-program.ts'

const wantedMajor = 2

/**
 * Finds k6 of major version 2: K6_BIN, else PATH, else `.tools/k6`.
 * What K6_BIN names must fit; on PATH an unfit one is passed over.
 *
 * @throws HIVE_K6_MISSING, HIVE_K6_TOO_OLD, HIVE_TOOL_BROKEN
 */
export async function findK6(options: EnvironmentOptions): Promise<Tool> {
  const named = options.env['K6_BIN']
  if (named !== undefined && named !== '') {
    const { version, problem } = await askK6(named)
    if (version === undefined) throw fault('HIVE_TOOL_BROKEN', { path: named, problem })
    if (!fits(version)) throw fault('HIVE_K6_TOO_OLD', { version, path: named })
    return { path: named, version, origin: 'K6_BIN' }
  }
  const tools = toolsFolderOf(options)
  const own = tools === undefined ? undefined : join(tools, 'k6')
  const candidates = [
    ...(await findOnPath('k6', options.env)).map((path) => ({ path, origin: 'PATH' })),
    ...(own !== undefined && (await isExecutable(own)) ? [{ path: own, origin: '.tools' }] : []),
  ]
  let unfit: { version: string; path: string } | undefined
  for (const { path, origin } of candidates) {
    const { version } = await askK6(path)
    if (version === undefined) continue
    if (fits(version)) return { path, version, origin }
    unfit ??= { version, path }
  }
  if (unfit !== undefined) throw fault('HIVE_K6_TOO_OLD', unfit)
  throw fault('HIVE_K6_MISSING', { looked: `K6_BIN, PATH and ${own ?? 'no .tools folder'}` })
}

function fits(version: string): boolean {
  return Number.parseInt(version, 10) === wantedMajor
}

/** "k6 v2.2.0 (go1.26.8, linux/amd64)" */
async function askK6(path: string): Promise<{ version: string | undefined; problem: string }> {
  const result = await runProgram(path, ['version'], {
    env: minimalEnvironment({ K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' }),
  })
  const version = /\bk6(?:\.exe)? v?(\d+\.\d+\.\d+[\w.+-]{0,40})/.exec(result.stdout)?.[1]
  return { version, problem: result.problem ?? 'it did not say its version' }
}
