import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eventVariables } from './action-environment.ts'
import {
  inputVariables,
  parseCommandFile,
  parseWorkflowCommands,
  readActionDefinition,
  type WorkflowCommand,
} from './action-files.ts'
import type { EmulatedGitHub } from './github/index.ts'
import type { Payload } from './github/payloads.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface ActionRun {
  /** The event's name; its payload comes from `github/payloads.ts`. */
  readonly event: string
  readonly payload: Payload
  readonly github: EmulatedGitHub
  /** What `${{ github.token }}` is; without it the job has no token. */
  readonly token?: string
  readonly inputs?: Readonly<Record<string, string>>
  /** Further variables, over those of the runner. Nothing else of this process reaches the action, save PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
  /** The checkout; an empty folder where it is not said. */
  readonly cwd?: string
  /** Values besides the token that must not appear in anything the action leaves. */
  readonly secrets?: readonly string[]
  readonly workflowPath?: string
  readonly runId?: number
  readonly runAttempt?: number
  /** After this the whole process group is killed and the result says `timedOut`. */
  readonly timeoutMs?: number
  /** Cancels the run as the runner does: SIGINT, after 7.5 s SIGTERM, after another 2.5 s the end. */
  readonly cancel?: AbortSignal
  /** The root of the action: holds `action.yml`. */
  readonly root?: string
}

export interface ActionResult {
  /** Null where it was killed. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** The Markdown of the job summary. */
  readonly summary: string
  /** As people see them: what was masked is `***`. */
  readonly stdout: string
  readonly stderr: string
  /** `::error …::` and their like. */
  readonly commands: readonly WorkflowCommand[]
  /** Processes of the action were still there when it had ended. They were killed. */
  readonly leftProcesses: boolean
  /** What it left in `RUNNER_TEMP`, by name. */
  readonly leftFiles: readonly string[]
  readonly durationMs: number
}

const files = ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'] as const

function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch {
    return false
  }
}

function killGroup(pid: number): void {
  if (groupLives(pid)) process.kill(-pid, 'SIGKILL')
}

function cancelOn(signal: AbortSignal | undefined, pid: number): () => void {
  const timers: NodeJS.Timeout[] = []
  const onAbort = (): void => {
    process.kill(pid, 'SIGINT')
    timers.push(setTimeout(() => process.kill(pid, 'SIGTERM'), 7500))
    timers.push(setTimeout(() => killGroup(pid), 10_000))
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    signal?.removeEventListener('abort', onAbort)
    for (const timer of timers) clearTimeout(timer)
  }
}

function nodeBinary(): string {
  const local = join(root, 'node_modules/.bin/node')
  return existsSync(local) ? local : process.execPath
}

function collect(child: ChildProcess): { stdout: () => string; stderr: () => string } {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout?.on('data', (chunk: Buffer) => parts.stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => parts.stderr.push(chunk))
  return {
    stdout: () => Buffer.concat(parts.stdout).toString('utf8'),
    stderr: () => Buffer.concat(parts.stderr).toString('utf8'),
  }
}

/**
 * Runs the committed bundle as GitHub's runner does: a process of its own with `INPUT_*`, `GITHUB_*` and the command
 * files. Throws when a secret shows anywhere in what the action leaves: log, outputs, state, summary, or requests.
 */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const temp = mkdtempSync(join(tmpdir(), 'hive-action-'))
  try {
    // Servers that drop their privileges must be able to walk through it.
    chmodSync(temp, 0o755)
    return await runIn(temp, run)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

async function runIn(temp: string, run: ActionRun): Promise<ActionResult> {
  const { event, payload, github, token, timeoutMs = 60_000 } = run
  const definition = readActionDefinition(run.root ?? root)
  const runnerTemp = join(temp, 'runner')
  const cwd = run.cwd ?? join(temp, 'workspace')
  for (const folder of [runnerTemp, cwd]) mkdirSync(folder, { recursive: true })
  const path = (name: string): string => join(temp, name)
  for (const name of files) writeFileSync(path(name), '')
  writeFileSync(path('event.json'), JSON.stringify(payload))
  const repository = github.repo(String((payload['repository'] as { full_name?: unknown } | undefined)?.full_name))
  const variables = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? temp,
    ...eventVariables({
      event,
      payload,
      defaultSha: repository.head(),
      apiUrl: github.url,
      workflowPath: run.workflowPath ?? '.github/workflows/hive.yml',
      runId: run.runId ?? 1,
      runAttempt: run.runAttempt ?? 1,
    }),
    ...Object.fromEntries(files.map((name) => [`GITHUB_${name}`, path(name)])),
    GITHUB_EVENT_PATH: path('event.json'),
    GITHUB_WORKSPACE: cwd,
    GITHUB_ACTION_PATH: run.root ?? root,
    RUNNER_TEMP: runnerTemp,
    ...inputVariables(definition, run.inputs ?? {}, token),
    ...run.env,
  }
  const started = performance.now()
  const requestsBefore = github.requests().length
  const main = join(run.root ?? root, definition.runs.main)
  if (!existsSync(main)) throw new Error(`the bundle ${main} is missing: run npm run build`)
  const child = spawn(nodeBinary(), [main], { cwd, env: variables, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const pid = child.pid ?? 0
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup(pid)
  }, timeoutMs)
  const stopCancelling = cancelOn(run.cancel, pid)
  const closed = once(child, 'close')
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  clearTimeout(timer)
  stopCancelling()
  const leftProcesses = !timedOut && groupLives(pid)
  killGroup(pid)
  // A daemon that left the group may hold the pipe open for ever.
  await Promise.race([closed, delay(2000, undefined, { ref: false })])
  const durationMs = performance.now() - started
  const read = (name: string): string => readFileSync(path(name), 'utf8')
  const commands = parseWorkflowCommands(output.stdout())
  const masks = commands.filter(({ command }) => command === 'add-mask').map(({ message }) => message)
  const secrets = [...(token === undefined ? [] : [token]), ...(run.secrets ?? [])]
  const requests = github.requests().slice(requestsBefore)
  assertSecret(secrets, {
    // The line that tells the runner what to mask is the one place where a secret belongs.
    stdout: output.stdout().replaceAll(/^::add-mask::.*$/gm, ''),
    stderr: output.stderr(),
    'job summary': read('STEP_SUMMARY'),
    outputs: read('OUTPUT'),
    state: read('STATE'),
    environment: read('ENV'),
    requests: JSON.stringify(requests.map((request) => [request.path, request.body])),
  })
  const masked = (text: string): string =>
    [...secrets, ...masks].reduce((all, mask) => all.replaceAll(mask, '***'), text)
  return {
    exitCode,
    timedOut,
    outputs: parseCommandFile(read('OUTPUT')),
    state: parseCommandFile(read('STATE')),
    env: parseCommandFile(read('ENV')),
    summary: masked(read('STEP_SUMMARY')),
    stdout: masked(output.stdout()),
    stderr: masked(output.stderr()),
    commands,
    leftProcesses,
    leftFiles: readdirSync(runnerTemp),
    durationMs,
  }
}

function assertSecret(secrets: readonly string[], places: Readonly<Record<string, string>>): void {
  for (const [place, content] of Object.entries(places)) {
    const index = secrets.findIndex((secret) => secret !== '' && content.includes(secret))
    if (index >= 0) throw new Error(`secret ${index + 1} of the run shows in its ${place}`)
  }
}
