import type { Client } from './connection.ts'
import type { MessageRow, StoreOutcome } from './message-row.ts'

const insertSql = `
  WITH stored AS (
    INSERT INTO hive.messages (team, source, id, type, recipient, hash, event)
    SELECT $1, source, id, type, recipient, hash, event::json
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
      AS batch (source, id, type, recipient, hash, event)
    ON CONFLICT (team, source, id) DO NOTHING
    RETURNING seq, source, id, hash
  ), queued AS (
    INSERT INTO hive.outbox (seq, team) SELECT seq, $1 FROM stored
  )
  SELECT seq, source, id, hash FROM stored`

const findSql = `
  SELECT m.seq, m.source, m.id, m.hash
  FROM unnest($2::text[], $3::text[]) AS wanted (source, id)
  JOIN hive.messages m ON m.team = $1 AND m.source = wanted.source AND m.id = wanted.id`

interface Found {
  readonly seq: string
  readonly source: string
  readonly id: string
  readonly hash: string
}

/**
 * Archives rows and queues them for publishing in one statement, which is one transaction.
 * A repeated (source, id) inserts nothing: its outcome says whether the content was the same.
 */
export async function insertBatch(
  client: Client,
  team: string,
  { rows }: { readonly rows: readonly MessageRow[] },
): Promise<readonly StoreOutcome[]> {
  const inserted = await client.query<Found>({
    name: 'hive-insert',
    text: insertSql,
    values: [
      team,
      rows.map((row) => row.source),
      rows.map((row) => row.id),
      rows.map((row) => row.type),
      rows.map((row) => row.recipient),
      rows.map((row) => row.hash),
      rows.map((row) => row.event),
    ],
  })
  const fresh = byKey(inserted.rows)
  const others = rows.filter((row) => !fresh.has(keyOf(row)))
  const known = others.length === 0 ? new Map<string, Found>() : byKey(await findRows(client, team, { rows: others }))
  const taken = new Set<string>()
  return rows.map((row) => {
    const key = keyOf(row)
    const found = fresh.get(key) ?? known.get(key)
    if (found === undefined || found.hash !== row.hash) return { kind: 'conflict' }
    // Two equal rows in one batch: the first one is the message, the second its repetition.
    if (!fresh.has(key) || taken.has(key)) return { kind: 'duplicate', seq: found.seq }
    taken.add(key)
    return { kind: 'stored', seq: found.seq }
  })
}

async function findRows(
  client: Client,
  team: string,
  { rows }: { readonly rows: readonly MessageRow[] },
): Promise<readonly Found[]> {
  const found = await client.query<Found>(findSql, [team, rows.map((row) => row.source), rows.map((row) => row.id)])
  return found.rows
}

function byKey(rows: readonly Found[]): Map<string, Found> {
  return new Map(rows.map((row) => [keyOf(row), row]))
}

function keyOf(row: { readonly source: string; readonly id: string }): string {
  return `${row.source} ${row.id}`
}
