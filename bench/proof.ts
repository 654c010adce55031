import { fileURLToPath } from 'node:url'
import { startPostgres } from '../src/environment/index.ts'
import { settings } from './copy.ts'
import { copyReference, psql, requirePeer, runPeer, secondsOf, tableNames } from './peer.ts'
import { allRows, prepareReference } from './reference-set.ts'
import { measureInterleaved, type BenchResult } from './result.ts'

/** The largest field of the reference set is under a kilobyte: its fourfold does not count. */
const residentBar = 256

/** Proves every value of the reference set, beside psql that only reads the same tables as binary COPY. */
export async function run(): Promise<BenchResult> {
  await requirePeer('psql', 'apt-get install postgresql-client')
  await using server = await startPostgres({ env: process.env, settings })
  await using prepared = await prepareReference()
  await using database = await server.createDatabase('bench_proof')
  await copyReference(prepared, { target: database.url })
  let resident = Number.NaN
  const prove = async (): Promise<number> => {
    const script = fileURLToPath(new URL('./proof-run.ts', import.meta.url))
    const output = await runPeer(process.execPath, [script, database.url, JSON.stringify(prepared.snapshots)])
    const measured = JSON.parse(output) as { seconds: number; residentBytes: number }
    resident = measured.residentBytes / 1_048_576
    return allRows / measured.seconds
  }
  const reads = tableNames(prepared.plan).map((table) => `\\copy ${table} to '/dev/null' (format binary)`)
  const limit = async (): Promise<number> => allRows / (await secondsOf(() => psql(database.url, reads.join('\n'))))
  return await measureInterleaved({
    name: 'proof',
    rounds: 5,
    subjects: [
      { name: 'proof of every value', unit: 'rows/s', run: prove },
      { name: 'psql, COPY TO binary', unit: 'rows/s', run: limit },
      { name: 'proof, resident', unit: 'MB', run: () => Promise.resolve(resident) },
      { name: 'bar: 256 MB', unit: 'MB', run: () => Promise.resolve(residentBar) },
    ],
    ratios: [
      { of: 'proof of every value', to: 'psql, COPY TO binary', bar: 0.35 },
      { of: 'proof, resident', to: 'bar: 256 MB', bar: 1, lower: true },
    ],
    environment: { rows: String(allRows), postgresql: `${server.version} (${server.origin})` },
  })
}
