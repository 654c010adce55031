import { type Client, openClient, storeFault } from './connection.ts'
import type { OutboxRow } from './message-row.ts'

export interface Outbox {
  /** Takes published rows out of the outbox. */
  readonly markPublished: (seqs: readonly string[]) => Promise<void>
  /**
   * Publishes what has waited longer than `olderThanMs`, oldest first, at most 500 rows: `publish` says which are in
   * Redis now. Rows that another process holds are passed over.
   *
   * @returns how many were found and how many of them were published
   */
  readonly sweep: (
    olderThanMs: number,
    publish: (rows: readonly OutboxRow[]) => Promise<readonly string[]>,
  ) => Promise<{ readonly found: number; readonly published: number }>
  /**
   * Notes which run of Redis the team publishes to. After another one, what was accepted in the last `sinceMs` goes
   * back into the outbox: it may have been in the part of the append-only file that was lost.
   *
   * @returns rows that were queued again
   */
  readonly noteRedisRun: (runId: string, sinceMs: number) => Promise<number>
  readonly close: () => Promise<void>
}

const findSql = `
  SELECT m.seq, m.source, m.id, m.type, m.recipient, m.hash, m.event::text AS event
  FROM hive.outbox o JOIN hive.messages m USING (seq)
  WHERE o.team = $1 AND o.queued_at <= clock_timestamp() - make_interval(secs => $2)
  ORDER BY o.seq LIMIT 500
  FOR UPDATE OF o SKIP LOCKED`

/** Opens the connection for marks and sweeps. Its commits do not wait for the disk: losing one repeats a publish. */
export async function openOutbox(options: { readonly url: string; readonly team: string }): Promise<Outbox> {
  let client: Client | undefined = await openClient(options.url, { asyncCommit: true })
  // One connection: marks, sweeps and notes take turns.
  let tail: Promise<unknown> = Promise.resolve()
  let closed = false

  const inTurn = <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const turn = tail.then(async () => {
      if (closed) throw storeFault(new Error('the outbox is closed'))
      try {
        client ??= await openClient(options.url, { asyncCommit: true })
        return await work(client)
      } catch (error) {
        const broken = client
        client = undefined
        await broken?.end().catch(() => {})
        throw storeFault(error)
      }
    })
    tail = turn.catch(() => {})
    return turn
  }

  return {
    markPublished: (seqs) =>
      inTurn(async (connection) => {
        await connection.query({
          name: 'hive-mark',
          text: 'DELETE FROM hive.outbox WHERE seq = ANY($1::bigint[])',
          values: [seqs],
        })
      }),
    sweep: (olderThanMs, publish) =>
      inTurn(async (connection) => {
        await connection.query('BEGIN')
        const { rows } = await connection.query<OutboxRow>(findSql, [options.team, olderThanMs / 1_000])
        const published = rows.length === 0 ? [] : await publish(rows)
        if (published.length > 0) {
          await connection.query('DELETE FROM hive.outbox WHERE seq = ANY($1::bigint[])', [published])
        }
        await connection.query('COMMIT')
        return { found: rows.length, published: published.length }
      }),
    noteRedisRun: (runId, sinceMs) =>
      inTurn(async (connection) => {
        const { rows } = await connection.query<{ run_id: string }>(
          'SELECT run_id FROM hive.redis_runs WHERE team = $1',
          [options.team],
        )
        if (rows[0]?.run_id === runId) return 0
        await connection.query('BEGIN')
        const requeued = await connection.query(
          `INSERT INTO hive.outbox (seq, team, queued_at)
           SELECT seq, team, accepted_at FROM hive.messages
           WHERE team = $1 AND accepted_at > clock_timestamp() - make_interval(secs => $2) AND $3
           ON CONFLICT (seq) DO NOTHING`,
          [options.team, sinceMs / 1_000, rows.length > 0],
        )
        await connection.query(
          `INSERT INTO hive.redis_runs (team, run_id) VALUES ($1, $2)
           ON CONFLICT (team) DO UPDATE SET run_id = excluded.run_id, seen_at = clock_timestamp()`,
          [options.team, runId],
        )
        await connection.query('COMMIT')
        return requeued.rowCount ?? 0
      }),
    close: async () => {
      await tail
      closed = true
      await client?.end().catch(() => {})
    },
  }
}
