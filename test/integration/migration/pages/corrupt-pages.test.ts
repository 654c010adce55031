import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { isHiveError } from '../../../../src/core/index.ts'
import type { PlanTable } from '../../../../src/migration/documents.ts'
import { sqliteCode } from '../../../../src/migration/sqlite/open.ts'
import { SnapshotReader } from '../../../../src/migration/sqlite/table-reader.ts'
import { coverTable } from '../../../../src/migration/pages/coverage.ts'
import { firstDifference, randomPlan, readByPages, readBySqlite, type ReadRow } from './both-readers.ts'
import {
  oneOf,
  randomFrom,
  randomShape,
  writeRandomDatabase,
  type Random,
} from '../../../../src/migration/sqlite/random-database.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'hive-corrupt-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const files = process.env['HIVE_TEST_PROFILE'] === 'full' ? 10_000 : 300
const filesOfADatabase = 20
const firstSeed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

type Damage = (bytes: Buffer, random: Random, pageSize: number) => Buffer

const damages: Readonly<Record<string, Damage>> = {
  'flipped bytes': (bytes, random) => {
    for (let count = 1 + random(8); count > 0; count -= 1) {
      const at = random(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    }
    return bytes
  },
  'flipped bytes where a page begins': (bytes, random, pageSize) => {
    for (let count = 1 + random(4); count > 0; count -= 1) {
      bytes[random(bytes.length / pageSize) * pageSize + random(40)] = random(256)
    }
    return bytes
  },
  truncation: (bytes, random) => bytes.subarray(0, random(bytes.length)),
  'pages exchanged': (bytes, random, pageSize) => {
    const [one, other] = [random(bytes.length / pageSize), random(bytes.length / pageSize)]
    const kept = Buffer.from(bytes.subarray(one * pageSize, (one + 1) * pageSize))
    bytes.copy(bytes, one * pageSize, other * pageSize, (other + 1) * pageSize)
    kept.copy(bytes, other * pageSize)
    return bytes
  },
  // Children, overflow chains and right-most pointers are page numbers: most such writes make a cycle or a crossing.
  'page numbers instead of page numbers': (bytes, random, pageSize) => {
    const pages = bytes.length / pageSize
    for (let tries = 0, done = 0; tries < 20_000 && done < 2; tries += 1) {
      const at = random(bytes.length - 4)
      const number = bytes.readUInt32BE(at)
      if (number < 2 || number > pages) continue
      bytes.writeUInt32BE(1 + random(pages), at)
      done += 1
    }
    return bytes
  },
}

type Outcome = 'schema refused' | 'fault' | 'same rows' | 'SQLite gave up'

/** What becomes of a table of a damaged file; throws whatever is no coded fault. */
function outcomeOf(path: string, { table, label }: { table: PlanTable; label: string }): Outcome {
  let pages: ReturnType<typeof readByPages>
  try {
    pages = readByPages(path, table)
  } catch (error) {
    if (isHiveError(error, 'HIVE_SOURCE_CORRUPT')) return 'fault'
    // What SQLite says of the schema, before a page is read.
    if (sqliteCode(error) !== undefined) return 'schema refused'
    throw error
  }
  const sqlite = bySqlite(path, table)
  if (sqlite === undefined) return 'SQLite gave up'
  expect(firstDifference(pages.rows, sqlite), label).toBeUndefined()
  return 'same rows'
}

function bySqlite(path: string, table: PlanTable): readonly ReadRow[] | undefined {
  const reader = new SnapshotReader(path)
  try {
    return readBySqlite(reader, table)
  } catch {
    return undefined
  } finally {
    reader.close()
  }
}

/** A database, and a table of it that is read by pages. */
function coveredTable(path: string, random: Random): { readonly table: PlanTable; readonly pageSize: number } {
  for (;;) {
    const shape = { ...randomShape(random), rows: 60 }
    rmSync(path, { force: true })
    writeRandomDatabase(path, { random, shape })
    const reader = new SnapshotReader(path)
    const table = randomPlan(reader, { name: 't 1', random })
    const coverage = coverTable(reader.facts(table.name), table)
    reader.close()
    if (coverage.kind === 'pages') return { table, pageSize: shape.pageSize }
  }
}

test(`${files} damaged files end in a coded fault or in the rows that SQLite reads`, () => {
  const outcomes: Record<string, number> = {}
  const path = join(folder, 'damaged.db')
  let slowestMs = 0
  for (let index = 0; index < files / filesOfADatabase; index += 1) {
    const seed = firstSeed + index
    const random = randomFrom(seed)
    const original = join(folder, `${seed}.db`)
    const { table, pageSize } = coveredTable(original, random)
    const bytes = readFileSync(original)
    rmSync(original)
    for (let copy = 0; copy < filesOfADatabase; copy += 1) {
      const [kind, damage] = oneOf(random, Object.entries(damages))
      writeFileSync(path, damage(Buffer.from(bytes), random, pageSize))
      const startedAt = performance.now()
      const outcome = outcomeOf(path, { table, label: `seed ${seed}, file ${copy}, ${kind}` })
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
  }
  console.log(`seed ${firstSeed}`, outcomes, `slowest ${Math.round(slowestMs)} ms`)
  expect(outcomes['fault']).toBeGreaterThan(files / 20)
  expect(outcomes['same rows']).toBeGreaterThan(files / 20)
  expect(slowestMs).toBeLessThan(5_000)
}, 300_000)

test.each([
  ['a child that is its own parent', (bytes: Buffer, root: number) => bytes.writeUInt32BE(root, (root - 1) * 512 + 8)],
  ['a child beyond the file', (bytes: Buffer, root: number) => bytes.writeUInt32BE(1e9, (root - 1) * 512 + 8)],
  ['an index where the table should be', (bytes: Buffer, root: number) => bytes.writeUInt8(0x02, (root - 1) * 512)],
])('%s is a fault that names the page', (_, damage) => {
  const path = join(folder, 'named.db')
  rmSync(path, { force: true })
  const database = new DatabaseSync(path, { returnArrays: true })
  database.exec(`PRAGMA page_size = 512; CREATE TABLE t(a);
    INSERT INTO t WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 900) SELECT value FROM n`)
  const [root] = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 't'").get() as unknown as [number]
  database.close()
  const bytes = readFileSync(path)
  damage(bytes, root)
  writeFileSync(path, bytes)
  const column = { name: 'a', declared: '', target: 'a', type: 'bigint', conversion: 'identity', reason: '' } as const
  expect(() => readByPages(path, { name: 't', target: 't', key: [], columns: [column] })).toThrow(
    expect.objectContaining({
      code: 'HIVE_SOURCE_CORRUPT',
      message: expect.stringContaining(`could not trust app.db: page ${root}: `),
    }),
  )
})
