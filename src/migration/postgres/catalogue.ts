import type { Client } from './connect.ts'

/** One thing that a schema holds, as PostgreSQL itself describes it. */
export interface SchemaObject {
  readonly schema: string
  /** The table it belongs to, or its own name. */
  readonly table: string
  readonly kind: 'table' | 'column' | 'constraint' | 'index' | 'sequence'
  readonly name: string
  readonly definition: string
}

const sql = `
  SELECT n.nspname AS schema, c.relname AS table, 'table' AS kind, c.relname AS name, c.relkind::text AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY($1) AND c.relkind NOT IN ('i', 'I', 'S', 't')
  UNION ALL
  SELECT n.nspname, c.relname, 'column', a.attname,
         format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
           || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
           || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT n.nspname, c.relname, 'constraint', k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY($1) AND k.contype <> 'n'
  UNION ALL
  SELECT n.nspname, c.relname, 'index', i.relname, pg_get_indexdef(i.oid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT n.nspname, c.relname, 'sequence', c.relname, ''
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY($1) AND c.relkind = 'S'
  ORDER BY 1, 2, 3, 4`

/** Everything in the given schemas, in a fixed order: equal schemas give equal lists. */
export async function describeSchemas(client: Client, schemas: readonly string[]): Promise<readonly SchemaObject[]> {
  const { rows } = await client.query<SchemaObject>(sql, [schemas])
  return rows
}

/** Which of the given schemas exist. */
export async function existingSchemas(client: Client, schemas: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ nspname: string }>('SELECT nspname FROM pg_namespace WHERE nspname = ANY($1)', [
    schemas,
  ])
  return rows.map(({ nspname }) => nspname)
}
