import { readFile } from 'node:fs/promises'
import type { PublishResult } from '../app/publish.ts'
import type { CommandResult } from '../app/command.ts'
import type { SyncResult } from '../app/sync.ts'
import type { Scene } from '../app/scene.ts'
import { whyIgnored } from '../app/comment-event.ts'
import type { Clock } from '../core/clock.ts'
import { fault } from '../core/errors.ts'
import type { ExitCode } from '../core/verdict.ts'
import { commentEventOf, modeOf, runIdOf, type Mode } from './event.ts'
import { gatesMode } from './gates-mode.ts'
import { numberInput, type Environment, type Runner } from './runner-io.ts'

export interface MainOptions {
  readonly env: Environment
  readonly cwd: string
  readonly runner: Runner
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Does what the event asks for. Returns the exit code of the verdict; throws for a fault. */
export async function main(options: MainOptions): Promise<ExitCode> {
  const { env, runner } = options
  // 1. What rang, and what is to be done about it.
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  const mode = modeOf(runner.input('mode'), event)
  const payload = await readPayload(env['GITHUB_EVENT_PATH'])
  await runner.output('mode', mode)
  // 2. Gates run the code of the checkout: no token is read, let alone used.
  if (mode === 'gates') return gatesMode({ ...options, event, payload })
  // 3. Most comments hold no command: they cost neither a request nor the code that would make it.
  const comment = mode === 'command' ? commentEventOf(payload) : undefined
  const ignored = comment === undefined ? undefined : whyIgnored(comment, runner.input('app-slug'))
  if (ignored !== undefined) return nothingToDo(mode, { reason: ignored, runner })
  // 4. Everything else asks GitHub. Chunks are loaded when their mode is: a comment loads no zip reader.
  const scene = await sceneOf(mode, options)
  const result = await perform(mode, scene, { payload, runner })
  // 5. Say what was done.
  return report(mode, { result, scene, runner })
}

async function nothingToDo(
  mode: Mode,
  { reason, runner }: { readonly reason: string; readonly runner: Runner },
): Promise<ExitCode> {
  await runner.output(
    'result',
    JSON.stringify({ schemaVersion: 1, mode, kind: 'ignored', reason, reads: 0, writes: 0 }),
  )
  await runner.output('exit-code', '0')
  runner.log(`nothing to do: ${reason}`)
  return 0
}

async function perform(
  mode: Exclude<Mode, 'gates'>,
  scene: Scene,
  { payload, runner }: { readonly payload: unknown; readonly runner: Runner },
): Promise<PublishResult | CommandResult | SyncResult> {
  switch (mode) {
    case 'publish': {
      const { publishRun } = await import('../app/publish.ts')
      return publishRun(scene, runIdOf(runner.input('run-id'), payload))
    }
    case 'command': {
      const { runCommand } = await import('../app/command.ts')
      return runCommand(scene, commentEventOf(payload))
    }
    case 'sync': {
      const { syncCoordination } = await import('../app/sync.ts')
      return syncCoordination(scene)
    }
  }
}

async function sceneOf(mode: Mode, { env, runner, clock, signal }: MainOptions): Promise<Scene> {
  const token = runner.input('token')
  if (token === '') throw fault('HIVE_GITHUB_TOKEN_MISSING', { mode })
  runner.mask(token)
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  if (!/^[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw fault('HIVE_ACTION_EVENT', {
      problem: 'GITHUB_REPOSITORY is missing',
      wanted: 'owner/name, as a runner sets it',
    })
  }
  const { createScene } = await import('../app/scene.ts')
  return createScene({
    env,
    token,
    apiUrl: (env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/$/, ''),
    serverUrl: (env['GITHUB_SERVER_URL'] || 'https://github.com').replace(/\/$/, ''),
    repository,
    app: runner.input('app-slug'),
    gatesWorkflow: runner.input('gates-workflow'),
    retries: numberInput(runner, 'retries', { min: 0, max: 10 }),
    timeoutMs: numberInput(runner, 'request-timeout', { min: 1, max: 300 }) * 1000,
    clock,
    signal,
    note: runner.log,
  })
}

async function report(
  mode: Exclude<Mode, 'gates'>,
  {
    result,
    scene,
    runner,
  }: { readonly result: PublishResult | CommandResult | SyncResult; readonly scene: Scene; readonly runner: Runner },
): Promise<ExitCode> {
  const requests = scene.requests()
  await runner.output('result', JSON.stringify({ schemaVersion: 1, mode, ...result, ...requests }))
  await runner.output('exit-code', '0')
  runner.log(`${requests.reads} reads and ${requests.writes} writes on GitHub`)
  if (result.kind === 'ignored') {
    runner.log(`nothing to do: ${result.reason}`)
    return 0
  }
  if (result.kind === 'synced') {
    runner.log(`coordination issue #${result.issue} ${result.outcome}`)
    return 0
  }
  const { kind, title } = result.readiness
  await runner.output('verdict', { ready: 'pass', 'not-ready': 'fail', undecided: 'undecided', waits: 'waits' }[kind])
  runner.log(`${title} (${result.headSha.slice(0, 7)}${result.pull === undefined ? '' : `, #${result.pull}`})`)
  if (result.kind === 'published' && result.refused !== undefined) {
    await runner.output('reason-code', result.refused.reason)
    runner.failure(
      'evidence refused',
      `${result.refused.problem} (${result.refused.reason}); every gate of this head says so`,
    )
  }
  if (result.kind === 'folded') {
    const refusal = result.outcomes.find((outcome) => outcome.kind === 'refused')
    if (refusal !== undefined) {
      await runner.output('reason-code', refusal.refusal.code)
      runner.log(`refused: ${refusal.refusal.code}: ${refusal.refusal.rule}`)
    }
  }
  // A published verdict stands in the Checks: the job that posted it did its work, whatever it says.
  return 0
}

async function readPayload(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === '') return {}
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (error) {
    throw fault(
      'HIVE_ACTION_EVENT',
      { problem: `${path} could not be read as JSON`, wanted: 'the payload of the event' },
      error,
    )
  }
}
