import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../core/index.ts'
import type { RunFolder } from './folders.ts'
import { lastLine, minimalEnvironment } from './run-program.ts'
import type { ServerUser } from './server-user.ts'

/**
 * The guardian: a shell that waits for the end of its standard input. The pipe ends when we close it and also when
 * we crash or are killed by SIGKILL, so that there is one way in which a server ends, whatever happens to us.
 * A shell costs 1 MB and 1 ms; a second Node would cost 40 MB and 40 ms.
 *
 * Before it sends a signal it makes sure that the process is still ours (its command line names our folder),
 * because process ids are used again. SIGQUIT first: PostgreSQL then frees its shared memory but writes nothing.
 */
const guardian = `
trap '' HUP INT TERM QUIT
folder=$1 signal=$2
while read -r _; do :; done
pid=$(cat "$folder/run/pid" 2>/dev/null)
alive() {
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
  [ -d /proc/self ] || return 0
  tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$folder"
}
if alive; then
  kill -s "$signal" "$pid"
  turn=0
  while alive; do
    turn=$((turn + 1))
    [ $turn = 100 ] && kill -s KILL "$pid"
    [ $turn -gt 160 ] && break
    sleep 0.05 || sleep 1
  done
fi
rm -rf "$folder"
`

/** Writes its own process id first, so that there is no moment in which the server runs and the guardian knows nothing of it. */
const launcher = 'echo $$ >"$0/run/pid" && exec "$@"'

export interface GuardedProcess {
  /** Why the process ended by itself, or undefined while it runs or when we stopped it. */
  endedBecause(): string | undefined
  /** Last line of the server's own log. */
  lastLogLine(): Promise<string | undefined>
  log(): Promise<string>
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Stops the process and removes its folder. Safe to call twice. */
  stop(): Promise<void>
}

interface GuardedProgram {
  readonly command: readonly [string, ...string[]]
  readonly user: ServerUser | undefined
  /** Sent to end it: the quickest that leaves nothing of the system behind; the data is thrown away anyway. */
  readonly stopSignal: 'QUIT' | 'KILL'
}

/**
 * Starts a server that cannot outlive this process. Server and guardian have sessions of their own, so that Ctrl-C in
 * the terminal reaches us alone and we decide in which order things end.
 */
export function startGuarded(folder: RunFolder, program: GuardedProgram): GuardedProcess {
  const keeper = spawn('/bin/sh', ['-c', guardian, 'hive-guardian', folder.path, program.stopSignal], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: minimalEnvironment(),
    cwd: '/',
    detached: true,
  })
  const keeperEnded = endOf(keeper)
  keeper.stdin.on('error', () => {})

  const logPath = join(folder.path, 'server.log')
  const log = openSync(logPath, 'a', 0o600)
  // A file and not a pipe: a server that waits for a busy reader of its log would be slowed down by us.
  const server = spawn('/bin/sh', ['-c', launcher, folder.path, ...program.command], {
    stdio: ['ignore', log, log],
    env: minimalEnvironment(),
    cwd: folder.data,
    detached: true,
    ...(program.user === undefined ? {} : { uid: program.user.uid, gid: program.user.gid }),
  })
  closeSync(log)
  let stopping: Promise<void> | undefined
  let reason: string | undefined
  const ended = endOf(server).then((how) => {
    if (stopping === undefined) reason = how
  })
  // Whoever forgets to stop a server does not keep the process alive by it; the guardian cleans up.
  server.unref()
  keeper.unref()
  const pipe: unknown = keeper.stdin
  if (hasUnref(pipe)) pipe.unref()

  const readLog = (): Promise<string> => readTail(logPath)
  const stop = async (): Promise<void> => {
    keeper.ref()
    keeper.stdin.end()
    await Promise.race([keeperEnded, sleep(12_000, undefined, { ref: false })])
    // Only where the guardian itself was killed is there anything left to do here.
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGKILL')
    await rm(folder.path, { recursive: true, force: true })
  }
  return {
    endedBecause: () => reason,
    log: readLog,
    lastLogLine: async () => lastLine(await readLog()),
    ended,
    stop: () => (stopping ??= stop()),
  }
}

/** Never rejects: a program that could not be started has ended as well. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `killed by ${signal}`))
  })
}

function hasUnref(stream: unknown): stream is { unref: () => void } {
  return typeof stream === 'object' && stream !== null && 'unref' in stream && typeof stream.unref === 'function'
}

async function readTail(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, 16_384)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8')
  } finally {
    await file.close()
  }
}

/** Stops the server when the signal is aborted; returns how to take the listener away. */
export function stopOnAbort(signal: AbortSignal | undefined, stop: () => Promise<void>): () => void {
  if (signal === undefined) return () => {}
  const onAbort = (): void => void stop().catch(() => {})
  signal.addEventListener('abort', onAbort, { once: true })
  return () => signal.removeEventListener('abort', onAbort)
}

export function throwIfInterrupted(signal: AbortSignal | undefined, during: string): void {
  if (signal?.aborted === true) throw fault('HIVE_INTERRUPTED', { during }, signal.reason)
}
