import { join } from 'node:path'
import { tableStatements } from '../src/migration/ddl.ts'
import { takeSnapshots } from '../src/migration/index.ts'
import { startPostgres, type PostgresServer } from '../src/environment/index.ts'
import { copyReference, psql, requirePeer, runPeer, secondsOf, tableNames } from './peer.ts'
import { allRows, prepareReference, quiet, scratchFolder, type Prepared } from './reference-set.ts'
import { measureInterleaved, type BenchResult } from './result.ts'

const rounds = 3
/** One server for all subjects, durable as PostgreSQL is by default, with room for the data. */
export const settings = { shared_buffers: '1GB', max_wal_size: '8GB', wal_level: 'replica' }

/**
 * Copies the reference set into an empty database, rows only and with everything, beside pgloader and beside the limit:
 * psql with files that are binary COPY already.
 */
export async function run(): Promise<BenchResult> {
  const pgloader = await requirePeer('pgloader', 'apt-get install pgloader')
  await requirePeer('psql', 'apt-get install postgresql-client')
  await using server = await startPostgres({ env: process.env, settings })
  await using prepared = await prepareReference()
  await using scratch = await scratchFolder('copy')
  const files = await binaryFiles(server, { prepared, folder: scratch.path })
  let snapshotSeconds = Number.NaN

  const ours = async (kind: 'rows' | 'everything'): Promise<number> => {
    await using database = await server.createDatabase('bench_copy')
    const folder = join(scratch.path, 'snapshot')
    // The integrity check belongs to the snapshot, and must be over before the rows are timed.
    snapshotSeconds = await secondsOf(async () => {
      const taken = await takeSnapshots([{ path: prepared.path }], { ...quiet, workFolder: folder })
      for (const { sound } of taken) await sound
    })
    let first = Number.NaN
    let last = Number.NaN
    const onStep = (step: string): void => {
      if (Number.isNaN(first) && step.startsWith('copy ')) first = performance.now()
      if (step.startsWith('create keys')) last = performance.now()
    }
    const seconds = await secondsOf(() => copyReference(prepared, { target: database.url, onStep }))
    return allRows / (kind === 'rows' ? (last - first) / 1_000 : seconds + snapshotSeconds)
  }
  const load = async (options: readonly string[]): Promise<number> => {
    await using database = await server.createDatabase('bench_pgloader')
    const args = [...options, `sqlite://${prepared.path}`, database.url]
    const seconds = await secondsOf(() => runPeer('pgloader', args))
    await refuseMissing(database.url, prepared)
    return allRows / seconds
  }
  const limit = async (): Promise<number> => {
    await using database = await server.createDatabase('bench_psql')
    await psql(database.url, createTables(prepared))
    const seconds = await secondsOf(() => psql(database.url, `BEGIN;\n${copyFrom(files)}\nCOMMIT;`))
    return allRows / seconds
  }
  const rowsOnly = ['--with', 'create no indexes', '--with', 'no foreign keys', '--with', 'reset no sequences']
  return await measureInterleaved({
    name: 'copy',
    rounds,
    subjects: [
      { name: 'ours, rows', unit: 'rows/s', run: () => ours('rows') },
      { name: 'pgloader, rows', unit: 'rows/s', run: () => load(rowsOnly) },
      { name: 'psql \\copy of binary files', unit: 'rows/s', run: limit },
      { name: 'ours, everything', unit: 'rows/s', run: () => ours('everything') },
      { name: 'pgloader, everything', unit: 'rows/s', run: () => load([]) },
      { name: 'snapshot', unit: 's', run: () => Promise.resolve(snapshotSeconds) },
    ],
    ratios: [
      { of: 'ours, rows', to: 'pgloader, rows', bar: 6 },
      { of: 'ours, rows', to: 'psql \\copy of binary files', bar: 0.85 },
      { of: 'ours, everything', to: 'pgloader, everything', bar: 4 },
    ],
    environment: { rows: String(allRows), postgresql: `${server.version} (${server.origin})`, pgloader },
  })
}

interface BinaryFile {
  readonly table: string
  readonly path: string
}

/** What PostgreSQL itself writes of a finished copy: the limit needs no work on its side. */
async function binaryFiles(
  server: PostgresServer,
  { prepared, folder }: { readonly prepared: Prepared; readonly folder: string },
): Promise<readonly BinaryFile[]> {
  await using database = await server.createDatabase('bench_files')
  await copyReference(prepared, { target: database.url })
  const files = tableNames(prepared.plan).map((table, index) => ({ table, path: join(folder, `${index}.bin`) }))
  await psql(database.url, files.map(({ table, path }) => `\\copy ${table} to '${path}' (format binary)`).join('\n'))
  return files
}

function createTables({ plan }: Prepared): string {
  return plan.sources
    .flatMap(tableStatements)
    .map((sql) => `${sql};`)
    .join('\n')
}

function copyFrom(files: readonly BinaryFile[]): string {
  return files.map(({ table, path }) => `\\copy ${table} from '${path}' (format binary)`).join('\n')
}

/** pgloader exits 0 when tables or rows are missing: a figure counts only with all rows. */
async function refuseMissing(url: string, { plan }: Prepared): Promise<void> {
  const counts = tableNames(plan).map((table) => `(SELECT count(*) FROM ${table})`)
  const found = Number((await psql(url, `\\pset tuples_only on\nSELECT ${counts.join(' + ')};`)).trim())
  if (found !== allRows) throw new Error(`pgloader copied ${found} rows, wanted ${allRows}`)
}
