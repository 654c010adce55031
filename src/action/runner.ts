import { systemClock } from '../core/clock.ts'
import { fault, toHiveError } from '../core/errors.ts'
import { createRedactor, secretsOfEnvironment } from '../core/redact.ts'
import type { ExitCode } from '../core/verdict.ts'
import { main } from './main.ts'
import { createRunner } from './runner-io.ts'

/** Inputs → main → outputs. Every fault becomes its code, sentence and hint in the log, and its exit code. */
export async function run(process: NodeJS.Process): Promise<ExitCode> {
  const { env } = process
  const redact = createRedactor(secretsOfEnvironment(env))
  const runner = createRunner({ env, redact, write: (line) => void process.stdout.write(`${line}\n`) })
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => abort.abort(fault('HIVE_INTERRUPTED', { during: `the Action (${signal})` })))
  }
  try {
    return await main({
      env,
      cwd: env['GITHUB_WORKSPACE'] || process.cwd(),
      runner,
      clock: systemClock,
      signal: abort.signal,
    })
  } catch (thrown) {
    const error = toHiveError(thrown)
    await runner.output('exit-code', String(error.exitCode))
    await runner.output('reason-code', error.code)
    await runner.output('verdict', 'error')
    if (error.code === 'HIVE_INTERNAL' && thrown instanceof Error) runner.debug(thrown.stack ?? '')
    runner.failure(error.code, `${error.message}\n  hint   ${error.hint}\n  docs   ${error.docs}`)
    return error.exitCode
  }
}
