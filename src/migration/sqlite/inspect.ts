import type { DatabaseSync } from 'node:sqlite'
import { fault, type ReportProgress } from '../../core/index.ts'
import type { CheckInventory, ForeignKeyInventory, Inventory, TableInventory } from '../inventory.ts'
import { PageFile } from '../pages/page-file.ts'
import { findMergedKeys } from './merged-keys.ts'
import { openSnapshot, sourceFault, sqliteName } from './open.ts'
import { observeRows } from './observe-rows.ts'
import { findOrphans } from './orphans.ts'
import { rowidName } from './rows.ts'
import { readSchema, type TableDefinition } from './schema.ts'
import type { Snapshot } from './snapshot.ts'
import { SnapshotReader } from './table-reader.ts'
import { sizeOfTable } from './table-size.ts'

export interface InspectOptions {
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/** Fields above this do not survive the drivers. */
const maximumFieldBytes = 268_435_456

/**
 * Reads the whole schema and every stored value of a snapshot.
 *
 * @throws HIVE_SOURCE_FIELD_TOO_LARGE, HIVE_SOURCE_UNREADABLE, HIVE_SOURCE_CORRUPT
 */
export async function inspectSnapshot(snapshot: Snapshot, options: InspectOptions): Promise<Inventory> {
  const database = openSnapshot(snapshot.path)
  const reader = new SnapshotReader(snapshot.path)
  let pages: PageFile | undefined
  try {
    pages = new PageFile(snapshot.path, snapshot.source)
    const [encoding] = database.prepare('PRAGMA encoding').get() as unknown as [Inventory['encoding']]
    const { tables, others } = readSchema(database)
    const inspected: TableInventory[] = []
    for (const table of tables) {
      options.signal.throwIfAborted()
      inspected.push(
        await inspectTable({ database, reader, pages, encoding, path: snapshot.source, ...options }, table),
      )
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
    pages?.close()
    reader.close()
    database.close()
  }
}

interface Inspection extends InspectOptions {
  readonly database: DatabaseSync
  readonly reader: SnapshotReader
  readonly pages: PageFile
  readonly encoding: Inventory['encoding']
  readonly path: string
}

async function inspectTable(inspection: Inspection, table: TableDefinition): Promise<TableInventory> {
  const { database, encoding, progress } = inspection
  progress({ step: `inspect ${table.name}` })
  refuseLargeFields(database, table, inspection.path)
  const { rows, nullKeys, evidence } = await observeRows({ ...inspection, table })
  progress({ step: `keys of ${table.name}` })
  const columns = table.columns.map((column, index) => ({
    ...column,
    evidence: evidence[index] ?? missingEvidence(column.name),
  }))
  const sequence = highestId(database, table)
  return {
    ...table,
    rows,
    columns,
    nullKeys,
    mergedKeys: findMergedKeys(database, {
      table: table.name,
      columns: [],
      encoding,
      withoutRowid: table.withoutRowid,
      primaryKey: table.primaryKey,
      indexes: table.indexes,
      observed: columns,
    }),
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

function missingEvidence(column: string): never {
  throw new Error(`no evidence was gathered for ${column}`)
}

function refuseLargeFields(database: DatabaseSync, table: TableDefinition, path: string): void {
  // A record holds its fields, and asking for its size takes a third of the time of asking each.
  if ((sizeOfTable(database, table.name)?.largestRecord ?? Infinity) <= maximumFieldBytes) return
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
