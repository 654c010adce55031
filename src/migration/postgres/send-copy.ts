import { once } from 'node:events'
import { from } from 'pg-copy-streams'
import type { Client } from './connect.ts'

/**
 * Sends one whole COPY … FROM STDIN and returns how many rows the server says it took: a trigger may have dropped some.
 * After an error the session goes on, in a failed transaction.
 */
export async function sendCopy(client: Client, sql: string, bytes: readonly Buffer[]): Promise<number> {
  const stream = client.query(from(sql))
  const finished = once(stream, 'finish')
  stream.on('error', () => {})
  for (const part of bytes) stream.write(part)
  stream.end()
  await finished
  return stream.rowCount
}
