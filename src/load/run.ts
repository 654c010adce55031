import { stat } from 'node:fs/promises'
import { fault } from '../core/index.ts'
import { calibrate } from './calibrate.ts'
import { measureService } from './measure.ts'
import { checkOptions } from './result.ts'
import type { LoadOptions, LoadRun } from './types.ts'

/**
 * Runs one load test and returns what it measured.
 *
 * Throws a HIVE_LOAD_ error for everything that is no measurement: k6 missing, crashed, cut short or too slow,
 * points that cannot be read, no write, no answer, no counter of deliveries; HIVE_INTERRUPTED when the signal is
 * aborted. In every case k6 has ended and nothing is left in the work folder when the promise settles.
 */
export async function runLoad(options: LoadOptions): Promise<LoadRun> {
  checkOptions(options)
  for (const script of [options.script, options.calibrationScript]) {
    if (script === undefined || (await isFile(script))) continue
    throw fault('HIVE_LOAD_OPTION', { option: 'script', value: script, wanted: 'a k6 script' })
  }
  if (options.signal.aborted) throw fault('HIVE_INTERRUPTED', { during: 'the load test' })
  const calibration =
    options.calibrationScript === undefined ? undefined : await calibrate(options, options.calibrationScript)
  const run = await measureService(options)
  return calibration === undefined ? run : { ...run, calibration }
}

async function isFile(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined)
  return facts?.isFile() === true
}
