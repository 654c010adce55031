import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usedOperations } from './github-operations.ts'

/**
 * Writes `test/support/github/openapi.json`: the part of GitHub's OpenAPI description that Agent Hive uses.
 * The whole is 385 MB as a package and 13 MB as a file, so it is fetched here and never becomes a dependency.
 *
 *     node scripts/generate-github-api.ts
 */

const source = '@octokit/openapi@23.0.2'
const target = new URL('../test/support/github/openapi.json', import.meta.url)

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

const prose = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'title', 'x-github', 'tags'])

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fetches the description through the npm client into a folder that is gone afterwards. */
function fetchDescription(): JsonObject {
  const folder = mkdtempSync(join(tmpdir(), 'github-api-'))
  try {
    const packed = execFileSync('npm', ['pack', source, '--silent'], { cwd: folder, encoding: 'utf8' }).trim()
    const member = 'package/generated/api.github.com.json'
    execFileSync('tar', ['-xzf', packed, member], { cwd: folder })
    return JSON.parse(readFileSync(join(folder, member), 'utf8')) as JsonObject
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Turns an OpenAPI 3.0 schema into the JSON Schema that ajv takes: no prose, and `nullable` written as a type,
 * because ajv refuses `nullable` beside `$ref`, `allOf` and `anyOf`, where GitHub uses it 135 times.
 */
function toJsonSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => toJsonSchema(item))
  if (!isObject(schema)) return schema
  const result: Record<string, Json> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties' && isObject(value)) {
      result[key] = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJsonSchema(item)]))
    } else if (key === 'enum' || key === 'default' || key === 'required') {
      result[key] = value
    } else if (!prose.has(key) && !key.startsWith('x-') && key !== 'nullable' && key !== 'discriminator') {
      result[key] = toJsonSchema(value)
    }
  }
  if (schema['nullable'] !== true) return result
  const { enum: values, type } = result
  if (Array.isArray(values) && !values.includes(null)) result['enum'] = [...(values as readonly Json[]), null]
  if (typeof type === 'string') return { ...result, type: [type, 'null'] }
  return { anyOf: [result, { type: 'null' }] }
}

function toParameter(given: JsonObject): JsonObject {
  const kept = ['name', 'in', 'required', 'x-multi-segment'].flatMap((key) => {
    const value = given[key]
    return value === undefined || value === false ? [] : [[key, value] as const]
  })
  return { ...Object.fromEntries(kept), schema: toJsonSchema(given['schema'] ?? {}) }
}

function trim(description: JsonObject): JsonObject {
  const components = description['components'] as Record<string, JsonObject>
  const schemas = new Map<string, Json>()

  function deref(value: Json | undefined): JsonObject {
    if (!isObject(value)) return {}
    const ref = value['$ref']
    if (typeof ref !== 'string') return value
    const [kind = '', name = ''] = ref.split('/').slice(2)
    return deref(components[kind]?.[name])
  }

  function collect(value: Json): void {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) collect(item)
    if (!isObject(value)) return
    const ref = value['$ref']
    const name = typeof ref === 'string' ? ref.split('/').at(-1) : undefined
    if (name !== undefined && !schemas.has(name)) {
      const schema = toJsonSchema(components['schemas']?.[name] ?? {})
      schemas.set(name, schema)
      collect(schema)
    }
    for (const item of Object.values(value)) collect(item)
  }

  function schemaOf(holder: JsonObject): Json | undefined {
    const content = deref(holder['content'])
    // `application/json` where there is one; GitHub's own media types only as the last resort.
    const media = content['application/json'] ?? Object.values(content)[0]
    return isObject(media) ? toJsonSchema(media['schema'] ?? {}) : undefined
  }

  function operation(path: string, method: string): JsonObject {
    const found = deref(deref(description['paths'])[path])[method]
    if (!isObject(found)) throw new Error(`GitHub's description has no operation ${method} ${path}`)
    const parameters = ((found['parameters'] ?? []) as readonly Json[]).map(deref).map(toParameter)
    const request = deref(found['requestBody'])
    const body = schemaOf(request)
    const responses = Object.entries(deref(found['responses'])).map(([status, response]) => {
      const schema = schemaOf(deref(response))
      return [status, schema === undefined ? {} : { schema }] as const
    })
    return {
      operationId: found['operationId'] ?? '',
      parameters,
      ...(body !== undefined && { body: { required: request['required'] === true, schema: body } }),
      responses: Object.fromEntries(responses),
    }
  }

  const operations = usedOperations.map((line) => {
    const [method = '', path = ''] = line.split(' ')
    const result = operation(path, method.toLowerCase())
    collect(result)
    return [line, result] as const
  })
  return {
    source,
    operations: Object.fromEntries(operations),
    schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** One line an operation and a schema: small, and a new version of the description still gives a readable diff. */
function print({ source: from, operations, schemas }: JsonObject): string {
  const lines = (value: Json | undefined): string =>
    Object.entries(isObject(value) ? value : {})
      .map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item)}`)
      .join(',\n')
  return `{"source":${JSON.stringify(from)},\n"operations":{\n${lines(operations)}},\n"schemas":{\n${lines(schemas)}}}\n`
}

const text = print(trim(fetchDescription()))
writeFileSync(target, text)
process.stdout.write(`${usedOperations.length} operations, ${Math.round(text.length / 1000)} kB\n`)
