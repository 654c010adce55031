import { problemOf, sqlState, type Client } from '../postgres/connect.ts'
import type { Refusal } from '../postgres/quarantine.ts'
import { sendCopy } from '../postgres/send-copy.ts'
import type { ExistingTable } from './plan-types.ts'
import type { RowBlock } from './row-block.ts'

interface Sending {
  /** Sent together, or not at all: the rows, and notes about them. */
  readonly send: readonly { readonly sql: string; readonly block: RowBlock }[]
  readonly table: ExistingTable
  readonly written: (rows: number) => void
  readonly refused: (index: number, refusal: Refusal) => void
}

/**
 * Sends a block of rows. What only the server can check (keys, CHECKs, triggers) it checks in a savepoint; a block that
 * it refuses is divided until the rows that are the cause stand alone. COPY often names the line that failed: dividing
 * there finds a row in two steps instead of a dozen, and a wrong line costs nothing but steps.
 */
export async function sendRows(client: Client, rows: number, sending: Sending): Promise<void> {
  const parts = [{ first: 0, end: rows }]
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { first, end } = part
    if (first >= end) continue
    const failure = await trySending(client, part, sending)
    if (failure === undefined) {
      sending.written(end - first)
      continue
    }
    if (end - first === 1) {
      sending.refused(first, refusalOf(failure, sending.table))
      continue
    }
    const line = lineOf(failure)
    if (line !== undefined && line >= 1 && line <= end - first) {
      const at = first + line - 1
      // The last is taken up first: rows keep their order, so that of two equal keys the first one stays.
      parts.push({ first: at + 1, end }, { first: at, end: at + 1 }, { first, end: at })
    } else {
      const middle = first + Math.floor((end - first) / 2)
      parts.push({ first: middle, end }, { first, end: middle })
    }
  }
}

/** A trigger swallowed rows without an error. */
class Swallowed extends Error {}

async function trySending(
  client: Client,
  part: { readonly first: number; readonly end: number },
  sending: Sending,
): Promise<unknown> {
  await client.query('SAVEPOINT rows')
  try {
    for (const { sql, block } of sending.send) {
      const taken = await sendCopy(client, sql, block.part(part.first, part.end))
      if (taken !== part.end - part.first) throw new Swallowed('a trigger of the target dropped it')
    }
  } catch (error) {
    if (!(error instanceof Swallowed) && !isAboutRows(sqlState(error))) throw error
    await client.query('ROLLBACK TO SAVEPOINT rows')
    await client.query('RELEASE SAVEPOINT rows')
    return error
  }
  await client.query('RELEASE SAVEPOINT rows')
  return undefined
}

/**
 * Data exceptions (22), broken constraints (23), WITH CHECK OPTION (44), what a trigger raises (P0), and an index entry
 * that is too large (54000) are about rows. Anything else (rights, disk, connection) is about the copy as a whole.
 */
function isAboutRows(state: string | undefined): boolean {
  return state !== undefined && (/^(22|23|44|P0)/.test(state) || state === '54000')
}

function lineOf(error: unknown): number | undefined {
  const where = error instanceof Error && 'where' in error ? error.where : undefined
  const line = typeof where === 'string' ? /^COPY .*, line (\d+)/m.exec(where)?.[1] : undefined
  return line === undefined ? undefined : Number(line)
}

const foreignKeyViolation = '23503'

function refusalOf(error: unknown, { document, target }: ExistingTable): Refusal {
  const named = error as { readonly column?: unknown; readonly constraint?: unknown }
  const column = typeof named.column === 'string' ? [named.column] : undefined
  const columns =
    column ?? (typeof named.constraint === 'string' ? target.constraints[named.constraint] : undefined) ?? []
  const causes = document.columns.filter((planned) => columns.includes(planned.target))
  return {
    columns: (causes.length > 0 ? causes : document.columns).map(({ name }) => name),
    reason: `PostgreSQL refused it: ${problemOf(error)}`,
    code: sqlState(error) === foreignKeyViolation ? 'HIVE_ORPHAN' : 'HIVE_VALUE_MISFIT',
  }
}
