import { nodeId } from '../render/account.ts'
import type { Account, Commit, Person, Repository } from '../types.ts'
import { connection } from './connection.ts'
import type { Arguments, GraphNode } from './execute.ts'

/** GraphQL gives bots without the `[bot]` of their login in REST. */
export function accountNode(account: Account): GraphNode {
  const login = account.login.replace(/\[bot\]$/, '')
  return {
    type: account.type,
    fields: {
      id: nodeId('U', account.id),
      databaseId: account.id,
      login,
      name: login,
      email: '',
      url: `https://github.com/${login}`,
      resourcePath: `/${login}`,
      avatarUrl: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    },
  }
}

function personNode({ name, email, date, account }: Person): GraphNode {
  return { type: 'GitActor', fields: { name, email, date, user: account === undefined ? null : accountNode(account) } }
}

/** The author, then those of the Co-authored-by lines. */
function authorsOf(commit: Commit): GraphNode[] {
  const lines = commit.message.matchAll(/^co-authored-by:\s*(.+?)\s*<([^>]+)>\s*$/gim)
  const others = [...lines].map(([, name = '', email = '']) => personNode({ name, email, date: commit.author.date }))
  return [personNode(commit.author), ...others]
}

export function commitNode(repo: Repository, commit: Commit): GraphNode {
  const parents = commit.parents.flatMap((sha) => repo.store.commits.get(sha) ?? [])
  return {
    type: 'Commit',
    fields: {
      id: nodeId('C', commit.sha),
      oid: commit.sha,
      message: commit.message,
      messageHeadline: commit.message.split('\n')[0],
      authoredDate: commit.author.date,
      committedDate: commit.committer.date,
      author: personNode(commit.author),
      committer: personNode(commit.committer),
      authors: (args: Arguments) => connection('GitActor', { nodes: authorsOf(commit), args }),
      parents: (args: Arguments) =>
        connection('Commit', { nodes: parents.map((parent) => commitNode(repo, parent)), args }),
      tree: { type: 'Tree', fields: { id: nodeId('T', commit.tree), oid: commit.tree } },
    },
  }
}

/** What a repository says of itself; enough for the head's of a pull request. */
export function repositorySummary(repo: Repository): GraphNode['fields'] {
  return {
    id: nodeId('R', repo.id),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: repo.fullName,
    isPrivate: repo.private,
    owner: accountNode(repo.owner),
  }
}
