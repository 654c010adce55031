import { spawn } from 'node:child_process'
import { copySnapshots, type MigrationPlan } from '../src/migration/index.ts'
import { quiet, type Prepared } from './reference-set.ts'

/** Runs a program of somebody else to its end; its last words are the error where it fails. */
export async function runPeer(
  command: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...options.env } })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${(errors || output).slice(-2_000)}`)
  return output
}

/** @throws where the program is not installed: the subject cannot be run, and the benchmark exits 2 */
export async function requirePeer(command: string, install: string): Promise<string> {
  try {
    return (await runPeer(command, ['--version'])).trim().split('\n')[0] ?? ''
  } catch (error) {
    throw new Error(`could not run the peer ${command}: not installed, wanted on PATH\n  ${install}`, { cause: error })
  }
}

/** `psql` reads commands from its input and stops at the first error. The URL stays out of its arguments. */
export function psql(url: string, input: string): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(url)
  return runPeer('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], {
    input,
    env: {
      PGHOST: decodeURIComponent(hostname),
      PGPORT: port || '5432',
      PGUSER: decodeURIComponent(username),
      PGPASSWORD: decodeURIComponent(password),
      PGDATABASE: decodeURIComponent(pathname.slice(1)),
    },
  })
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1_000
}

/** Copies the reference set; `onStep` hears each step of the copy when it begins. */
export async function copyReference(
  prepared: Pick<Prepared, 'snapshots' | 'plan'>,
  options: { readonly target: string; readonly onStep?: (step: string) => void },
): Promise<void> {
  const { verdict } = await copySnapshots(prepared.plan, {
    snapshots: prepared.snapshots,
    target: options.target,
    signal: quiet.signal,
    progress: ({ step }) => options.onStep?.(step),
  })
  if (verdict !== 'pass') throw new Error('rows of the reference set were quarantined')
}

/** Names of the plan's tables, quoted, in its order. */
export function tableNames(plan: MigrationPlan): readonly string[] {
  return plan.document.sources.flatMap(({ tables }) => tables.map(({ target }) => `"${target}"`))
}
