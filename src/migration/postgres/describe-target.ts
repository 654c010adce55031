import { describeSchemas, existingSchemas, type SchemaObject } from './catalogue.ts'
import { connect, disconnect } from './connect.ts'

export type { SchemaObject }

/** What the given schemas hold now, and which of them exist: to compare a target before and after. */
export async function describeTarget(
  target: string,
  options: { readonly schemas: readonly string[]; readonly signal: AbortSignal },
): Promise<{ readonly schemas: readonly string[]; readonly objects: readonly SchemaObject[] }> {
  const client = await connect(target, options.signal)
  try {
    return {
      schemas: await existingSchemas(client, options.schemas),
      objects: await describeSchemas(client, options.schemas),
    }
  } finally {
    await disconnect(client)
  }
}
