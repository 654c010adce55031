import { join, resolve } from 'node:path'
import { createRedactor, secretsOfEnvironment, systemClock, systemIds } from '../core/index.ts'
import type { ExitCode } from '../core/index.ts'
import type { Occasion } from '../gates/occasions.ts'
import { runGateCommand } from './gates.ts'
import type { GateEvent, RunOrigin } from './gates.ts'

export interface ActionGatesOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Name of the event that woke the runner. */
  readonly event: string
  /** Its payload: used for the number and the base of the pull request, and nothing else. */
  readonly payload: unknown
  readonly gates?: readonly string[]
  /** Folder for evidence and reports. */
  readonly out: string
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

export interface ActionGatesResult {
  readonly exitCode: ExitCode
  /** Absent where the folder is no git checkout. */
  readonly bundlePath?: string
  readonly reportPath: string
  readonly summaryMarkdown: string
  readonly verdicts: Readonly<Record<string, string>>
}

/** Runs the gates of a runner's checkout. Needs no token and asks GitHub nothing. */
export async function runGatesForAction(options: ActionGatesOptions): Promise<ActionGatesResult> {
  const { cwd, env, out, signal, log } = options
  const folder = resolve(cwd, out)
  const result = await runGateCommand({
    cwd,
    env,
    named: options.gates ?? [],
    out: folder,
    signal,
    clock: systemClock,
    ids: systemIds,
    redact: createRedactor(secretsOfEnvironment(env)),
    onEvent: (event) => logEvent(event, log),
    origin: originOf(options),
  })
  return {
    exitCode: result.exitCode,
    ...(result.bundlePath === undefined ? {} : { bundlePath: result.bundlePath }),
    reportPath: join(folder, 'report.html'),
    summaryMarkdown: result.summaryMarkdown,
    verdicts: Object.fromEntries(result.report.results.map(({ gate, verdict }) => [gate, verdict])),
  }
}

function logEvent(event: GateEvent, log: (line: string) => void): void {
  if (event.kind === 'start') log(`${event.gate}: starts`)
  if (event.kind === 'end') log(`${event.gate}: ${event.verdict}, ${event.summary}`)
}

interface PullRequestPart {
  readonly draft?: unknown
  readonly number?: unknown
  readonly base?: { readonly ref?: unknown; readonly sha?: unknown }
}

function originOf({ env, event, payload }: ActionGatesOptions): RunOrigin {
  const pull = (payload as { readonly pull_request?: PullRequestPart } | undefined)?.pull_request
  const runAttempt = Number(env['GITHUB_RUN_ATTEMPT'])
  const workflowPath = workflowPathOf(env['GITHUB_WORKFLOW_REF'])
  return {
    event,
    occasion: occasionOf(event, pull),
    ...(event === 'pull_request' && isSha(pull?.base?.sha) ? { comparedWith: pull.base.sha } : {}),
    ...(env['GITHUB_REPOSITORY'] === undefined ? {} : { repository: env['GITHUB_REPOSITORY'] }),
    ...(env['GITHUB_RUN_ID'] === undefined ? {} : { runId: env['GITHUB_RUN_ID'] }),
    ...(Number.isInteger(runAttempt) && runAttempt > 0 ? { runAttempt } : {}),
    ...(workflowPath === undefined ? {} : { workflowPath }),
    ...(typeof pull?.number === 'number' ? { pullRequest: pull.number } : {}),
    ...(typeof pull?.base?.ref === 'string' ? { baseRef: pull.base.ref } : {}),
    ...(isSha(pull?.base?.sha) ? { baseCommit: pull.base.sha } : {}),
  }
}

const isSha = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)

/** A schedule and a start by hand run everything; a push runs what any commit must pass. */
function occasionOf(event: string, pull: PullRequestPart | undefined): Occasion {
  switch (event) {
    case 'pull_request':
      return pull?.draft === true ? 'draft' : 'ready'
    case 'merge_group':
      return 'merge-queue'
    case 'push':
      return 'commit'
    default:
      return 'nightly'
  }
}

/** `owner/name/.github/workflows/x.yml@refs/heads/main` → `.github/workflows/x.yml` */
function workflowPathOf(reference: string | undefined): string | undefined {
  return reference === undefined ? undefined : /^[^/]+\/[^/]+\/([^@]+)@/.exec(reference)?.[1]
}
