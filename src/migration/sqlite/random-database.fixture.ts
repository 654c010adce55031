import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** Numbers below `limit`, the same for the same seed. */
export type Random = (limit: number) => number

export function randomFrom(seed: number): Random {
  let state = seed | 0
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random(items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

export interface Shape {
  readonly pageSize: number
  /** Bytes at the end of every page that SQLite leaves alone, as extensions ask for. */
  readonly reserved: number
  readonly autoVacuum: 0 | 1 | 2
  readonly rows: number
}

export function randomShape(random: Random): Shape {
  const pageSize = oneOf(random, [512, 512, 1_024, 4_096, 8_192, 65_536])
  const reserved = random(3) === 0 ? random(Math.min(255, pageSize - 480) + 1) : 0
  return { pageSize, reserved, autoVacuum: oneOf(random, [0, 1, 2]), rows: 20 + random(180) }
}

const keys = [
  'id INTEGER PRIMARY KEY',
  'id INTEGER PRIMARY KEY AUTOINCREMENT',
  'id INT PRIMARY KEY',
  'id INTEGER PRIMARY KEY DESC',
  'id integer',
  'id TEXT PRIMARY KEY',
  'id',
]
const keyClauses = ['', ', PRIMARY KEY(id DESC)', ', PRIMARY KEY(id, a)', ', UNIQUE(id)']
const types = [
  'INTEGER',
  'REAL',
  'TEXT',
  'BLOB',
  'NUMERIC',
  '',
  'DOUBLE',
  'FLOATING POINT',
  'BOOLEAN',
  'DATETIME',
  'JSON',
]
const defaults = ["'new'", '7', '2.0', "x'00ff'", 'NULL', "'7'", '-9223372036854775808', '1e999', "'ä\uFFFD'"]

/** Writes a database whose pages have lived: rows deleted and grown, columns added and dropped, pages freed. */
export function writeRandomDatabase(path: string, { random, shape }: { random: Random; shape: Shape }): void {
  startFile(path, shape)
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  try {
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY')
    for (let table = 0; table < 2; table += 1) fillTable(database, { name: `t ${table}`, random, shape })
    if (random(3) === 0) database.exec('DROP TABLE "t 0"')
  } finally {
    database.close()
  }
}

function startFile(path: string, { pageSize, reserved, autoVacuum }: Shape): void {
  const database = new DatabaseSync(path)
  database.exec(
    `PRAGMA synchronous = OFF; PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${autoVacuum}; PRAGMA user_version = 1; VACUUM`,
  )
  database.close()
  if (reserved === 0) return
  const bytes = readFileSync(path)
  bytes[20] = reserved
  // The empty schema's cells begin where the usable part of page 1 ends.
  bytes.writeUInt16BE((pageSize - reserved) % 65_536, 105)
  writeFileSync(path, bytes)
}

function fillTable(database: DatabaseSync, table: { name: string; random: Random; shape: Shape }): void {
  const { name, random, shape } = table
  const key = oneOf(random, keys)
  const clause = key.includes('PRIMARY') ? '' : oneOf(random, keyClauses)
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, 2 + random(4))
  const columns = names.map((column) => `${column} ${oneOf(random, types)}`)
  const generated = oneOf(random, ['', '', ', g TEXT AS (a || b) STORED, h INTEGER AS (typeof(a) = typeof(b)) VIRTUAL'])
  const ending = random(8) === 0 && clause.includes('PRIMARY') ? ' WITHOUT ROWID' : ''
  database.exec(`CREATE TABLE "${name}"(${key}, ${columns.join(', ')}${generated}${clause})${ending}`)
  const insert = (): void => {
    const list = ['id', ...names]
    const statement = database.prepare(
      `INSERT OR IGNORE INTO "${name}"(${list.join(', ')}) VALUES (${list.map(() => '?').join(', ')})`,
    )
    for (let row = 0; row < shape.rows; row += 1) {
      const id = random(4) === 0 ? randomInteger(random) : BigInt(random(1_000_000) - 300_000)
      statement.run(key.startsWith('id TEXT') ? String(id) : id, ...names.map(() => randomValue(random, shape)))
    }
    // No parameter can bind text that is not valid.
    const last = names[names.length - 1] ?? 'a'
    database.exec(
      `UPDATE OR IGNORE "${name}" SET ${last} = CAST(x'61ff62' AS TEXT) WHERE (CAST(id AS INTEGER) & 1023) % 40 = 0`,
    )
  }
  database.exec('BEGIN')
  insert()
  const added = random(3)
  for (let index = 0; index < added; index += 1) {
    const fallback = oneOf(random, ['', ...defaults.map((value) => ` DEFAULT ${value}`)])
    database.exec(`ALTER TABLE "${name}" ADD COLUMN n${index} ${oneOf(random, types)}${fallback}`)
    names.push(`n${index}`)
  }
  if (added > 0) insert()
  if (generated === '' && clause === '' && names.length > 2 && random(3) === 0) {
    database.exec(`ALTER TABLE "${name}" DROP COLUMN b`)
    names.splice(1, 1)
  }
  database.exec(`DELETE FROM "${name}" WHERE (CAST(id AS INTEGER) & 1023) % 3 = 0; COMMIT`)
  if (random(4) === 0) database.exec(`DELETE FROM "${name}"`)
}

function randomInteger(random: Random): bigint {
  const bits = BigInt(1 + random(63))
  const value = (BigInt(random(2 ** 31)) << 32n) | BigInt(random(2 ** 32))
  const short = value & ((1n << bits) - 1n)
  return random(2) === 0 ? short : -short - 1n
}

const texts = [
  '',
  'a',
  'Ärger',
  'nul\0inside',
  '\uFFFD',
  '\uFEFFmark',
  '😀',
  '2026-01-31 12:00:00',
  '2026-02-29T12:00:00.5Z',
  '0001-01-01 00:00:00',
  '9999-12-31T23:59:59.999999+15:59',
  '2026-01-31 24:00:00',
  '1969-12-31 23:59:59.000001',
  '2026-01-31',
  '12:00:00',
  '{"a": [1, -0.5e3, "\\u00e4", null]}',
  '{"a":1,}',
  '[01]',
  ' [] ',
  '"\u0001"',
  '00000000-0000-4000-8000-00000000000a',
  '0',
  '1',
  '5.0',
]

function randomValue(random: Random, shape: Shape): SQLInputValue {
  switch (random(10)) {
    case 0:
      return null
    case 1:
      return randomInteger(random)
    case 2:
      return BigInt(random(4))
    case 3:
      return oneOf(random, [0, -0, 1.5, 1e300, Infinity, -Infinity, 5e-324, 3, 2 ** 53, -7])
    case 4:
      return (random(2 ** 31) - 2 ** 30) / 8
    case 5:
      return Buffer.from(Array.from({ length: random(40) }, () => random(256)))
    case 6:
      return 'é'.repeat(random(3 * shape.pageSize))
    case 7:
      return random(40) === 0 ? Buffer.alloc(random(40 * shape.pageSize), 0xab) : 'x'.repeat(random(shape.pageSize))
    default:
      return oneOf(random, texts)
  }
}
