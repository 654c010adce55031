import type { Token } from '../types.ts'
import type { World } from '../world.ts'
import { type Arguments, bindVariables, execute, GraphError, validate } from './execute.ts'
import { queryRoot } from './graph.ts'
import { mutationRoot } from './mutations.ts'
import { type Document, parseGraphql } from './parse.ts'

interface Result {
  /** Always answered with 200, errors too, as GitHub does. */
  readonly body: unknown
  readonly violations: string[]
}

function failed(messages: readonly string[]): Result {
  return {
    body: { errors: messages.map((message) => ({ message })) },
    violations: messages.map((message) => `POST /graphql: ${message}`),
  }
}

/** Answers a query or mutation; one that the schema does not know is a violation, like an unknown key in REST. */
export function answerGraphql(world: World, token: Token, body: unknown): Result {
  const {
    query,
    variables = {},
    operationName,
  } = (body ?? {}) as { query?: unknown; variables?: Arguments; operationName?: unknown }
  if (typeof query !== 'string') return failed(['A query attribute must be specified and must be a string.'])
  let document: Document
  try {
    document = parseGraphql(query)
  } catch (error) {
    return failed([error instanceof Error ? error.message : String(error)])
  }
  const operation = document.operations.find(({ name }) => typeof operationName !== 'string' || name === operationName)
  if (operation === undefined) return failed(['No operation was given'])
  const graph = { world, token }
  const root = operation.type === 'query' ? queryRoot(graph) : mutationRoot(graph)
  const problems = validate(document, root.type, operation.selections)
  if (problems.length > 0) return failed(problems)
  const errors: object[] = []
  try {
    const run = { document, variables: bindVariables(operation, variables), errors }
    const data = execute(run, root, { selections: operation.selections })
    return { body: errors.length > 0 ? { data, errors } : { data }, violations: [] }
  } catch (error) {
    if (error instanceof GraphError) return failed([error.message])
    throw error
  }
}
