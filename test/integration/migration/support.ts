import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { startPostgres, type PostgresServer, type ScratchDatabase } from '../../../src/environment/index.ts'
import { runMigration, type Decisions, type MigrationRun } from '../../../src/migration/index.ts'

/** A server, a scratch database and a folder, for one test file. */
export interface Bench {
  readonly folder: string
  readonly url: string
  readonly server: PostgresServer
  /** Ordinary text protocol: nothing of it is shared with copy or proof. */
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>
  readonly close: () => Promise<void>
}

export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-migration-test-'))
  const server = await startPostgres({
    env: process.env,
    // Nothing here outlives the test, so nothing needs to reach the disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  })
  const scratch: ScratchDatabase = await server.createDatabase('migration_test')
  const client = new Client({ connectionString: scratch.url })
  client.on('error', () => {})
  await client.connect()
  return {
    folder,
    url: scratch.url,
    server,
    query: async (sql, values = []) => {
      const { rows } = await client.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' })
      return rows
    },
    close: async () => {
      await client.end().catch(() => {})
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Build = string | ((database: DatabaseSync) => void)

/** Writes a SQLite file. Foreign keys are not enforced, as in most applications. */
export function buildDatabase(path: string, build: Build): string {
  const database = new DatabaseSync(path, {
    enableForeignKeyConstraints: false,
    enableDoubleQuotedStringLiterals: true,
    defensive: false,
  })
  try {
    if (typeof build === 'string') database.exec(build)
    else build(database)
  } finally {
    database.close()
  }
  return path
}

export interface MigrateOptions {
  readonly schema: string
  readonly decisions?: Decisions
  readonly beforeVerify?: () => Promise<void>
}

export async function migrate(bench: Bench, path: string, options: MigrateOptions): Promise<MigrationRun> {
  const workFolder = await mkdtemp(join(bench.folder, 'work-'))
  return runMigration({
    sources: [{ path, schema: options.schema }],
    target: bench.url,
    decisions: options.decisions ?? {},
    workFolder,
    signal: new AbortController().signal,
    progress: () => {},
    ...(options.beforeVerify === undefined ? {} : { beforeVerify: options.beforeVerify }),
  })
}

/** Every value of a table as one list of texts a row, sorted: from SQLite by `typeof` and hex, from PostgreSQL by cast. */
export interface BothSides {
  readonly sqlite: readonly string[]
  readonly postgres: readonly string[]
}

/**
 * Reads one migrated table from both databases by ways that the product does not use: `quote`-like SQL in SQLite, casts to
 * text in PostgreSQL.
 */
export async function readBothSides(
  bench: Bench,
  source: { readonly path: string; readonly run: MigrationRun; readonly table: string },
): Promise<BothSides> {
  const [planned] = source.run.plan.sources
  const table = planned?.tables.find(({ name }) => name === source.table)
  if (planned === undefined || table === undefined) throw new Error(`no table ${source.table} in the plan`)
  const q = (name: string): string => `"${name.replaceAll('"', '""')}"`
  const database = new DatabaseSync(source.path, { readOnly: true, returnArrays: true, readBigInts: true })
  const fields = table.columns.flatMap(({ name }) => [q(name), `hex(${q(name)})`, `typeof(${q(name)})`])
  const rows = database.prepare(`SELECT ${fields.join(', ')} FROM ${q(table.name)}`).all() as unknown as unknown[][]
  const [encoding] = database.prepare('PRAGMA encoding').get() as unknown as [string]
  database.close()
  const sqlite = rows.map((row) =>
    JSON.stringify(
      table.columns.map(({ conversion }, index) => {
        const [value, hex, type] = [row[index * 3], String(row[index * 3 + 1]), String(row[index * 3 + 2])]
        const isWide = type === 'text' && encoding === 'UTF-16le'
        const bytes = isWide ? Buffer.from(Buffer.from(hex, 'hex').toString('utf16le')).toString('hex') : hex
        return sqliteText(conversion, [value, bytes, type])
      }),
    ),
  )
  const casts = table.columns.map(({ target, type }) => postgresText(type, q(target)))
  const found = await bench.query(`SELECT ${casts.join(', ')} FROM ${q(planned.schema)}.${q(table.target)}`)
  const postgres = found.map((row) =>
    JSON.stringify(row.map((value, index) => normalNumber(table.columns[index]?.type ?? '', value))),
  )
  return { sqlite: sqlite.sort(), postgres: postgres.sort() }
}

function postgresText(type: string, column: string): string {
  switch (type) {
    case 'bytea':
      return `encode(${column}, 'hex')`
    case 'text':
    case 'json':
      return `encode(convert_to(${column}::text, 'UTF8'), 'hex')`
    case 'timestamp':
      return `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS.US')`
    case 'timestamptz':
      return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`
    default:
      return `${column}::text`
  }
}

function normalNumber(type: string, value: unknown): unknown {
  if (value === null) return null
  if (type === 'double precision') return realBits(Number(value))
  return type === 'numeric' ? numericForm(String(value)) : value
}

function realBits(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.toString('hex')
}

/** The documented inverse of `decimal`: an integral number within 64 bits is an integer, any other a real. */
function numericForm(text: string): string {
  const integral = /^-?\d+$/.test(text) ? BigInt(text) : undefined
  const isInteger = integral !== undefined && BigInt.asIntN(64, integral) === integral
  return isInteger ? text : realBits(Number(text))
}

function sqliteText(conversion: string, [value, hex, type]: readonly [unknown, string, string]): unknown {
  if (type === 'null') return null
  switch (conversion) {
    case 'identity':
      if (type === 'integer') return String(value)
      return type === 'real' ? realBits(Number(value)) : hex.toLowerCase()
    case 'boolean':
      return value === 1n ? 'true' : 'false'
    case 'iso-timestamp': {
      const text = String(value)
      const date = /Z$|[+-]\d\d:\d\d$/.test(text) ? new Date(text) : new Date(`${text.replace(' ', 'T')}Z`)
      const fraction = (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(6, '0')
      return `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction}`
    }
    case 'epoch-s':
    case 'epoch-ms': {
      const milliseconds = Number(value) * (conversion === 'epoch-s' ? 1000 : 1)
      return `${new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ')}000`
    }
    case 'decimal':
      return type === 'integer' ? String(value) : realBits(Number(value))
    case 'json':
      return hex.toLowerCase()
    case 'uuid-blob':
      return hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    case 'mixed-text':
    case 'mixed-bytea':
      if (type === 'integer') return Buffer.from(String(value)).toString('hex')
      if (type === 'real') return Buffer.from(realWords(Number(value))).toString('hex')
      return hex.toLowerCase()
    default:
      return String(value)
  }
}

function realWords(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  return Number.isInteger(value) && !String(value).includes('e') ? `${value}.0` : String(value)
}
