import { Client, DatabaseError } from 'pg'
import { fault, type HiveError, isHiveError } from '../core/index.ts'

export type { Client } from 'pg'

/** Opens one connection. @throws HIVE_STORE_UNREACHABLE */
export async function openClient(url: string, settings: { readonly asyncCommit?: boolean } = {}): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'agent-hive',
    // Marks that are lost in a crash only mean that a message is published again, and dropped as a duplicate.
    ...(settings.asyncCommit === true ? { options: '-c synchronous_commit=off' } : {}),
  })
  // Without a listener, a server that goes away would end the process. The next query reports it.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw storeFault(error)
  }
}

export function storeFault(error: unknown): HiveError {
  if (isHiveError(error)) return error
  const message = error instanceof Error && error.message !== '' ? error.message : 'the connection failed'
  return fault('HIVE_STORE_UNREACHABLE', { problem: message }, error)
}

/**
 * SQLSTATE classes that the content of a row causes: data exception, integrity constraint, syntax or access inside a
 * cast, and a program limit such as an index key that is too long. Everything else concerns the whole batch.
 */
const rowClasses = new Set(['22', '23', '54'])

/** The SQLSTATE of an error for which one row of the batch is to blame. */
export function rowError(error: unknown): { readonly sqlState: string; readonly problem: string } | undefined {
  if (!(error instanceof DatabaseError) || error.code === undefined) return undefined
  return rowClasses.has(error.code.slice(0, 2)) ? { sqlState: error.code, problem: error.message } : undefined
}
