import { Client } from 'pg'
import { fault, systemIds } from '../core/index.ts'
import type { ScratchDatabase } from './options.ts'

interface ScratchOptions {
  /** Maintenance connection. */
  readonly url: string
  /** Throws when the server is known to have ended. */
  readonly assertRunning: () => void
}

/** Creates databases with names of their own on one server and remembers which are still to be dropped. */
export interface ScratchDatabases {
  create(label: string): Promise<ScratchDatabase>
  /** Drops all that are left. */
  dropAll(): Promise<void>
}

export function createScratchDatabases({ url, assertRunning }: ScratchOptions): ScratchDatabases {
  const open = new Set<ScratchDatabase>()

  const run = async (statement: string): Promise<void> => {
    const client = await connect(url)
    try {
      await client.query(statement)
    } finally {
      await client.end().catch(() => {})
    }
  }

  const create = async (label: string): Promise<ScratchDatabase> => {
    const name = scratchName(label)
    try {
      // template0 and not template1: the latter cannot be copied while anyone is connected to it.
      await run(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8'`)
    } catch (error) {
      assertRunning()
      throw fault('HIVE_POSTGRES_DATABASE', { database: name, problem: problemOf(error) }, error)
    }
    let dropping: Promise<void> | undefined
    const drop = (): Promise<void> => {
      open.delete(database)
      return (dropping ??= run(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))
    }
    const database: ScratchDatabase = { name, url: withDatabase(url, name), drop, [Symbol.asyncDispose]: drop }
    open.add(database)
    return database
  }

  return {
    create,
    dropAll: async () => {
      await Promise.allSettled([...open].map((database) => database.drop()))
    },
  }
}

/** `hive_<label>_<12 random characters>`: legible in a list of databases, and never taken. */
export function scratchName(label: string): string {
  const legible = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 24)
    .replace(/^_+|_+$/g, '')
  return `hive_${legible}_${systemIds.short(12)}`
}

/** The same connection to another database of the server. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(database)}`
  return changed.href
}

/** Connects once, within ten seconds; a connection that the server ends later does not end the process. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'agent-hive' })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The reason as the driver or the server gives it. Connecting to two addresses of a name fails with a list. */
export function problemOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return problemOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
