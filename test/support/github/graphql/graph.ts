import { reaches } from '../access.ts'
import { nodeId } from '../render/account.ts'
import type { Comment, Issue, Repository } from '../types.ts'
import { repositoryOf } from '../world.ts'
import { accountNode } from './commit-nodes.ts'
import { commentNode } from './event-nodes.ts'
import { type Arguments, GraphError, type GraphNode } from './execute.ts'
import { issueNode, issueNodeId } from './issue-nodes.ts'
import { type Graph, repositoryNode } from './repository-nodes.ts'

export function queryRoot(graph: Graph): GraphNode {
  const { world, token } = graph
  return {
    type: 'Query',
    fields: {
      repository: ({ owner, name }: Arguments) => {
        const fullName = `${String(owner)}/${String(name)}`
        const repo = repositoryOf(world, fullName)
        if (repo === undefined || !reaches(token, repo)) {
          throw new GraphError('NOT_FOUND', `Could not resolve to a Repository with the name '${fullName}'.`)
        }
        return repositoryNode(graph, repo)
      },
      node: ({ id }: Arguments) => {
        const found = findNode(graph, String(id))
        return found?.comment === undefined
          ? found?.issue && issueNode(found.repo, found.issue)
          : commentNode(found.repo, found.comment)
      },
      viewer: accountNode(token.actor),
      rateLimit: {
        type: 'RateLimit',
        fields: { limit: 1000, cost: 1, remaining: 999, used: 1, resetAt: world.now() },
      },
    },
  }
}

/** The issue or comment that a node id names, in a repository that the token reaches. */
export function findNode(
  { world, token }: Graph,
  id: string,
): { repo: Repository; issue: Issue; comment?: Comment } | undefined {
  for (const repo of world.repositories.values()) {
    if (!reaches(token, repo)) continue
    for (const issue of repo.issues.values()) if (issueNodeId(issue) === id) return { repo, issue }
    for (const comment of repo.comments.values()) {
      if (nodeId('IC', comment.id) === id) return { repo, issue: comment.issue, comment }
    }
  }
  return undefined
}
