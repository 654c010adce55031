import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Part {
  readonly waitUntilReady: () => Promise<unknown>
  readonly close: () => Promise<unknown>
}

interface JobData {
  readonly n: number
}

/** What the benchmark uses of BullMQ. */
export interface BullMq {
  readonly version: string
  readonly Queue: new (
    name: string,
    options: object,
  ) => Part & { readonly add: (name: string, data: JobData, options: object) => Promise<unknown> }
  readonly Worker: new (name: string, work: (job: { readonly data: JobData }) => Promise<void>, options: object) => Part
}

/** @throws where it is not installed: the subject cannot be run, and the benchmark exits 2 */
export function requireBullMq(): BullMq {
  const folder = process.env['HIVE_BENCH_BULLMQ'] ?? ''
  try {
    const load = createRequire(join(folder, 'package.json'))
    const { version } = load('bullmq/package.json') as { version: string }
    return { ...(load('bullmq') as Omit<BullMq, 'version'>), version }
  } catch (error) {
    throw new Error(
      'could not run the peer BullMQ: not found, HIVE_BENCH_BULLMQ has to name its folder\n  npm install --prefix DIR bullmq@6.7.0 ioredis@5',
      { cause: error },
    )
  }
}
