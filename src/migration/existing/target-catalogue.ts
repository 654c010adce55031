import type { Client } from '../postgres/connect.ts'

export interface TargetColumn {
  readonly name: string
  /** As PostgreSQL writes it; a domain's base type. */
  readonly type: string
  readonly labels?: readonly string[]
  readonly notNull: boolean
  readonly generated: boolean
  readonly identity: boolean
  readonly hasDefault: boolean
  /** Sequence that an identity, `serial` or a default by nextval draws from. */
  readonly sequence?: { readonly schema: string; readonly name: string; readonly maximum: string }
}

export interface TargetForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly parentSchema: string
  readonly parent: string
  readonly parentColumns: readonly string[]
  readonly deferrable: boolean
}

export interface TargetTable {
  readonly name: string
  readonly kind: string
  readonly columns: readonly TargetColumn[]
  readonly primaryKey: readonly string[]
  readonly foreignKeys: readonly TargetForeignKey[]
  /** Columns of each constraint and unique index, by name: to say which value broke it. */
  readonly constraints: Readonly<Record<string, readonly string[]>>
  /** Triggers of the application that fire for an INSERT. */
  readonly triggers: readonly string[]
  readonly updateTriggers: readonly string[]
  /** Row-level security applies to this role: COPY is not possible. */
  readonly rowSecurity: boolean
  /** Rights that the role lacks. */
  readonly missingRights: readonly string[]
}

const tablesSql = `
  SELECT c.oid::text AS oid, c.relname AS name, c.relkind::text AS kind, row_security_active(c.oid) AS row_security,
         array_remove(ARRAY[CASE WHEN has_table_privilege(c.oid, 'SELECT') THEN NULL ELSE 'SELECT' END,
           CASE WHEN has_table_privilege(c.oid, 'INSERT') THEN NULL ELSE 'INSERT' END], NULL) AS missing
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   ORDER BY c.relname`

const columnsSql = `
  WITH RECURSIVE base (attrelid, attnum, type, typmod, not_null) AS (
    SELECT a.attrelid, a.attnum, a.atttypid, a.atttypmod, a.attnotnull
      FROM pg_attribute a WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attrelid, b.attnum, t.typbasetype, t.typtypmod, b.not_null OR t.typnotnull
      FROM base b JOIN pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
  )
  SELECT a.attrelid::text AS table, a.attname AS name, format_type(b.type, b.typmod) AS type, b.not_null,
         a.attgenerated <> '' AS generated, a.attidentity <> '' AS identity, a.atthasdef AS has_default,
         (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.type) AS labels,
         sn.nspname AS sequence_schema, s.relname AS sequence, q.seqmax::text AS maximum
    FROM pg_attribute a
    JOIN base b ON b.attrelid = a.attrelid AND b.attnum = a.attnum
    JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd'
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN LATERAL (
      SELECT coalesce(
        (SELECT p.objid FROM pg_depend p JOIN pg_class k ON k.oid = p.objid AND k.relkind = 'S'
          WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass
            AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.deptype IN ('a', 'i') LIMIT 1),
        -- A default that calls nextval of a sequence that nobody owns.
        (SELECT p.refobjid FROM pg_depend p JOIN pg_class k ON k.oid = p.refobjid AND k.relkind = 'S'
          WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_class'::regclass LIMIT 1)
      ) AS oid
    ) own ON true
    LEFT JOIN pg_class s ON s.oid = own.oid
    LEFT JOIN pg_namespace sn ON sn.oid = s.relnamespace
    LEFT JOIN pg_sequence q ON q.seqrelid = own.oid
   ORDER BY a.attrelid, a.attnum`

const namesOf = (table: string, numbers: string): string =>
  `(SELECT array_agg(x.attname::text ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute x ON x.attrelid = ${table} AND x.attnum = k.number)`

const constraintsSql = `
  SELECT c.conrelid::text AS table, c.conname AS name, c.contype::text AS kind, c.condeferrable AS deferrable,
         ${namesOf('c.conrelid', 'c.conkey')} AS columns, pn.nspname AS parent_schema, p.relname AS parent,
         ${namesOf('c.confrelid', 'c.confkey')} AS parent_columns
    FROM pg_constraint c
    LEFT JOIN pg_class p ON p.oid = c.confrelid AND c.contype = 'f'
    LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
   WHERE c.conrelid = ANY($1::oid[]) AND c.contype <> 'n'
  UNION ALL
  SELECT i.indrelid::text, k.relname, 'i', false,
         -- Columns inside expressions, too.
         (SELECT array_agg(DISTINCT x.attname::text) FROM pg_depend d JOIN pg_attribute x ON x.attrelid = d.refobjid AND x.attnum = d.refobjsubid
           WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0),
         NULL, NULL, NULL
    FROM pg_index i JOIN pg_class k ON k.oid = i.indexrelid
   WHERE i.indrelid = ANY($1::oid[]) AND i.indisunique
     AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
   ORDER BY 1, 2`

/** `tgtype`: 4 is INSERT, 16 is UPDATE. */
const triggersSql = `
  SELECT tgrelid::text AS table, tgname AS name, tgtype & 4 <> 0 AS on_insert, tgtype & 16 <> 0 AS on_update
    FROM pg_trigger WHERE tgrelid = ANY($1::oid[]) AND NOT tgisinternal AND tgenabled NOT IN ('D', 'R') ORDER BY 1, 2`

interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly not_null: boolean
  readonly generated: boolean
  readonly identity: boolean
  readonly has_default: boolean
  readonly labels: readonly string[] | null
  readonly sequence_schema: string | null
  readonly sequence: string | null
  readonly maximum: string | null
}

interface ConstraintRow {
  readonly table: string
  readonly name: string
  readonly kind: string
  readonly deferrable: boolean
  readonly columns: readonly string[] | null
  readonly parent_schema: string | null
  readonly parent: string | null
  readonly parent_columns: readonly string[] | null
}

/** Reads the tables of one schema, with all that decides whether a row fits. */
export async function readTargetTables(client: Client, schema: string): Promise<readonly TargetTable[]> {
  const { rows: tables } = await client.query<{
    oid: string
    name: string
    kind: string
    row_security: boolean
    missing: string[]
  }>(tablesSql, [schema])
  const ids = [tables.map(({ oid }) => oid)]
  const { rows: columns } = await client.query<ColumnRow>(columnsSql, ids)
  const { rows: constraints } = await client.query<ConstraintRow>(constraintsSql, ids)
  const { rows: triggers } = await client.query<{
    table: string
    name: string
    on_insert: boolean
    on_update: boolean
  }>(triggersSql, ids)
  return tables.map(({ oid, name, kind, row_security: rowSecurity, missing }) => {
    const own = constraints.filter(({ table }) => table === oid)
    const fired = triggers.filter(({ table }) => table === oid)
    return {
      name,
      kind,
      columns: columns.filter(({ table }) => table === oid).map(columnOf),
      primaryKey: own.find((constraint) => constraint.kind === 'p')?.columns ?? [],
      foreignKeys: own.filter((constraint) => constraint.kind === 'f').map(foreignKeyOf),
      constraints: Object.fromEntries(own.map((constraint) => [constraint.name, constraint.columns ?? []])),
      triggers: fired.filter(({ on_insert: fires }) => fires).map((trigger) => trigger.name),
      updateTriggers: fired.filter(({ on_update: fires }) => fires).map((trigger) => trigger.name),
      rowSecurity,
      missingRights: missing,
    }
  })
}

function columnOf(row: ColumnRow): TargetColumn {
  const { sequence, sequence_schema: schema, maximum } = row
  return {
    name: row.name,
    type: row.type,
    ...(row.labels === null ? {} : { labels: row.labels }),
    notNull: row.not_null,
    generated: row.generated,
    identity: row.identity,
    hasDefault: row.has_default,
    ...(sequence === null || schema === null || maximum === null
      ? {}
      : { sequence: { schema, name: sequence, maximum } }),
  }
}

function foreignKeyOf(row: ConstraintRow): TargetForeignKey {
  return {
    name: row.name,
    columns: row.columns ?? [],
    parentSchema: row.parent_schema ?? '',
    parent: row.parent ?? '',
    parentColumns: row.parent_columns ?? [],
    deferrable: row.deferrable,
  }
}
