import { planDocumentSchema, type PlanDocument, type PlanSource } from '../documents.ts'
import type { SchemaObject } from './catalogue.ts'
import type { Client } from './connect.ts'

/** Made beside the data, in the same transaction: what was planned, and what had to be refused. */
const statements = [
  'CREATE SCHEMA IF NOT EXISTS hive',
  `CREATE TABLE IF NOT EXISTS hive.plan (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     copied_at timestamptz NOT NULL DEFAULT now(),
     plan json NOT NULL,
     -- What the copy left in the target, as PostgreSQL describes it, and the highest id of each sequence.
     made json NOT NULL,
     snapshots json NOT NULL
   )`,
  `CREATE TABLE IF NOT EXISTS hive.quarantine (
     source text NOT NULL,
     table_name text NOT NULL,
     row_key text NOT NULL,
     column_name text NOT NULL,
     storage_class text NOT NULL,
     value bytea,
     reason text NOT NULL,
     code text
   )`,
  'CREATE INDEX IF NOT EXISTS quarantine_row ON hive.quarantine (source, table_name)',
]

export async function createState(client: Client): Promise<void> {
  // CREATE … IF NOT EXISTS of two copies at once can still meet in the catalogue.
  await client.query("SELECT pg_advisory_xact_lock(hashtext('agent-hive copy'))")
  for (const statement of statements) await client.query(statement)
}

export interface MadeSequence {
  readonly schema: string
  readonly table: string
  /** PostgreSQL's name of the column. */
  readonly column: string
  readonly sequence: string
  readonly highest?: string | undefined
}

export interface CopyRecord {
  readonly plan: PlanDocument
  readonly made: {
    readonly objects: readonly SchemaObject[]
    readonly sequences: readonly MadeSequence[]
    /** The tables were there before: the copy only filled them. */
    readonly existing?: true
  }
  /** SHA-256 of each source's snapshot, by path. */
  readonly snapshots: Readonly<Record<string, string>>
}

export async function storeRecord(client: Client, record: CopyRecord): Promise<void> {
  await client.query('INSERT INTO hive.plan (plan, made, snapshots) VALUES ($1, $2, $3)', [
    JSON.stringify(record.plan),
    JSON.stringify(record.made),
    JSON.stringify(record.snapshots),
  ])
}

export interface StoredSource {
  readonly source: PlanSource
  readonly made: CopyRecord['made']
}

/** The newest plan that filled a schema, or `undefined` where no copy of it was finished. */
export async function findStoredSource(client: Client, schema: string): Promise<StoredSource | undefined> {
  const { rows: exists } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('hive.plan') IS NOT NULL AS found",
  )
  if (exists[0]?.found !== true) return undefined
  const { rows } = await client.query<{ plan: unknown; made: CopyRecord['made'] }>(
    `SELECT plan, made FROM hive.plan
      WHERE EXISTS (SELECT 1 FROM json_array_elements(plan->'sources') s WHERE s->>'schema' = $1)
      ORDER BY id DESC LIMIT 1`,
    [schema],
  )
  const [row] = rows
  if (row === undefined) return undefined
  const plan = planDocumentSchema.parse(row.plan)
  const source = plan.sources.find((candidate) => candidate.schema === schema)
  return source === undefined ? undefined : { source, made: row.made }
}

/** Forgets the copies into the given schemas; the `hive` schema goes with the last of them. */
export async function forgetCopies(client: Client, sources: readonly PlanSource[]): Promise<void> {
  await client.query('DELETE FROM hive.quarantine WHERE source = ANY($1)', [sources.map(({ path }) => path)])
  await client.query(
    `DELETE FROM hive.plan WHERE EXISTS
       (SELECT 1 FROM json_array_elements(plan->'sources') s WHERE s->>'schema' = ANY($1))`,
    [sources.map(({ schema }) => schema)],
  )
  const { rows } = await client.query<{ plans: string }>(
    'SELECT (SELECT count(*) FROM hive.plan) + (SELECT count(*) FROM hive.quarantine) AS plans',
  )
  if (rows[0]?.plans !== '0') return
  await client.query('DROP TABLE hive.quarantine; DROP TABLE hive.plan; DROP SCHEMA hive')
}
