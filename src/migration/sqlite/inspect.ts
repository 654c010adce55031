import type { DatabaseSync } from 'node:sqlite'
import { fault, type ReportProgress } from '../../core/index.ts'
import { ColumnObserver } from '../evidence.ts'
import type { CheckInventory, ForeignKeyInventory, Inventory, TableInventory } from '../inventory.ts'
import { keyOfRow } from '../values.ts'
import { findMergedKeys } from './merged-keys.ts'
import { openSnapshot, sourceFault, sqliteName } from './open.ts'
import { findOrphans } from './orphans.ts'
import { readRows, rowidName } from './rows.ts'
import { readSchema, type TableDefinition } from './schema.ts'
import type { Snapshot } from './snapshot.ts'

export interface InspectOptions {
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/** Fields above this do not survive the drivers. */
const maximumFieldBytes = 268_435_456

/**
 * Reads the whole schema and every stored value of a snapshot.
 *
 * @throws HIVE_SOURCE_FIELD_TOO_LARGE, HIVE_SOURCE_UNREADABLE
 */
export async function inspectSnapshot(snapshot: Snapshot, options: InspectOptions): Promise<Inventory> {
  const database = openSnapshot(snapshot.path)
  try {
    const [encoding] = database.prepare('PRAGMA encoding').get() as unknown as [Inventory['encoding']]
    const { tables, others } = readSchema(database)
    const inspected: TableInventory[] = []
    for (const table of tables) {
      options.signal.throwIfAborted()
      refuseLargeFields(database, table, snapshot.source)
      inspected.push(await inspectTable({ database, encoding, ...options }, table))
    }
    return {
      path: snapshot.source,
      bytes: snapshot.bytes,
      snapshotSha256: snapshot.sha256,
      encoding,
      tables: inspected,
      others,
    }
  } catch (error) {
    options.signal.throwIfAborted()
    throw sourceFault(error, snapshot.source)
  } finally {
    database.close()
  }
}

interface Inspection extends InspectOptions {
  readonly database: DatabaseSync
  readonly encoding: Inventory['encoding']
}

/** Rows between two looks at the signal; the event loop gets its turn there. */
const rowsPerTurn = 20_000

async function inspectTable(inspection: Inspection, table: TableDefinition): Promise<TableInventory> {
  const { database, encoding } = inspection
  const names = table.columns.map(({ name }) => name)
  const observers = table.columns.map(({ declared }) => new ColumnObserver(declared))
  const keyColumns = table.primaryKey.map((name) => names.indexOf(name))
  const nullKeys = { count: 0, exampleKeys: [] as string[] }
  let rows = 0
  const reader = { table: table.name, columns: names, encoding, ...pick(table) }
  for (const row of readRows(database, reader)) {
    const key = (): string => keyOfRow(row, keyColumns)
    for (let index = 0; index < observers.length; index += 1) observers[index]?.observe(row[index + 1] ?? null, key)
    if (keyColumns.some((index) => row[index + 1] === null)) {
      nullKeys.count += 1
      if (nullKeys.exampleKeys.length < 5) nullKeys.exampleKeys.push(`rowid ${String(row[0])}`)
    }
    rows += 1
    if (rows % rowsPerTurn === 0) {
      inspection.progress({ step: `inspect ${table.name}`, done: rows, unit: 'rows' })
      await new Promise((resolve) => setImmediate(resolve))
      inspection.signal.throwIfAborted()
    }
  }
  const columns = table.columns.map((column, index) => ({
    ...column,
    evidence: (observers[index] ?? new ColumnObserver('')).read(),
  }))
  const sequence = highestId(database, table)
  return {
    ...table,
    rows,
    columns,
    nullKeys,
    mergedKeys: findMergedKeys(database, { ...reader, indexes: table.indexes, observed: columns }),
    ...(sequence === undefined ? {} : { sequence }),
    foreignKeys: table.foreignKeys.map((key): ForeignKeyInventory => {
      const orphans = findOrphans(database, { table, key })
      return orphans === undefined ? key : { ...key, orphans }
    }),
    checks: table.checks.map((check): CheckInventory => {
      const violations = countViolations(database, { table: table.name, expression: check.expression })
      return violations === undefined ? check : { ...check, violations }
    }),
  }
}

function pick(table: TableDefinition): Pick<TableDefinition, 'withoutRowid' | 'primaryKey'> {
  return { withoutRowid: table.withoutRowid, primaryKey: table.primaryKey }
}

function refuseLargeFields(database: DatabaseSync, table: TableDefinition, path: string): void {
  const rowid = rowidName({ columns: table.columns.map(({ name }) => name), withoutRowid: table.withoutRowid })
  const from = `FROM ${sqliteName(table.name)} NOT INDEXED`
  const lengths = table.columns.map(({ name }) => `max(octet_length(${sqliteName(name)}))`)
  const largest = database.prepare(`SELECT ${lengths.join(', ')} ${from}`).get() as unknown as readonly (
    | bigint
    | null
  )[]
  for (const [index, { name }] of table.columns.entries()) {
    if ((largest[index] ?? 0n) <= BigInt(maximumFieldBytes)) continue
    const key = rowid ?? table.primaryKey.map(sqliteName).join(" || ', ' || ")
    const sql = `SELECT CAST(${key} AS TEXT) ${from} WHERE octet_length(${sqliteName(name)}) = ? LIMIT 1`
    const [found] = database.prepare(sql).get(largest[index] ?? 0n) as unknown as [string]
    throw fault('HIVE_SOURCE_FIELD_TOO_LARGE', {
      path,
      table: table.name,
      column: name,
      key: found,
      bytes: Number(largest[index]),
    })
  }
}

/** The highest id that was ever given out, so that the target goes on after it. */
function highestId(database: DatabaseSync, table: TableDefinition): string | undefined {
  if (table.rowidAlias === undefined) return undefined
  const [stored] = database
    .prepare(`SELECT max(${sqliteName(table.rowidAlias)}) FROM ${sqliteName(table.name)} NOT INDEXED`)
    .get() as unknown as [bigint | null]
  const ids = stored === null ? [] : [stored]
  if (table.autoincrement) {
    // `sqlite_sequence` is an ordinary table: it may hold text, or two rows for one table.
    const rows = database
      .prepare("SELECT seq FROM sqlite_sequence WHERE name = ? AND typeof(seq) = 'integer'")
      .all(table.name) as unknown as readonly [bigint][]
    for (const [seq] of rows) ids.push(seq)
  }
  const highest = ids.reduce<bigint | undefined>((most, id) => (most === undefined || id > most ? id : most), undefined)
  return highest === undefined ? undefined : String(highest)
}

function countViolations(database: DatabaseSync, check: { table: string; expression: string }): number | undefined {
  try {
    const [count] = database
      .prepare(`SELECT count(*) FROM ${sqliteName(check.table)} NOT INDEXED WHERE NOT (${check.expression}\n)`)
      .get() as unknown as [bigint]
    return Number(count)
  } catch {
    return undefined
  }
}
