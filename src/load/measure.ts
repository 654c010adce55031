import { mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fault, toHiveError } from '../core/index.ts'
import type { CsvReader } from './csv.ts'
import { refuseExit, startK6 } from './k6-process.ts'
import type { K6Process } from './k6-process.ts'
import { machineBetween, sampleCpu } from './machine.ts'
import type { CpuSample } from './machine.ts'
import { createPointReader } from './points.ts'
import { createRecorder } from './recorder.ts'
import type { Recorder } from './recorder.ts'
import { refuseRecording, runOf } from './result.ts'
import type { LoadMachine, LoadOptions, LoadRun } from './types.ts'

/** Initialisation, graceful stops and a slow machine; a run that takes longer than this hangs. */
const graceS = 45
const samplePeriodMs = 500

/**
 * Runs k6 once against a service. Throws as {@link runLoad} does; in every case k6 has ended and the temporary folder
 * is gone when the promise settles.
 */
export async function measureService(options: LoadOptions): Promise<LoadRun> {
  const script = resolve(options.script)
  const folder = await mkdtemp(join(options.workFolder, 'load-'))
  const recorder = createRecorder(options)
  try {
    const measured = await measure({ ...options, script }, { folder, recorder })
    const recording = recorder.finish()
    refuseRecording(recording, options)
    return runOf(recording, { options, ...measured })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Measured {
  readonly thresholdCrossed: boolean
  readonly machine: LoadMachine
}

async function measure(
  options: LoadOptions,
  { folder, recorder }: { folder: string; recorder: Recorder },
): Promise<Measured> {
  const k6 = startK6(options, folder)
  const ended = new AbortController()
  const limitS = options.warmupS + options.durationS + graceS
  let stopped: Error | undefined
  let killed = false
  const stop = (reason: Error): void => {
    stopped ??= reason
    killed = true
    k6.kill()
  }
  const onAbort = (): void => stop(fault('HIVE_INTERRUPTED', { during: 'the load test' }))
  options.signal.addEventListener('abort', onAbort, { once: true })
  const quietly = (work: Promise<void>): Promise<void> => work.catch(() => undefined)
  const deadline = quietly(
    options.clock.sleep(limitS * 1_000, ended.signal).then(() => stop(fault('HIVE_LOAD_TIMEOUT', { limitS }))),
  )
  const watch = watchMachine({ options, k6, recorder, signal: ended.signal })
  // Read apart from the exit, so that points which make no sense end the process that writes them.
  const reader = createPointReader((point) => recorder.add(point))
  const reading = readPoints(k6, reader).catch((error: unknown) => stop(toHiveError(error)))
  try {
    const exit = await k6.exited
    await reading
    if (killed) throw stopped ?? fault('HIVE_INTERRUPTED', { during: 'the load test' })
    const refused = refuseExit(exit, k6.said())
    if (refused !== undefined) throw refused
    // After the exit code: a k6 that crashed leaves a cut record behind, which is not what went wrong.
    reader.end()
    return { thresholdCrossed: exit.code === 99, machine: await finishWatch() }
  } finally {
    ended.abort()
    options.signal.removeEventListener('abort', onAbort)
    k6.kill()
    await Promise.all([deadline, watch, reading])
  }

  async function finishWatch(): Promise<LoadMachine> {
    ended.abort()
    const { first, last } = await watch
    return machineBetween(first, last)
  }
}

async function readPoints(k6: K6Process, reader: CsvReader): Promise<void> {
  for await (const chunk of k6.points) reader.write(String(chunk))
}

interface Watched {
  readonly options: LoadOptions
  readonly k6: K6Process
  readonly recorder: Recorder
  readonly signal: AbortSignal
}

interface Samples {
  readonly first: CpuSample | undefined
  readonly last: CpuSample | undefined
}

/** Samples CPU time while k6 runs and keeps what encloses the measured time. Reports progress along the way. */
async function watchMachine({ options, k6, recorder, signal }: Watched): Promise<Samples> {
  const { warmupS, durationS, clock } = options
  const totalS = warmupS + durationS
  const beganMs = clock.monotonicMs()
  let first: CpuSample | undefined
  let last: CpuSample | undefined
  while (!signal.aborted) {
    const elapsedS = (clock.monotonicMs() - beganMs) / 1_000
    if (elapsedS <= totalS || last === undefined) {
      const sample = await sampleCpu({ k6Pid: k6.pid, withTree: options.ownService === true })
      // k6's own ticks are gone once it has ended; such a sample would show a negative share.
      if (sample !== undefined && (sample.k6 > 0 || first === undefined)) {
        if (elapsedS <= warmupS || first === undefined) first = sample
        last = sample
      }
    }
    const doneS = Math.min(totalS, Math.round(recorder.reachedS()))
    options.progress({ step: doneS < warmupS ? 'warm up' : 'load', done: doneS, total: totalS, unit: 's' })
    await clock.sleep(samplePeriodMs, signal).catch(() => undefined)
  }
  return { first, last }
}
