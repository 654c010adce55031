import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createRedactor, fault } from '../core/index.ts'
import type { HiveError } from '../core/index.ts'
import type { LoadOptions } from './types.ts'

/** What k6 inherits of our environment: enough to run and to reach the service, nothing secret, no K6_ setting. */
const inherited = ['PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'LANG', 'TZ']
const stderrTailChars = 4_000

export interface K6Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface K6Process {
  readonly pid: number | undefined
  readonly points: NodeJS.ReadableStream
  /** Rejects with HIVE_LOAD_K6 where the program cannot be started. */
  readonly exited: Promise<K6Exit>
  /** Kills k6 and what it started. Safe to call at any time. */
  readonly kill: () => void
  /** The end of what it said on stderr, tokens masked. */
  readonly said: () => string
}

/**
 * Starts k6 with its raw points as CSV on stdout, the output that disturbs the load least (docs/performance.md).
 * `folder` becomes its home and working folder, so that no configuration of the user changes the run.
 */
export function startK6(options: LoadOptions, folder: string): K6Process {
  const words = ['run', '--quiet', '--no-color', '--summary-mode=disabled', '--out', 'csv=-', options.script]
  const child = spawn(options.k6, words, {
    cwd: folder,
    env: environmentOf(options, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that a wrapper script's children end with it.
    detached: true,
  })
  const redact = createRedactor(Object.values(options.tokens))
  let tail = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-stderrTailChars)
  })
  return {
    pid: child.pid,
    points: child.stdout.setEncoding('utf8'),
    exited: exitOf(child, options.k6),
    kill: () => killGroup(child),
    said: () => lastSentence(redact(tail)),
  }
}

function environmentOf(options: LoadOptions, folder: string): Record<string, string> {
  const kept = inherited.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(kept),
    HOME: folder,
    TMPDIR: folder,
    // Collects garbage less often: with it p95 rises by 10 % against no output at all, without it by 30 to 60 %.
    GOGC: '400',
    K6_CSV_TIME_FORMAT: 'unix_micro',
    // Only the tags that are read; `url` and `name` would make every line three times as long.
    K6_SYSTEM_TAGS: 'scenario,status,error_code,expected_response',
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    BASE_URL: options.baseUrl,
    TOKENS: JSON.stringify(options.tokens),
    AGENTS: String(options.agents),
    RATE: String(options.ratePerS),
    WARMUP_S: String(options.warmupS),
    DURATION_S: String(options.durationS),
    // The folder's name is fresh for every run.
    RUN_ID: folder.slice(folder.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9-]/g, ''),
  }
}

function exitOf(child: ChildProcess, k6: string): Promise<K6Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const problem = error.code === 'ENOENT' ? 'no such program' : (error.code ?? error.message)
      reject(fault('HIVE_LOAD_K6', { k6, problem }, error))
    })
    // `close` comes after `exit` and after the last byte of both streams.
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

/** The last error of k6's log, which is logfmt: `time="…" level=error msg="…"`. */
function lastSentence(text: string): string {
  const lines = text.trim().split('\n')
  const line = lines.findLast((candidate) => /level=(?:error|fatal)/.test(candidate)) ?? lines.at(-1) ?? ''
  const message = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line
  return message
    .replaceAll(/\\n\s*/g, ' ')
    .replaceAll('\\"', '"')
    .slice(0, 400)
    .trim()
}

/** https://grafana.com/docs/k6/latest/using-k6/exit-codes */
const meanings: Readonly<Record<number, string>> = {
  97: 'cloud test aborted',
  98: 'no result from the cloud',
  99: 'threshold crossed',
  100: 'setup timed out',
  101: 'teardown timed out',
  102: 'generic time-out',
  103: 'execution segment refused',
  104: 'invalid configuration',
  105: 'stopped by a signal',
  106: 'could not open its REST API',
  107: 'the script threw an exception',
  108: 'the script aborted the test',
  109: 'k6 itself panicked',
  110: 'the script marked the test as failed',
}

/** `undefined` where the exit carries measurements. */
export function refuseExit(exit: K6Exit, said: string): HiveError | undefined {
  if (exit.code === 0 || exit.code === 99) return undefined
  return fault('HIVE_LOAD_K6_EXIT', {
    exit: exit.code === null ? `signal ${exit.signal ?? 'unknown'}` : `code ${exit.code}`,
    meaning: exit.code === null ? 'killed' : (meanings[exit.code] ?? 'unknown code'),
    said,
  })
}
