import { Client, DatabaseError } from 'pg'
import { fault, HiveError } from '../../core/index.ts'

export type { Client }

/**
 * Opens one session.
 *
 * @throws HIVE_TARGET_UNREACHABLE; the URL is in no message
 */
export async function connect(url: string, signal: AbortSignal): Promise<Client> {
  signal.throwIfAborted()
  let client: Client
  try {
    client = new Client({ connectionString: url, connectionTimeoutMillis: 15_000, application_name: 'agent-hive' })
  } catch (error) {
    throw fault('HIVE_TARGET_UNREACHABLE', { problem: 'the URL cannot be read' }, error)
  }
  // Without a listener a server that goes away would end the process; the running query reports it anyway.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query("SET client_encoding = 'UTF8'; SET statement_timeout = 0; SET DateStyle = 'ISO'")
  } catch (error) {
    await client.end().catch(() => {})
    throw fault('HIVE_TARGET_UNREACHABLE', { problem: problemOf(error) }, error)
  }
  return client
}

/** Ends a session, even one whose server is gone or that is in the middle of a COPY. */
export async function disconnect(client: Client): Promise<void> {
  const ended = client.end().catch(() => {})
  const timer = new Promise<void>((resolve) => {
    setTimeout(resolve, 2_000).unref()
  })
  await Promise.race([ended, timer])
}

/** What an error says, without its causes. */
export function problemOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(problemOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

const insufficientPrivilege = '42501'

/** Gives what PostgreSQL or the connection said a code. */
export function targetFault(error: unknown, during: string): HiveError {
  if (error instanceof HiveError) return error
  const problem = problemOf(error)
  const state = error instanceof DatabaseError ? (error.code ?? '') : ''
  if (state === insufficientPrivilege) return fault('HIVE_TARGET_RIGHTS', { problem }, error)
  if (state === '' || state.startsWith('08') || state.startsWith('57P')) {
    return fault('HIVE_TARGET_LOST', { during, problem }, error)
  }
  const { detail, table } = error as DatabaseError
  const more = [table === undefined ? '' : `table ${table}`, detail ?? ''].filter((part) => part !== '').join('; ')
  return fault('HIVE_TARGET_REFUSED', { during, problem: more === '' ? problem : `${problem} (${more})` }, error)
}

/** SQLSTATE of an error of the server. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}
