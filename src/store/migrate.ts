import { fault, sha256 } from '../core/index.ts'
import { type Client, storeFault } from './connection.ts'
import type { Migration } from './migration.ts'
import { migrations as embedded } from './migrations.generated.ts'

/** Any constant: whoever prepares this schema takes this lock first. */
const advisoryLock = 4_883_214_907_117n

export interface MigrationOutcome {
  readonly applied: readonly string[]
  readonly version: number
}

/**
 * Brings the schema `hive` to this release. Any number of processes may do so at once: an advisory lock lets one work
 * and shows the others its result. Each migration is one transaction together with its line in the ledger.
 *
 * @throws HIVE_STORE_SCHEMA when the database is ahead of this release, or an applied migration has changed
 */
export async function applyMigrations(
  client: Client,
  migrations: readonly Migration[] = embedded,
): Promise<MigrationOutcome> {
  await query(client, `SELECT pg_advisory_lock(${advisoryLock})`)
  try {
    await query(client, 'CREATE SCHEMA IF NOT EXISTS hive')
    await query(
      client,
      `CREATE TABLE IF NOT EXISTS hive.schema_migrations (
         version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
         applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
    )
    const applied = await readLedger(client)
    checkLedger(applied, migrations)
    const missing = migrations.filter((migration) => !applied.has(migration.version))
    for (const migration of missing) await applyOne(client, migration)
    return { applied: missing.map(({ name }) => name), version: migrations.at(-1)?.version ?? 0 }
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${advisoryLock})`).catch(() => {})
  }
}

async function readLedger(client: Client): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ version: number; sha256: string }>(
    'SELECT version, sha256 FROM hive.schema_migrations ORDER BY version',
  )
  return new Map(rows.map((row) => [row.version, row.sha256]))
}

function checkLedger(applied: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]))
  for (const [version, hash] of applied) {
    const migration = known.get(version)
    if (migration === undefined) {
      const newest = migrations.at(-1)?.version ?? 0
      throw fault('HIVE_STORE_SCHEMA', { problem: `it is at version ${version}, this release knows ${newest}` })
    }
    if (hash !== sha256(migration.up)) {
      throw fault('HIVE_STORE_SCHEMA', {
        problem: `migration ${version} (${migration.name}) was applied with other text`,
      })
    }
  }
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  await query(client, 'BEGIN')
  try {
    await client.query(migration.up)
    await client.query('INSERT INTO hive.schema_migrations (version, name, sha256) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      sha256(migration.up),
    ])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    const problem = error instanceof Error ? error.message : String(error)
    throw fault(
      'HIVE_STORE_SCHEMA',
      { problem: `migration ${migration.version} (${migration.name}): ${problem}` },
      error,
    )
  }
}

async function query(client: Client, sql: string): Promise<void> {
  try {
    await client.query(sql)
  } catch (error) {
    throw storeFault(error)
  }
}
