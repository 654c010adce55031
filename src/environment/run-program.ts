import { execFile } from 'node:child_process'
import type { ServerUser } from './server-user.ts'

export interface ProgramResult {
  /** Exit code; undefined when the program could not be started or was killed. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** Why it could not be started or finished. */
  readonly problem?: string
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly user?: ServerUser | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
  readonly cwd?: string
}

/** Runs a program to its end without a shell and returns what it said; never rejects. Output is bounded to 1 MB. */
export function runProgram(path: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(
      path,
      [...args],
      {
        env: options.env ?? minimalEnvironment(),
        timeout: options.timeoutMs ?? 30_000,
        maxBuffer: 1 << 20,
        cwd: options.cwd ?? '/',
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve({ exitCode: 0, stdout, stderr })
          return
        }
        const exitCode = typeof error.code === 'number' ? error.code : undefined
        const problem = lastLine(stderr) ?? lastLine(stdout) ?? error.message
        resolve({ exitCode, stdout, stderr, problem })
      },
    )
  })
}

/**
 * What servers and tools see of the environment: no tokens, no PG* variables, one language for messages.
 * PATH is the system's own, because a private server needs nothing else.
 */
export function minimalEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC', ...extra }
}

/** Last line with text in it, cut to 300 characters. */
export function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '')
    ?.slice(0, 300)
}
