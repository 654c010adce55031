/** The tables in which migration tools note what they have applied, with the columns that tell them from a namesake. */
const ledgers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  alembic_version: [['version_num']],
  django_migrations: [['app', 'name', 'applied']],
  schema_migrations: [['version']],
  ar_internal_metadata: [['key', 'value']],
  _prisma_migrations: [['checksum', 'migration_name']],
  flyway_schema_history: [['installed_rank', 'script']],
  schema_version: [['installed_rank', 'script']],
  knex_migrations: [['name', 'batch']],
  knex_migrations_lock: [['is_locked']],
  sequelizemeta: [['name']],
  databasechangelog: [['orderexecuted', 'md5sum']],
  databasechangeloglock: [['locked', 'lockedby']],
  __efmigrationshistory: [['migrationid', 'productversion']],
  __drizzle_migrations: [['hash', 'created_at']],
  _sqlx_migrations: [['version', 'checksum']],
  __diesel_schema_migrations: [['version', 'run_on']],
  goose_db_version: [['version_id', 'is_applied']],
  refinery_schema_history: [['version', 'checksum']],
  phinxlog: [['version', 'migration_name']],
  doctrine_migration_versions: [['version', 'executed_at']],
  mikro_orm_migrations: [['name', 'executed_at']],
  pgmigrations: [['name', 'run_on']],
  typeorm_metadata: [['type', 'name']],
  // Laravel's, then TypeORM's: a common word, so the columns decide.
  migrations: [
    ['migration', 'batch'],
    ['timestamp', 'name'],
  ],
}

/** True for the record that a migration tool keeps of itself: it belongs to the tool, in source and target alike. */
export function isLedger(name: string, columns: readonly string[]): boolean {
  const forms = ledgers[name.toLowerCase()]
  if (forms === undefined) return false
  const present = new Set(columns.map((column) => column.toLowerCase()))
  return forms.some((form) => form.every((column) => present.has(column)))
}
