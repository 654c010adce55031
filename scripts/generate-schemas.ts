import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { statusSchema } from '../src/coordination/status-json.ts'
import { configSchema } from '../src/config/schema.ts'
import {
  evidenceBundleSchema,
  evidenceSchema,
  loadDocumentSchema,
  migrationDocumentSchema,
} from '../src/evidence/index.ts'
import { copyDocumentSchema, planDocumentSchema, verifyDocumentSchema } from '../src/migration/documents.ts'
import { proofDocumentSchema } from '../src/migration/profile/proof-schema.ts'
import { profileDocumentSchema } from '../src/migration/profile/schema.ts'

/** The JSON Schemas in `schemas/`, written from the zod sources. A new document is one line more in the table. */

interface DocumentSchema {
  readonly name: string
  readonly title: string
  readonly schema: z.core.$ZodType
}

const documents: readonly DocumentSchema[] = [
  { name: 'hive', title: 'hive.yml: plan, gates and policy of a repository', schema: configSchema },
  { name: 'evidence', title: 'What one run of a gate leaves', schema: evidenceSchema },
  { name: 'bundle', title: 'What one run uploads: the evidence of its gates', schema: evidenceBundleSchema },
  { name: 'load', title: 'load.json: latencies and rates of a load test', schema: loadDocumentSchema },
  {
    name: 'migration',
    title: 'migration.json: one row a database of the migration gate',
    schema: migrationDocumentSchema,
  },
  { name: 'migration-plan', title: 'The plan of a migration, as hive db plan prints it', schema: planDocumentSchema },
  { name: 'migration-copy', title: 'What hive db copy did', schema: copyDocumentSchema },
  { name: 'status', title: 'The state of a hive, as the coordination issue carries it', schema: statusSchema },
  { name: 'migration-verify', title: 'What hive db verify found', schema: verifyDocumentSchema },
  {
    name: 'migration-profile',
    title: 'The value-free profile that hive db inspect --profile writes',
    schema: profileDocumentSchema,
  },
  { name: 'migration-proof', title: 'The proof that hive db verify --proof writes', schema: proofDocumentSchema },
]

export const root = join(import.meta.dirname, '..')

export function generateSchemas(): { path: string; text: string }[] {
  const meanings = documentedKeys(readFileSync(join(root, 'docs/configuration.md'), 'utf8'))
  return documents.map(({ name, title, schema }) => {
    // Draft 7 is what every editor understands.
    const { $schema, ...generated } = z.toJSONSchema(schema, { target: 'draft-7' }) as JsonSchema
    if (name === 'hive') describeKeys(generated, meanings)
    const document = { $schema, $id: `${name}.schema.json`, title, ...generated }
    return { path: `schemas/${name}.schema.json`, text: `${JSON.stringify(document, undefined, 2)}\n` }
  })
}

export interface JsonSchema {
  $schema?: string
  description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** Calls `visit` for every key: `agents.<name>.accounts`, `plan.phases[].tasks[].needs`. */
export function visitKeys(schema: JsonSchema, visit: (path: string, schema: JsonSchema) => void, path = ''): void {
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const inner = path === '' ? key : `${path}.${key}`
    visit(inner, value)
    visitKeys(value, visit, inner)
  }
  if (typeof schema.additionalProperties === 'object') visitKeys(schema.additionalProperties, visit, `${path}.<name>`)
  if (schema.items !== undefined) visitKeys(schema.items, visit, `${path}[]`)
  for (const branch of schema.anyOf ?? []) visitKeys(branch, visit, path)
}

/** The rows of the tables in docs/configuration.md whose first cell is a key: key → last cell. */
export function documentedKeys(markdown: string): ReadonlyMap<string, string> {
  const rows = [...markdown.matchAll(/^\| `([^`]+)` \|.*\| ([^|]+) \|$/gm)]
  return new Map(rows.map(([, key = '', meaning = '']) => [key, meaning.trim()]))
}

/** Editors show on hover what the documentation says. */
function describeKeys(schema: JsonSchema, meanings: ReadonlyMap<string, string>): void {
  visitKeys(schema, (path, value) => {
    const meaning = meanings.get(path)
    if (meaning !== undefined) value.description = meaning.replaceAll('`', '')
  })
}

if (import.meta.main) {
  for (const { path, text } of generateSchemas()) writeFileSync(join(root, path), text)
}
