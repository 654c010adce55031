import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ignoreProgress, systemClock } from '../../../src/core/index.ts'
import { findK6 } from '../../../src/environment/index.ts'
import { judgePerformance } from '../../../src/gates/performance.ts'
import { runLoad } from '../../../src/load/index.ts'
import type { LoadOptions, LoadRun } from '../../../src/load/index.ts'

export const packageScript = fileURLToPath(new URL('../../../loadtests/agent-messages.ts', import.meta.url))
export const { path: k6 } = await findK6({ env: process.env })

export const tokens = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`agent-${index}`, `token-of-agent-${index}`]),
)

export interface Workspace extends AsyncDisposable {
  readonly folder: string
  /** An executable file with this text, in place of k6 or as a script. */
  readonly file: (name: string, text: string) => Promise<string>
  /** Names of what a run left behind. */
  readonly leftovers: () => Promise<readonly string[]>
}

export async function createWorkspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'hive-load-test-'))
  const folder = await mkdtemp(join(root, 'work-'))
  return {
    folder,
    file: async (name, text) => {
      const path = join(root, name)
      await writeFile(path, text)
      await chmod(path, 0o755)
      return path
    },
    leftovers: () => readdir(folder),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

/**
 * A load that a busy machine carries: 100 writes a second for two seconds, by so many agents that a stall of the
 * machine drops none of them. A verdict on latency needs 1,000 writes: {@link judged}.
 */
export async function load(
  changes: Partial<LoadOptions> & Pick<LoadOptions, 'baseUrl' | 'workFolder'>,
): Promise<LoadRun> {
  return runLoad({
    k6,
    script: packageScript,
    tokens,
    agents: 100,
    ratePerS: 100,
    warmupS: 0.5,
    durationS: 2,
    signal: new AbortController().signal,
    progress: ignoreProgress,
    clock: systemClock,
    ...changes,
  })
}

/** As little load as a verdict on latency takes. */
export const judged = { ratePerS: 300, durationS: 4 } as const

/**
 * Judged as on a quiet machine: the tests run on whatever machine there is, and a hypervisor that steals CPU time
 * would rightly turn verdicts into undecided. That rule has tests of its own.
 */
export function judgeQuietly(run: LoadRun) {
  const targets = { p95WriteMs: 50, deliveredPerS: 0.8 * run.document.offeredRate }
  const { othersCpuShare: _ignored, ...machine } = run.machine
  return judgePerformance({ ...run, machine: { ...machine, stealShare: 0 } }, targets)
}

/** True while a process whose command line holds `text` runs. */
export async function runsProcessWith(text: string): Promise<boolean> {
  const { readFile } = await import('node:fs/promises')
  if (!existsSync('/proc')) return false
  for (const pid of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(pid)) continue
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (words.includes(text)) return true
  }
  return false
}
