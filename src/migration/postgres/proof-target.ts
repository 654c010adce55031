import type { PlanSource } from '../documents.ts'
import { connect, disconnect, targetFault } from './connect.ts'
import { findStoredSource } from './state.ts'

/** What a proof says of the server: its version, and the plan that filled each schema, where one did. */
export async function describeProofTarget(
  target: string,
  options: { readonly schemas: readonly string[]; readonly signal: AbortSignal },
): Promise<{ readonly server: string; readonly plans: readonly (PlanSource | undefined)[] }> {
  const client = await connect(target, options.signal)
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    const plans: (PlanSource | undefined)[] = []
    for (const schema of options.schemas) plans.push((await findStoredSource(client, schema))?.source)
    return { server: `PostgreSQL ${rows[0]?.server_version ?? ''}`, plans }
  } catch (error) {
    options.signal.throwIfAborted()
    throw targetFault(error, 'verify')
  } finally {
    await disconnect(client)
  }
}
