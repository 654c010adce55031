import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  planMigration,
  inspectSnapshots,
  takeSnapshots,
  type MigrationPlan,
  type Snapshot,
} from '../src/migration/index.ts'

/** Rows of the large table; a fifth as many children. `HIVE_BENCH_ROWS=100000` makes a run of about a minute. */
export const itemRows = Number(process.env['HIVE_BENCH_ROWS'] ?? 1_000_000)
export const childRows = Math.floor(itemRows / 5)
export const allRows = itemRows + childRows

const cache = join(import.meta.dirname, '../.hive/bench')

/** Path of the reference set, made once: ten mixed columns, a child table, keys, indexes, a foreign key. */
export async function referenceSet(rows = itemRows): Promise<string> {
  const path = join(cache, `reference-v1-${rows}.db`)
  if (existsSync(path)) return path
  await mkdir(cache, { recursive: true })
  process.stderr.write(`making the reference set of ${rows} rows\n`)
  const unfinished = `${path}.${process.pid}`
  fill(unfinished, rows)
  await rename(unfinished, path)
  return path
}

export const quiet = { signal: new AbortController().signal, progress: (): void => {} }

export interface Prepared extends AsyncDisposable {
  readonly path: string
  readonly snapshots: readonly Snapshot[]
  readonly plan: MigrationPlan
}

/** The reference set with a snapshot and a plan. */
export async function prepareReference(rows = itemRows): Promise<Prepared> {
  const path = await referenceSet(rows)
  const workFolder = join(cache, `work-${process.pid}-${rows}`)
  const sources = [{ path }]
  const snapshots = await takeSnapshots(sources, { ...quiet, workFolder })
  const inventories = await inspectSnapshots(snapshots, quiet)
  const plan = planMigration(inventories, { sources, decisions: {} })
  return { path, snapshots, plan, [Symbol.asyncDispose]: () => rm(workFolder, { recursive: true, force: true }) }
}

/** A scratch folder beside the cache, removed at the end. */
export async function scratchFolder(label: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = join(cache, `${label}-${process.pid}`)
  await mkdir(path, { recursive: true })
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

function fill(path: string, rows: number): void {
  const database = new DatabaseSync(path)
  try {
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE item(
        id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL, price REAL NOT NULL,
        active BOOLEAN NOT NULL, created TIMESTAMP NOT NULL, meta JSON NOT NULL, body TEXT NOT NULL,
        payload BLOB NOT NULL, note TEXT);
      CREATE TABLE review(
        id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item(id), rating INTEGER NOT NULL,
        text TEXT NOT NULL);
      BEGIN`)
    const random = mulberry32(20_251_125)
    const pick = (limit: number): number => Math.floor(random() * limit)
    const item = database.prepare('INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    for (let id = 1; id <= rows; id += 1) {
      const created = new Date(1_577_836_800_000 + pick(1_577_836_800) * 100).toISOString()
      item.run(
        id,
        pick(50_000),
        `item ${id} ${words(pick, 2)}`,
        random() * 1_000,
        pick(2),
        created.slice(0, 19).replace('T', ' '),
        `{"tags": ["${word(pick)}", "${word(pick)}"], "score": ${random()}, "seen": ${pick(2) === 1}}`,
        words(pick, 3 + pick(12)),
        Buffer.from(Array.from({ length: 16 }, () => pick(256))),
        pick(3) === 0 ? null : words(pick, 4),
      )
    }
    const review = database.prepare('INSERT INTO review VALUES (?, ?, ?, ?)')
    for (let id = 1; id <= Math.floor(rows / 5); id += 1) review.run(id, 1 + pick(rows), pick(6), words(pick, 8))
    database.exec(`COMMIT; CREATE INDEX item_owner ON item(owner); CREATE INDEX item_name ON item(name);
      CREATE INDEX review_item ON review(item_id)`)
  } finally {
    database.close()
  }
}

const syllables = 'ka lo mi né ta ru si po ve da zu ñe ba fo gi'.split(' ')

type Pick = (limit: number) => number

function word(pick: Pick): string {
  return `${syllables[pick(syllables.length)] ?? ''}${syllables[pick(syllables.length)] ?? ''}`
}

function words(pick: Pick, count: number): string {
  return Array.from({ length: count }, () => word(pick)).join(' ')
}

/** A small generator with a seed: the set is the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
