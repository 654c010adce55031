import type { CataloguePart } from './entry.ts'

export const migrationErrors = {
  HIVE_SOURCE_MISSING: {
    exitCode: 2,
    message: (data: { path: string }) => `could not read ${data.path}: no such file, wanted a SQLite database`,
    hint: 'check the path; it is taken relative to the current folder',
    explanation: 'The path that should be migrated names no file.',
  },
  HIVE_SOURCE_NONE: {
    exitCode: 2,
    message: (data: { path: string; filesRead: number }) =>
      `could not inspect ${data.path}: none of its ${data.filesRead} files is a SQLite database, wanted at least one`,
    hint: 'name the folder that the application writes to; node_modules and .git are not entered, links are not followed',
    explanation:
      'A folder is searched for SQLite databases by the first bytes of every file. Finding none usually means a wrong path.',
  },
  HIVE_SOURCE_EMPTY: {
    exitCode: 2,
    message: (data: { path: string }) => `could not read ${data.path}: 0 bytes, wanted a SQLite database`,
    hint: 'an application that opens a wrong path leaves such a file behind; give the database that it really uses',
    explanation:
      'SQLite takes a file of 0 bytes for a database without tables. Migrating nothing and reporting success would hide a wrong path, so it is refused.',
  },
  HIVE_SOURCE_NOT_SQLITE: {
    exitCode: 2,
    message: (data: { path: string }) =>
      `could not read ${data.path}: its first bytes are not SQLite's, wanted a SQLite 3 database`,
    hint: 'if it is encrypted (SQLCipher, SEE), decrypt it into a plain copy first; SQLite cannot tell the two apart',
    explanation: 'The file is no SQLite 3 database, or it is encrypted as a whole, which looks the same.',
  },
  HIVE_SOURCE_LOCKED: {
    exitCode: 2,
    message: (data: { path: string; waitedMs: number }) =>
      `could not take a snapshot of ${data.path}: another process still held an exclusive lock after ${data.waitedMs} ms`,
    hint: 'stop the writer or let its transaction end, then run the command again',
    explanation:
      'A consistent snapshot needs a read transaction, and a writer that holds an exclusive lock (EXCLUSIVE transaction, exclusive locking mode) lets nobody read.',
  },
  HIVE_SOURCE_CORRUPT: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) =>
      `could not trust ${data.path}: ${data.problem}, wanted a database that passes integrity_check`,
    hint: "restore a backup, or recover what is left with SQLite's own .recover into a new file and migrate that",
    explanation:
      'The file is truncated or damaged. Some of its rows could be read, but nobody could say which are missing, so nothing is migrated from it.',
  },
  HIVE_SOURCE_UNREADABLE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read ${data.path}: ${data.problem}`,
    hint: 'see the message of SQLite; a permission, an unknown collation or an unknown module is the usual cause',
    explanation: 'SQLite opened the file but refused to read all of it.',
  },
  HIVE_SOURCE_FIELD_TOO_LARGE: {
    exitCode: 2,
    message: (data: { path: string; table: string; column: string; key: string; bytes: number }) =>
      `could not migrate ${data.path}: ${data.table}.${data.column} of row ${data.key} has ${data.bytes} bytes, wanted at most 268435456`,
    hint: 'move the field to a file or to object storage first',
    explanation:
      'Fields over 256 MB do not survive the drivers reliably (SQLite values of 512 MB come back as nothing, PostgreSQL ends at 1 GB), so they are refused with their key before anything is written.',
  },
  HIVE_SOURCE_CHANGED: {
    exitCode: 2,
    message: (data: { path: string }) =>
      `could not take a snapshot of ${data.path}: it changed while its journal was copied`,
    hint: 'stop the writer, then run the command again',
    explanation:
      'The file had a journal that only a private copy may roll back, and file or journal changed during the copy.',
  },
  HIVE_SCHEMA_NAME: {
    exitCode: 2,
    message: (data: { path: string; schema: string; problem: string }) =>
      `could not give ${data.path} the PostgreSQL schema ${data.schema}: ${data.problem}`,
    hint: 'name another with --schema, or with path and schema under migration.sources in hive.yml',
    explanation:
      'Each of several sources goes to a schema named after its file. Reserved and repeated names are prefixed with the folder; where that is taken too, somebody has to choose.',
  },
  HIVE_TABLE_TOO_WIDE: {
    exitCode: 2,
    message: (data: { path: string; table: string; columns: number; bytes: number }) =>
      `could not plan ${data.path}: table ${data.table} has ${data.columns} columns of at least ${data.bytes} bytes, wanted at most 1600 columns and 8000 bytes`,
    hint: 'split the table, or decide "skip" for it under tables in the decisions',
    explanation:
      'PostgreSQL takes at most 1,600 columns, and a row must fit an 8 kB page once its texts are moved out.',
  },
  HIVE_DECISION: {
    exitCode: 2,
    message: (data: { decision: string; problem: string }) =>
      `could not apply the decision ${data.decision}: ${data.problem}`,
    hint: 'correct it in hive.yml (migration.decisions) or in the file given with --decisions',
    explanation: 'A decision names something that does not exist, or asks for a type that the migration does not know.',
  },
  HIVE_DECISIONS_FILE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read the decisions ${data.path}: ${data.problem}`,
    hint: 'npx agent-hive db check --out DIR writes a fresh one to compare with',
    explanation: 'The decisions file is missing, no YAML, or has fields that are not known.',
  },
  HIVE_TARGET_UNREACHABLE: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not connect to the target: ${data.problem}`,
    hint: 'check host, port, user and password of the URL given with --to, and that the server runs',
    explanation: 'No session with the PostgreSQL server could be opened.',
  },
  HIVE_TARGET_NOT_EMPTY: {
    exitCode: 2,
    message: (data: { schema: string; count: number; example: string }) =>
      `could not copy into schema ${data.schema}: it already has ${data.count} of the objects, ${data.example} among them, wanted none`,
    hint: 'name an empty schema with --schema, or run down.sql of npx agent-hive db plan if they come from an earlier copy',
    explanation: 'A copy creates its tables itself and never writes into tables that it did not make.',
  },
  HIVE_TARGET_RIGHTS: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not write into the target: ${data.problem}`,
    hint: 'give the role CREATE on the database, or name a role that has it in the URL',
    explanation: 'The role may not create schemas or tables there. Nothing was left behind.',
  },
  HIVE_TARGET_LOST: {
    exitCode: 2,
    message: (data: { during: string; problem: string }) => `lost the target during ${data.during}: ${data.problem}`,
    hint: 'start the server again and repeat the command; a copy is one transaction, so nothing half done is left',
    explanation: 'The connection to PostgreSQL ended before the work did.',
  },
  HIVE_TARGET_REFUSED: {
    exitCode: 2,
    message: (data: { during: string; problem: string }) => `PostgreSQL refused ${data.during}: ${data.problem}`,
    hint: 'the copy was rolled back as a whole; decide "skip", "text" or "quarantine" for what it names, or report it as a defect',
    explanation: 'The server rejected a statement or row that the plan takes for valid. Nothing was left behind.',
  },
  HIVE_TARGET_NO_PLAN: {
    exitCode: 2,
    message: (data: { schema: string }) =>
      `could not verify schema ${data.schema}: the target holds no finished copy of it, wanted a plan in hive.plan`,
    hint: 'run npx agent-hive db copy first, or give the plan with --plan FILE',
    explanation:
      'A copy stores its plan in the same transaction as its rows. Without it there is nothing that says what should be there.',
  },
  HIVE_EXISTING_UNFIT: {
    exitCode: 2,
    message: (data: { problem: string; more: number }) =>
      `could not plan for the tables that are there: ${data.problem}${data.more > 0 ? ` (and ${data.more} more)` : ''}, wanted tables that the source can fill`,
    hint: 'name the application\'s schema with --schema, mend it by a migration of the application\'s, or decide "skip" for a table under tables in the decisions',
    explanation:
      'The tables of an application are never altered. Something in them cannot be filled from the source: no table matches, a NOT NULL column without a default has no counterpart, foreign keys form a cycle that is neither deferrable nor nullable, or row-level security keeps COPY out. Nothing was written.',
  },
  HIVE_EXISTING_ROWS: {
    exitCode: 2,
    message: (data: { table: string; rows: string; more: number }) =>
      `could not copy into ${data.table}: it holds ${data.rows} rows already${data.more > 0 ? ` (and ${data.more} more tables do)` : ''}, wanted empty tables`,
    hint: 'if they are seeds that the source holds too, --existing-rows replace deletes them in the same transaction; else empty the tables, or decide "skip" for them',
    explanation:
      'Rows of two origins in one table cannot be proved against one source, so tables that hold rows are refused unless somebody says that those rows are to be replaced.',
  },
  HIVE_EXISTING_RIGHTS: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not fill the tables that are there: ${data.problem}`,
    hint: 'GRANT SELECT, INSERT on the tables and ALL on their sequences to the role; for the schema hive it needs CREATE on the database, and none with --state DIR',
    explanation: 'Filling tables needs SELECT and INSERT on them, and UPDATE on their sequences. Nothing was written.',
  },
  HIVE_EXISTING_STATE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) =>
      `could not use the state folder ${data.path}: ${data.problem}`,
    hint: 'give the folder that npx agent-hive db copy wrote with --state, or an empty one for a new copy',
    explanation:
      'With --state DIR, plan and quarantine are kept in files instead of the schema hive. The folder cannot be written, or what it holds was not written by a copy.',
  },
  HIVE_PLAN_FILE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read the plan ${data.path}: ${data.problem}`,
    hint: 'npx agent-hive db plan SQLITE --out DIR writes one',
    explanation: 'The plan is missing, no JSON, or does not have the fields of schema version 1.',
  },
} as const satisfies CataloguePart
