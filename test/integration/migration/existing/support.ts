import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { spawn } from 'node:child_process'
import { buildDatabase, type Bench } from '../support.ts'

const main = join(import.meta.dirname, '../../../../src/cli/main.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** An application: its schema in a database of its own, made by one role, and another role that may only use it. */
export interface Application {
  /** SQLite file with the application's data. */
  readonly path: string
  readonly folder: string
  /** As the owner of the schema. */
  readonly ownerUrl: string
  /** As a role that owns nothing and is no superuser. */
  readonly url: string
  readonly query: (sql: string) => Promise<readonly (readonly unknown[])[]>
  readonly hive: (...words: readonly string[]) => Promise<Ended>
  readonly close: () => Promise<void>
}

let applications = 0

/**
 * Makes an application from two scripts: what its tool emits for SQLite, with data, and what it emits for PostgreSQL.
 * The role that copies has `grants` and nothing else.
 */
export async function openApplication(
  bench: Bench,
  scripts: { readonly sqlite: string; readonly postgres: string; readonly grants?: (role: string) => string },
): Promise<Application> {
  const name = `existing_${(applications += 1)}`
  const folder = await mkdtemp(join(bench.folder, 'existing-'))
  const path = buildDatabase(join(folder, 'app.db'), scripts.sqlite)
  const role = `${name}_role`
  await bench.query(`CREATE DATABASE ${name}`)
  await bench.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER PASSWORD 'only-here'`)
  const owner = new URL(bench.url)
  owner.pathname = `/${name}`
  const client = new Client({ connectionString: owner.href })
  client.on('error', () => {})
  await client.connect()
  await client.query(scripts.postgres)
  await client.query(scripts.grants?.(role) ?? usualGrants(role, name))
  const url = new URL(owner)
  url.username = role
  url.password = 'only-here'
  return {
    path,
    folder,
    ownerUrl: owner.href,
    url: url.href,
    query: async (sql) => {
      const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
      return result.rows
    },
    hive: (...words) => run([main, ...words], folder),
    close: () => client.end(),
  }
}

function usualGrants(role: string, database: string): string {
  return `GRANT CREATE ON DATABASE ${database} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}`
}

function run(words: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd,
      env: { ...process.env, TMPDIR: cwd },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...output }))
  })
}

/** A script that the generator wrote, beside this file. */
export function fixture(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, 'fixtures', name), 'utf8')
}
