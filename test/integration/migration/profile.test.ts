import { copyFile, mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateHive } from '../../../examples/legacy-hive/generator/hive.ts'
import {
  inspectSnapshots,
  inventoryOf,
  measureSnapshot,
  planMigration,
  profileDocumentSchema,
  profileOf,
  sourcePlanHash,
  takeSnapshots,
  writeSyntheticFile,
  type Decisions,
  type Inventory,
  type MigrationPlan,
  type ProfileSource,
} from '../../../src/migration/index.ts'
import { awkwardCases } from './awkward-cases.ts'
import { ruledSchemas } from './ruled-schemas.ts'
import { buildDatabase, migrate, openBench, type Bench } from './support.ts'

let bench: Bench
let folder: string
beforeAll(async () => {
  bench = await openBench()
  folder = bench.folder
})
afterAll(() => bench.close())

async function inspect(path: string): Promise<{ readonly inventory: Inventory; readonly profile: ProfileSource }> {
  const work = { signal: new AbortController().signal, progress: () => {} }
  const workFolder = await mkdtemp(join(folder, 'snapshot-'))
  const snapshots = await takeSnapshots([{ path }], { ...work, workFolder })
  const [inventory] = await inspectSnapshots(snapshots, work)
  const [snapshot] = snapshots
  if (inventory === undefined || snapshot === undefined) throw new Error(`no inventory of ${path}`)
  const profile = profileOf(inventory, { source: '0'.repeat(64), sizes: measureSnapshot(snapshot, inventory) })
  return { inventory, profile: JSON.parse(JSON.stringify(profile)) as ProfileSource }
}

/**
 * Everything of a plan that is no count, no example and no word. Which unit of time a decision proposes first is a guess
 * by the digits of the largest integer, and two numbers of one power of two may differ in those.
 */
function shapeOf(plan: MigrationPlan): unknown {
  const [source] = plan.document.sources
  return {
    tables: source?.tables.map(({ columns, ...table }) => ({
      ...table,
      columns: columns.map(({ reason: _reason, ...column }) => column),
    })),
    notCarried: source?.notCarried.map(({ kind, name, suggestion }) => ({ kind, name, suggestion })),
    pending: plan.pending.map(({ key, options, default: meanwhile }) => ({
      key,
      options: options.map((option) => option.replace(/epoch-\w+/, 'epoch')),
      meanwhile,
    })),
    objects: plan.sources[0]?.tables.map(({ objects, createSql }) => ({ objects, createSql })),
  }
}

async function threePlans(path: string, decisions: Decisions): Promise<readonly MigrationPlan[]> {
  const { inventory: real, profile } = await inspect(path)
  const place = await mkdtemp(join(folder, 'synthetic-'))
  await mkdir(place, { recursive: true })
  writeSyntheticFile(join(place, profile.name), profile)
  const { inventory: synthetic } = await inspect(join(place, profile.name))
  return [real, inventoryOf(profile, path), synthetic].map((inventory) =>
    planMigration([inventory], { sources: [{ path }], decisions }),
  )
}

async function expectOnePlan(path: string, decisions: Decisions): Promise<void> {
  const [real, profiled, synthetic] = await threePlans(path, decisions)
  if (real === undefined || profiled === undefined || synthetic === undefined) throw new Error('three plans')
  expect(shapeOf(profiled)).toEqual(shapeOf(real))
  expect(shapeOf(synthetic)).toEqual(shapeOf(real))
  const hashes = [real, profiled, synthetic].map((plan) => plan.document.sources.map(sourcePlanHash))
  expect(new Set(hashes.flat()).size).toBe(1)
}

interface Told {
  /** Everything that is no word of the format: texts, and names that a profile uses as keys. */
  readonly texts: readonly string[]
  readonly counts: readonly number[]
}

function toldBy(value: unknown, key = ''): Told {
  if (typeof value === 'string') return { texts: [value], counts: [] }
  if (typeof value === 'number') return { texts: [], counts: /^(bytes|maxBytes|least|most)$/.test(key) ? [] : [value] }
  if (typeof value !== 'object' || value === null) return { texts: [], counts: [] }
  const isRecord = key === 'formats' || key === 'mergedKeys'
  const inner = Object.entries(value).map(([name, item]) => toldBy(item, name))
  return {
    texts: [...(isRecord ? Object.keys(value) : []), ...inner.flatMap(({ texts }) => texts)],
    counts: inner.flatMap(({ counts }) => counts),
  }
}

/** What the profile of a file tells beyond that of the same file without a row must be none of its values. */
async function expectNoValue(path: string): Promise<void> {
  const { profile } = await inspect(path)
  profileDocumentSchema.parse({ schemaVersion: 1, kind: 'profile', tool: '', sources: [profile] })
  const emptied = join(await mkdtemp(join(folder, 'empty-')), basename(path))
  await copyFile(path, emptied)
  await copyFile(`${path}-wal`, `${emptied}-wal`).catch(() => {})
  const found = takeValues(emptied)
  const schema = toldBy((await inspect(emptied)).profile).texts.join('\n')
  const { texts, counts } = toldBy(profile)
  const told = texts.join('\n')
  expect([...found].filter((value) => told.includes(value) && !schema.includes(value))).toEqual([])
  // Numbers are counts of values and rows, and bits: none can be larger than the table that it is of, or than 63.
  const rows = Math.max(63, ...profile.tables.map((table) => table.rows))
  expect(counts.filter((count) => count > rows)).toEqual([])
}

/** Texts of four characters and numbers of four digits, in every way of writing; then nothing is left in the file. */
function takeValues(path: string): ReadonlySet<string> {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false, readBigInts: true, defensive: false })
  database.exec('PRAGMA ignore_check_constraints = on')
  const values = new Set<string>()
  const tables = database
    .prepare("SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .all()
  for (const trigger of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER "${String(trigger['name'])}"`)
  for (const { name } of tables) {
    const table = `"${String(name).replaceAll('"', '""')}"`
    if (String(name).startsWith('sqlite_')) continue
    for (const row of database.prepare(`SELECT * FROM ${table}`).all()) {
      for (const value of Object.values(row)) {
        if (typeof value === 'string' && value.length >= 4) values.add(JSON.stringify(value).slice(1, -1))
        if (typeof value === 'bigint' && (value > 999n || value < -999n)) values.add(String(value))
        if (typeof value === 'number' && String(value).length > 5) values.add(String(value))
        if (value instanceof Uint8Array && value.length >= 4) {
          for (const encoding of ['hex', 'base64', 'latin1'] as const) values.add(Buffer.from(value).toString(encoding))
        }
      }
    }
    database.exec(`DELETE FROM ${table}`)
  }
  database.close()
  return values
}

/** Copies and proves the made-up rows, as the gate does. Returns how many of them were refused. */
async function rehearse(
  path: string,
  place: { readonly schema: string; readonly decisions?: Decisions },
): Promise<number> {
  const made = join(await mkdtemp(join(folder, 'rehearsal-')), basename(path))
  writeSyntheticFile(made, (await inspect(path)).profile)
  const run = await migrate(bench, made, place)
  expect(run.verify.sources.flatMap(({ tables }) => tables.flatMap(({ differing }) => differing))).toEqual([])
  return (run.sources[0]?.quarantined ?? []).reduce((sum, { count }) => sum + count, 0)
}

for (const [index, awkward] of awkwardCases.entries()) {
  test(`one plan from the database, its profile and its made-up rows: ${awkward.name}`, async () => {
    const path = buildDatabase(join(folder, `case_${index}.db`), awkward.build)
    const decisions = awkward.decisions ?? {}
    await expectOnePlan(path, decisions)
    await expectNoValue(path)
    expect(await rehearse(path, { schema: `made_up_${index}`, decisions })).toBe(awkward.quarantined ?? 0)
  })
}

test.each(ruledSchemas)('one plan from the database, its profile and its made-up rows: %s', async (name, sql) => {
  const file = name.replaceAll(' ', '_')
  const path = buildDatabase(join(folder, `${file}.db`), sql)
  await expectOnePlan(path, {})
  await expectNoValue(path)
  expect(await rehearse(path, { schema: file })).toBe(0)
})

test('one plan from every database of the legacy hive, its profile and its made-up rows', async () => {
  const hive = join(folder, 'hive')
  await generateHive({ seed: 11, totalRows: 3_000, folder: hive })
  const files = (await readdir(hive, { recursive: true })).filter((file) => file.endsWith('.db'))
  expect(files.length).toBeGreaterThanOrEqual(9)
  for (const [index, file] of files.entries()) {
    await expectOnePlan(join(hive, file), {})
    await expectNoValue(join(hive, file))
    expect(await rehearse(join(hive, file), { schema: `hive_${index}` })).toBe(0)
  }
})

/** Random values of every class under random declarations, with a key, a unique text and a child. */
const randomTable = fc.record({
  declared: fc.array(
    fc.constantFrom('INTEGER', 'TEXT', 'REAL', 'BLOB', '', 'NUMERIC', 'BOOLEAN', 'DATETIME', 'DATE', 'JSON', 'UUID'),
    { minLength: 1, maxLength: 5 },
  ),
  rows: fc.array(
    fc.array(
      fc.oneof(
        fc.constantFrom(null, 0n, 1n, ''),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.integer({ min: -100_000, max: 100_000 }).map(BigInt),
        fc.double({ noNaN: true }),
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.uuid(),
        fc.date({ min: new Date(0), noInvalidDate: true }).map((date) => date.toISOString()),
        fc.json({ maxDepth: 1 }),
        fc.uint8Array({ maxLength: 20 }),
      ),
      { minLength: 5, maxLength: 5 },
    ),
    { maxLength: 12 },
  ),
})

test('a profile of random data leads to the same plan and tells no value', async () => {
  const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2 ** 31)
  console.log(`seed ${seed}`)
  let number = 0
  await fc.assert(
    fc.asyncProperty(randomTable, async ({ declared, rows }) => {
      const path = buildDatabase(join(folder, `random-${(number += 1)}.db`), (database) => {
        const columns = declared.map((type, index) => `c${index} ${type}`)
        database.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, ${columns.join(', ')})`)
        const insert = database.prepare(`INSERT INTO t VALUES (NULL, ${declared.map(() => '?').join(', ')})`)
        for (const row of rows) insert.run(...row.slice(0, declared.length))
      })
      await expectOnePlan(path, {})
      await expectNoValue(path)
    }),
    { seed, numRuns: process.env['HIVE_TEST_PROFILE'] === 'full' ? 400 : 15 },
  )
})
