import { type Arguments, GraphError, type GraphNode } from './execute.ts'

const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64')

function indexOf(cursor: unknown): number | undefined {
  if (typeof cursor !== 'string') return undefined
  const index = Number(Buffer.from(cursor, 'base64').toString().replace('cursor:', ''))
  if (!Number.isInteger(index))
    throw new GraphError('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`)
  return index
}

/** A page of nodes. Like GitHub's, it insists on `first` or `last`, of 100 at most. */
export function connection(type: string, { nodes, args }: { nodes: readonly GraphNode[]; args: Arguments }): GraphNode {
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}s`
  const size = (which: 'first' | 'last'): number | undefined => {
    const value = args[which]
    if (typeof value !== 'number') return undefined
    if (value > 100) {
      throw new GraphError(
        'EXCESSIVE_PAGINATION',
        `Requesting ${value} records on the \`${name}\` connection exceeds the \`${which}\` limit of 100 records.`,
      )
    }
    return value
  }
  const [first, last] = [size('first'), size('last')]
  if (first === undefined && last === undefined) {
    throw new GraphError(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    )
  }
  let start = (indexOf(args['after']) ?? -1) + 1
  let end = indexOf(args['before']) ?? nodes.length
  if (first !== undefined) end = Math.min(end, start + first)
  if (last !== undefined) start = Math.max(start, end - last)
  const shown = nodes.slice(start, end)
  return {
    type: `${type}Connection`,
    fields: {
      totalCount: nodes.length,
      filteredCount: nodes.length,
      nodes: shown,
      edges: shown.map((node, index) => ({ type: `${type}Edge`, fields: { node, cursor: cursorOf(start + index) } })),
      pageInfo: {
        type: 'PageInfo',
        fields: {
          hasNextPage: end < nodes.length,
          hasPreviousPage: start > 0,
          startCursor: shown.length === 0 ? null : cursorOf(start),
          endCursor: shown.length === 0 ? null : cursorOf(end - 1),
        },
      },
    },
  }
}
