import type { Document, OperationDefinition, Selection, Value } from './parse.ts'
import { fieldOf, possibleTypes, scalars } from './schema.ts'

/** An object of the graph: its type and its fields, which are values or functions of the arguments. */
export interface GraphNode {
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
}

export type Arguments = Readonly<Record<string, unknown>>

/** An error as GitHub reports it beside the data. */
export class GraphError extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

type Fragment = Extract<Selection, { kind: 'fragment' }>

function fragmentOf(document: Document, selection: Fragment): Fragment {
  if (selection.spread === undefined) return selection
  return (
    document.fragments.get(selection.spread) ?? {
      kind: 'fragment',
      on: `an unknown fragment ${selection.spread}`,
      selections: [],
    }
  )
}

/** What GitHub would refuse before it runs a query: unknown fields and arguments, missing or wrong selections. */
export function validate(document: Document, type: string, selections: readonly Selection[]): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'fragment') {
      const { on = type, selections: inner } = fragmentOf(document, selection)
      const possible = possibleTypes[type] ?? [type]
      if (on !== type && !possible.includes(on) && !(possibleTypes[on] ?? []).includes(type)) {
        return [`Fragment on ${on} can't be spread inside ${type}`]
      }
      return validate(document, on, inner)
    }
    const field = fieldOf(type, selection.name)
    if (field === undefined) return [`Field '${selection.name}' doesn't exist on type '${type}'`]
    const unknown = Object.keys(selection.args).filter((name) => !field.args.includes(name))
    const problems = unknown.map((name) => `Field '${selection.name}' doesn't accept argument '${name}'`)
    const leaf = scalars.has(field.type)
    if (leaf && selection.selections.length > 0)
      problems.push(`Selections can't be made on scalars (field '${selection.name}')`)
    if (!leaf && selection.selections.length === 0) {
      problems.push(
        `Field must have selections (field '${selection.name}' returns ${field.type} but has no selections)`,
      )
    }
    return [...problems, ...(leaf ? [] : validate(document, field.type, selection.selections))]
  })
}

/** The values of the variables, given or usual; throws where a required one is missing. */
export function bindVariables(operation: OperationDefinition, given: Arguments): Arguments {
  const entries = operation.variables.map(({ name, required, usual }) => {
    const value = given[name] ?? (usual === undefined ? undefined : valueOf(usual, {}))
    if (required && (value === undefined || value === null)) {
      throw new GraphError('INVALID_VARIABLES', `Variable $${name} was provided invalid value`)
    }
    return [name, value] as const
  })
  return Object.fromEntries(entries)
}

function valueOf(value: Value, variables: Arguments): unknown {
  switch (value.kind) {
    case 'literal':
      return value.value
    case 'variable':
      return variables[value.name]
    case 'list':
      return value.items.map((item) => valueOf(item, variables))
    case 'object':
      return Object.fromEntries(Object.entries(value.fields).map(([name, item]) => [name, valueOf(item, variables)]))
    default:
      return value satisfies never
  }
}

interface Execution {
  readonly document: Document
  readonly variables: Arguments
  readonly errors: object[]
}

/** Resolves selections on a node; what fails becomes null and an error, as GitHub does it. */
export function execute(
  run: Execution,
  node: GraphNode,
  { selections, path = [] }: { selections: readonly Selection[]; path?: readonly string[] },
): object {
  const result: Record<string, unknown> = {}
  for (const selection of selections) {
    if (selection.kind === 'fragment') {
      const { on = node.type, selections: inner } = fragmentOf(run.document, selection)
      if (on === node.type || possibleTypes[on]?.includes(node.type) === true) {
        Object.assign(result, execute(run, node, { selections: inner, path }))
      }
      continue
    }
    const here = [...path, selection.alias]
    try {
      const value = selection.name === '__typename' ? node.type : node.fields[selection.name]
      const args = valueOf({ kind: 'object', fields: selection.args }, run.variables) as Arguments
      const resolved: unknown = typeof value === 'function' ? (value as (args: Arguments) => unknown)(args) : value
      result[selection.alias] = complete(run, resolved, { selections: selection.selections, path: here })
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      run.errors.push({ type: error.type, path: here, message: error.message })
      result[selection.alias] = null
    }
  }
  return result
}

function complete(
  run: Execution,
  value: unknown,
  below: { selections: readonly Selection[]; path: readonly string[] },
): unknown {
  if (Array.isArray(value)) return value.map((item) => complete(run, item, below))
  if (value === undefined || value === null) return null
  return below.selections.length > 0 ? execute(run, value as GraphNode, below) : value
}
