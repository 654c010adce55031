import { inspectSnapshots } from '../src/migration/index.ts'
import { allRows, prepareReference, quiet } from './reference-set.ts'
import { measureInterleaved, type BenchResult } from './result.ts'

/** All evidence of a single pass over every value, in rows a second of CPU; keys, orphans and checks apart. */
export async function run(): Promise<BenchResult> {
  await using prepared = await prepareReference()
  let apart = Number.NaN
  const inspect = async (): Promise<number> => {
    const cpu = { pass: 0, apart: 0 }
    let place: keyof typeof cpu = 'pass'
    let before = process.cpuUsage()
    const charge = (): void => {
      const { user, system } = process.cpuUsage(before)
      before = process.cpuUsage()
      cpu[place] += (user + system) / 1_000_000
    }
    await inspectSnapshots(prepared.snapshots, {
      signal: quiet.signal,
      progress: ({ step }) => {
        charge()
        place = step.startsWith('keys of ') ? 'apart' : 'pass'
      },
    })
    charge()
    apart = cpu.apart
    return allRows / cpu.pass
  }
  return await measureInterleaved({
    name: 'inspect',
    rounds: 5,
    subjects: [
      { name: 'evidence of every value', unit: 'rows/CPU s', run: inspect },
      { name: 'keys, orphans, checks', unit: 'CPU s', run: () => Promise.resolve(apart) },
      { name: 'bar: 0.5 M rows/s', unit: 'rows/CPU s', run: () => Promise.resolve(500_000) },
    ],
    ratios: [{ of: 'evidence of every value', to: 'bar: 0.5 M rows/s', bar: 1 }],
    environment: { rows: String(allRows) },
  })
}
