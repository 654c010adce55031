import { fault, type ReportProgress } from '../../core/index.ts'
import { downStatements, ruleStatements, tableStatements } from '../ddl.ts'
import type { CopyDocument, CopyTable } from '../documents.ts'
import { quoteName } from '../names.ts'
import type { MigrationPlan, PlannedSource, PlannedTable } from '../plan-types.ts'
import { describeSchemas } from './catalogue.ts'
import { connect, disconnect, sqlState, targetFault, type Client } from './connect.ts'
import { copyTable } from './copy-table.ts'
import type { RowSource } from './row-source.ts'
import { createState, forgetCopies, storeRecord, type MadeSequence } from './state.ts'

/** Gives the rows of one planned table. */
type OpenRows = (source: PlannedSource, table: PlannedTable) => RowSource

export interface CopyOptions {
  readonly target: string
  readonly openRows: OpenRows
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/**
 * Makes and fills the target in one transaction: whatever stops it, the target is as it was before.
 *
 * @throws HIVE_TARGET_UNREACHABLE, _NOT_EMPTY, _RIGHTS, _LOST, _REFUSED
 */
export async function copyPlan(plan: MigrationPlan, options: CopyOptions): Promise<CopyDocument> {
  const client = await connect(options.target, options.signal)
  let during = 'the start of the copy'
  const step = (what: string): void => {
    options.signal.throwIfAborted()
    during = what
    options.progress({ step: what })
  }
  try {
    await refuseOtherEncoding(client)
    await client.query('BEGIN')
    await client.query('SET LOCAL lock_timeout = 0; SET LOCAL check_function_bodies = off')
    step('create tables')
    await createState(client)
    for (const source of plan.sources) await refuseExisting(client, source)
    for (const source of plan.sources) for (const sql of tableStatements(source)) await client.query(sql)
    const sources: CopyDocument['sources'] = []
    for (const source of plan.sources) {
      const { path, schema } = source.document
      const tables: CopyTable[] = []
      for (const table of source.tables) {
        step(`copy ${table.document.name}`)
        tables.push(await copyOne(client, { source, table, options }))
      }
      sources.push({ path, schema, tables })
    }
    step('create keys and indexes')
    for (const source of plan.sources) {
      for (const rule of ruleStatements(source)) {
        during = `create ${rule.name}`
        await createRule(client, rule.sql)
      }
    }
    step('set sequences')
    const sequences = await setSequences(client, plan)
    for (const source of plan.sources) await analyze(client, source)
    const schemas = plan.sources.map(({ document }) => document.schema)
    const names = new Set(
      plan.sources.flatMap(({ document }) => document.tables.map(({ target }) => `${document.schema}.${target}`)),
    )
    const objects = (await describeSchemas(client, schemas)).filter(({ schema, table }) =>
      names.has(`${schema}.${table}`),
    )
    const snapshots = Object.fromEntries(
      plan.sources.map(({ inventory }) => [inventory.path, inventory.snapshotSha256]),
    )
    await storeRecord(client, { plan: plan.document, made: { objects, sequences }, snapshots })
    step('commit')
    await client.query('COMMIT')
    const isRefused = sources.some(({ tables }) => tables.some(({ rowsQuarantined }) => rowsQuarantined > 0))
    return { schemaVersion: 1, verdict: isRefused ? 'fail' : 'pass', sources }
  } catch (error) {
    options.signal.throwIfAborted()
    throw targetFault(error, during)
  } finally {
    await disconnect(client)
  }
}

/** Unmakes what {@link copyPlan} made, with its records; strangers in the same schema stop it. */
export async function undoCopy(plan: MigrationPlan, options: { target: string; signal: AbortSignal }): Promise<void> {
  const client = await connect(options.target, options.signal)
  try {
    await client.query('BEGIN')
    for (const source of plan.sources.toReversed()) for (const sql of downStatements(source)) await client.query(sql)
    await forgetCopies(
      client,
      plan.sources.map(({ document }) => document),
    )
    await client.query('COMMIT')
  } catch (error) {
    throw targetFault(error, 'down')
  } finally {
    await disconnect(client)
  }
}

async function refuseOtherEncoding(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding')
  const encoding = rows[0]?.server_encoding ?? 'unknown'
  if (encoding === 'UTF8') return
  throw fault('HIVE_TARGET_REFUSED', {
    during: 'the start of the copy',
    problem: `the database has the encoding ${encoding}, wanted UTF8`,
  })
}

/** `public` may hold other things, but nothing by a planned name; a schema of our own must be empty. */
async function refuseExisting(client: Client, source: PlannedSource): Promise<void> {
  const { schema, tables } = source.document
  const names = [
    ...tables.map(({ target }) => target),
    ...source.tables.flatMap(({ objects, identity }) => [
      ...objects.filter(({ kind }) => kind !== 'check' && kind !== 'foreign-key').map(({ name }) => name),
      ...(identity === undefined ? [] : [identity.sequence]),
    ]),
  ]
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND ($2 OR relname = ANY($3)) ORDER BY relkind = 'r' DESC, relname`,
    [schema, schema !== 'public', names],
  )
  const [first] = rows
  if (first !== undefined) {
    throw fault('HIVE_TARGET_NOT_EMPTY', { schema, count: rows.length, example: first.relname })
  }
}

interface OneTable {
  readonly source: PlannedSource
  readonly table: PlannedTable
  readonly options: CopyOptions
}

async function copyOne(client: Client, { source, table, options }: OneTable): Promise<CopyTable> {
  const { document, inventory } = table
  if (document.rows === 'none') {
    return { name: document.name, target: document.target, rowsRead: 0, rowsWritten: 0, rowsQuarantined: 0 }
  }
  const names = document.columns.map(({ name }) => name)
  return copyTable(client, {
    source: source.document.path,
    schema: source.document.schema,
    table: document,
    keyColumns: inventory.primaryKey.map((name) => names.indexOf(name)),
    rows: options.openRows(source, table),
    rowsExpected: inventory.rows,
    signal: options.signal,
    progress: options.progress,
  })
}

const foreignKeyViolation = '23503'

/** Where a parent was quarantined its children have none: the key then holds for new rows only. */
async function createRule(client: Client, sql: string): Promise<void> {
  await client.query('SAVEPOINT rule')
  try {
    await client.query(sql)
  } catch (error) {
    if (sqlState(error) !== foreignKeyViolation) throw error
    await client.query('ROLLBACK TO SAVEPOINT rule')
    await client.query(`${sql} NOT VALID`)
  }
  await client.query('RELEASE SAVEPOINT rule')
}

async function setSequences(client: Client, plan: MigrationPlan): Promise<readonly MadeSequence[]> {
  const made: MadeSequence[] = []
  for (const { document, tables } of plan.sources) {
    for (const { document: table, identity } of tables) {
      if (identity === undefined) continue
      const { highest, sequence } = identity
      const column = table.columns.find(({ name }) => name === identity.column)?.target ?? ''
      made.push({
        schema: document.schema,
        table: table.target,
        column,
        sequence,
        ...(highest === undefined ? {} : { highest }),
      })
      if (highest === undefined || BigInt(highest) < 1n) continue
      const name = `${quoteName(document.schema)}.${quoteName(sequence)}`
      await client.query('SELECT setval($1::regclass, $2, true)', [name, highest])
    }
  }
  return made
}

async function analyze(client: Client, source: PlannedSource): Promise<void> {
  const { schema, tables } = source.document
  for (const { target } of tables) await client.query(`ANALYZE ${quoteName(schema)}.${quoteName(target)}`)
}
