import { spawn } from 'node:child_process'
import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandFacts } from '../../gates/commands.ts'
import { readJunit } from '../../gates/junit.ts'
import type { Redactor } from '../../core/index.ts'

/** A command of the project, as `hive.yml` gives it. */
export interface ProjectCommand {
  readonly name?: string
  readonly run: string
  readonly junit?: string
  readonly timeoutMs?: number
}

interface RunOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly redact: Redactor
  /** Called with the last line of output, as a sign of life. */
  readonly onLine: (line: string) => void
}

const defaultTimeoutMs = 15 * 60_000
const tailBytes = 16_384

/**
 * Runs one command by `sh -c` in a process group of its own, so that a time-out or an abort ends its children
 * as well. Reads the JUnit files that were written since it started; older ones do not count.
 */
export async function runProjectCommand(command: ProjectCommand, options: RunOptions): Promise<CommandFacts> {
  const name = command.name ?? command.run.slice(0, 60)
  // File systems keep modification times in coarser steps than the clock.
  const startedAt = Date.now() - 1_000
  const { end, tail } = await runShell(command, options)
  const facts = { name, run: command.run, end, tail: options.redact(tail) }
  if (command.junit === undefined) return facts
  return { ...facts, junit: await readReports(command.junit, { cwd: options.cwd, since: startedAt }) }
}

function runShell(
  { run, timeoutMs = defaultTimeoutMs }: ProjectCommand,
  { cwd, env, signal, onLine }: RunOptions,
): Promise<Pick<CommandFacts, 'end' | 'tail'>> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', run], { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let tail = ''
    let timedOut = false
    const endGroup = (): void => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // The group has ended already.
      }
    }
    const timer = setTimeout(() => {
      timedOut = true
      endGroup()
    }, timeoutMs)
    const finish = (end: CommandFacts['end']): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', endGroup)
      // Children that the command left behind would hold ports and files of the next gate.
      endGroup()
      if (signal.aborted) reject(signal.reason as Error)
      else resolve({ end, tail: tail.trim() })
    }
    signal.addEventListener('abort', endGroup, { once: true })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        tail = (tail + text).slice(-tailBytes)
        const line = text.trimEnd().split('\n').at(-1)
        if (line !== undefined && line.trim() !== '') onLine(line.trim())
      })
    }
    child.once('error', (error) => finish({ kind: 'not-started', why: error.message }))
    child.once('exit', (code, killedBy) => {
      if (timedOut) finish({ kind: 'timed-out', afterMs: timeoutMs })
      else if (code === null) finish({ kind: 'killed', signal: killedBy ?? 'a signal' })
      else finish({ kind: 'exited', code })
    })
  })
}

async function readReports(
  pattern: string,
  { cwd, since }: { cwd: string; since: number },
): Promise<NonNullable<CommandFacts['junit']>> {
  const reports: { path: string; reading: ReturnType<typeof readJunit> }[] = []
  for await (const path of glob(pattern, { cwd })) {
    const file = join(cwd, path)
    const { mtimeMs } = await stat(file)
    if (mtimeMs >= since) reports.push({ path, reading: readJunit(await readFile(file, 'utf8')) })
  }
  return reports.sort((a, b) => (a.path < b.path ? -1 : 1))
}
