import { mayUse } from '../access.ts'
import { writes } from '../route.ts'
import { type Arguments, GraphError, type GraphNode } from './execute.ts'
import { commentNode } from './event-nodes.ts'
import { findNode } from './graph.ts'
import { issueNode } from './issue-nodes.ts'
import type { Graph } from './repository-nodes.ts'

function inputOf(args: Arguments): Arguments {
  return (args['input'] ?? {}) as Arguments
}

function target(graph: Graph, id: unknown): NonNullable<ReturnType<typeof findNode>> {
  if (!mayUse(graph.token, writes('issues', 'pull-requests'))) {
    throw new GraphError('FORBIDDEN', 'Resource not accessible by integration')
  }
  const found = findNode(graph, String(id))
  if (found === undefined)
    throw new GraphError('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`)
  return found
}

/** At most three issues of a repository are pinned. */
function pin(graph: Graph, args: Arguments, pinned: boolean): GraphNode {
  const input = inputOf(args)
  const { repo, issue } = target(graph, input['issueId'])
  const others = [...repo.issues.values()].filter((other) => other.pinned && other !== issue)
  if (pinned && others.length >= 3) throw new GraphError('UNPROCESSABLE', 'Maximum 3 pinned issues per repository')
  issue.pinned = pinned
  const fields = { issue: issueNode(repo, issue), clientMutationId: input['clientMutationId'] }
  return { type: 'PinIssuePayload', fields }
}

function minimize(graph: Graph, args: Arguments, minimized: boolean): GraphNode {
  const input = inputOf(args)
  const { repo, comment } = target(graph, input['subjectId'])
  if (comment === undefined) throw new GraphError('UNPROCESSABLE', 'Only comments can be minimized')
  if (minimized) comment.minimized = String(input['classifier'] ?? '').toLowerCase()
  else delete comment.minimized
  const node = commentNode(repo, comment)
  const fields = { minimizedComment: node, unminimizedComment: node, clientMutationId: input['clientMutationId'] }
  return { type: 'MinimizeCommentPayload', fields }
}

export function mutationRoot(graph: Graph): GraphNode {
  return {
    type: 'Mutation',
    fields: {
      pinIssue: (args: Arguments) => pin(graph, args, true),
      unpinIssue: (args: Arguments) => pin(graph, args, false),
      minimizeComment: (args: Arguments) => minimize(graph, args, true),
      unminimizeComment: (args: Arguments) => minimize(graph, args, false),
    },
  }
}
