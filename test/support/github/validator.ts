import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'
import { description, type Operation } from './description.ts'

// The package is CommonJS: its types say `default`, Node gives the function itself.
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => Ajv

type Schema = Readonly<Record<string, unknown>>

function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ strict: false, coerceTypes, allErrors: false, logger: false, inlineRefs: false })
  addFormats(ajv)
  ajv.addSchema({ $id: 'github', schemas: description().schemas })
  return ajv
}

// Compiling costs about 13 ms a schema and there are 155: each is compiled when it is first needed.
const compiled = new Map<object, ValidateFunction>()
let strict: Ajv | undefined
let coercing: Ajv | undefined

function problems(schema: object, value: unknown, where: string, text = false): string[] {
  let validate = compiled.get(schema)
  if (validate === undefined) {
    const ajv = text ? (coercing ??= createAjv(true)) : (strict ??= createAjv(false))
    validate = ajv.compile(schema)
    compiled.set(schema, validate)
  }
  if (validate(value)) return []
  return (validate.errors ?? []).map((error) => {
    const detail = JSON.stringify(error.params)
    return `${where}${error.instancePath} ${error.message ?? 'is invalid'} ${detail}`.slice(0, 500)
  })
}

function resolve(schema: unknown): Schema {
  const found = (schema ?? {}) as Schema
  const ref = found['$ref']
  return typeof ref === 'string' ? resolve(description().schemas[ref.split('/').at(-1) ?? '']) : found
}

/** Keys that GitHub does not know: it would ignore them, but whoever sends them believes that they do something. */
function unknownKeys(schema: unknown, value: unknown, where: string): string[] {
  const { properties, items, additionalProperties } = resolve(schema)
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownKeys(items, item, `${where}/${index}`))
  if (typeof value !== 'object' || value === null || properties === undefined) return []
  const known = properties as Schema
  return Object.entries(value).flatMap(([key, item]) => {
    if (Object.hasOwn(known, key)) return unknownKeys(known[key], item, `${where}/${key}`)
    return additionalProperties === undefined ? [`${where}/${key} is not part of GitHub's API`] : []
  })
}

export interface RequestParts {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown
}

/** What is wrong with a request by GitHub's description; empty when nothing is. */
export function checkRequest(operation: Operation, { params, query, body }: RequestParts): string[] {
  const found: string[] = []
  for (const parameter of operation.parameters) {
    const given = parameter.in === 'path' ? params[parameter.name] : (query.get(parameter.name) ?? undefined)
    if (given !== undefined) {
      const holder = { type: 'object', properties: { value: parameter.schema } }
      const schema = wrapped.get(parameter) ?? holder
      wrapped.set(parameter, schema)
      found.push(...problems(schema, { value: given }, `${parameter.in} ${parameter.name}`, true))
    } else if (parameter.required === true) found.push(`${parameter.in} ${parameter.name} is missing`)
  }
  const known = new Set(operation.parameters.filter((p) => p.in === 'query').map((p) => p.name))
  for (const name of query.keys()) if (!known.has(name)) found.push(`query ${name} is not part of GitHub's API`)
  if (operation.body === undefined) {
    if (body !== undefined && Object.keys(body as object).length > 0) found.push('body is not part of this operation')
  } else if (body === undefined) {
    if (operation.body.required) found.push('body is missing')
  } else {
    found.push(...problems(operation.body.schema, body, 'body'), ...unknownKeys(operation.body.schema, body, 'body'))
  }
  return found
}

// A scalar can only be coerced inside an object; one wrapper a parameter keeps the compile cache effective.
const wrapped = new Map<object, object>()

/** What is wrong with an answer of the stand-in itself by GitHub's description. */
export function checkResponse(operation: Operation, status: number, body: unknown): string[] {
  const response = operation.responses[String(status)]
  if (response === undefined) return [`response ${status} is not described for ${operation.key}`]
  return response.schema === undefined ? [] : problems(response.schema, body, `response ${status}`)
}
