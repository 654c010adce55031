import { join } from 'node:path'
import type { ExitCode } from '../core/verdict.ts'
import type { Environment, Runner } from './runner-io.ts'

export interface GatesModeOptions {
  readonly env: Environment
  readonly cwd: string
  readonly runner: Runner
  readonly signal: AbortSignal
  readonly event: string
  readonly payload: unknown
}

const verdictOfExit = { 0: 'pass', 1: 'fail', 2: 'error', 3: 'undecided' } as const

/** Runs the gates of the checkout and leaves evidence, job summary and outputs. Publishes nothing. */
export async function gatesMode({ env, cwd, runner, signal, event, payload }: GatesModeOptions): Promise<ExitCode> {
  const { runGatesForAction } = await import('../app/gates-for-action.ts')
  const gates = runner
    .input('gates')
    .split(/[\s,]+/)
    .filter((name) => name !== '')
  const result = await runGatesForAction({
    cwd,
    env,
    event,
    payload,
    ...(gates.length === 0 ? {} : { gates }),
    out: runner.input('evidence') || join(env['RUNNER_TEMP'] || join(cwd, '.hive'), 'hive'),
    signal,
    log: runner.log,
  })
  await runner.output('verdicts', JSON.stringify(result.verdicts))
  await runner.output('verdict', verdictOfExit[result.exitCode])
  await runner.output('exit-code', String(result.exitCode))
  await runner.output('report', result.reportPath)
  if (result.bundlePath !== undefined) await runner.output('evidence', result.bundlePath)
  await runner.summary(result.summaryMarkdown)
  return result.exitCode
}
