import { SetupFailure } from './run.mjs'

/** Progress goes to stderr: stdout belongs to whatever runs after the setup. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Says that a step began, every 15 s that it still goes on, and how it ended: one line a fact, so that it reads
 * well in a pipe and beside steps that run at the same time.
 */
export async function reportStep(name, { doing, work }) {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`
  const label = name.padEnd(11)
  say(`${label} ${doing} …`)
  const beat = setInterval(() => say(`${label} still at it: ${doing}, ${seconds()}`), 15_000)
  beat.unref()
  try {
    const result = await work()
    say(`${label} ${result ?? 'done'}   ${seconds()}`)
  } finally {
    clearInterval(beat)
  }
}

/** The shape of every error of the product. */
export function sayFailure(error) {
  if (!(error instanceof SetupFailure)) {
    say(`error HIVE_SETUP_STEP  could not finish the setup: ${error instanceof Error ? error.stack : error}`)
    return
  }
  say(`error ${error.code}  ${error.message}`)
  for (const line of error.output) say(`  | ${line}`)
  say(`  hint   ${error.hint}`)
  say(`  docs   docs/errors.md#${error.code.toLowerCase()}`)
}
