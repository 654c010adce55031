import type { FileChange } from '../diff.ts'
import type { Commit, Person, Repository } from '../types.ts'
import type { World } from '../world.ts'
import { type Json, nodeId, renderUser } from './account.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'

const verification = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

function renderPerson({ name, email, date }: Person): Json {
  return { name, email, date }
}

function renderTreeLink(world: World, repo: Repository, sha: string): Json {
  return { sha, url: `${repositoryUrl(world, repo)}/git/trees/${sha}` }
}

/** The commit as the Git database API gives it. */
export function renderGitCommit(world: World, repo: Repository, commit: Commit): Json {
  const url = `${repositoryUrl(world, repo)}/git/commits`
  const page = `${repositoryPage(repo)}/commit`
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${url}/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: renderPerson(commit.author),
    committer: renderPerson(commit.committer),
    tree: renderTreeLink(world, repo, commit.tree),
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/${sha}`, html_url: `${page}/${sha}` })),
    verification,
  }
}

/** The commit as the repository API gives it: with the accounts that the mail addresses are linked to. */
export function renderCommit(world: World, repo: Repository, commit: Commit): Json {
  const url = `${repositoryUrl(world, repo)}/commits`
  const page = `${repositoryPage(repo)}/commit`
  const account = ({ account: linked }: Person): Json | null =>
    linked === undefined ? null : renderUser(world, linked)
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: renderPerson(commit.author),
      committer: renderPerson(commit.committer),
      message: commit.message,
      tree: renderTreeLink(world, repo, commit.tree),
      url: `${repositoryUrl(world, repo)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification,
    },
    url: `${url}/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    comments_url: `${url}/${commit.sha}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/${sha}`, html_url: `${page}/${sha}` })),
  }
}

export function renderSimpleCommit(commit: Commit): Json {
  const { author, committer } = commit
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  }
}

export function renderChange(
  world: World,
  repo: Repository,
  { change, sha }: { change: FileChange; sha: string },
): Json {
  const page = repositoryPage(repo)
  const path = encodeURI(change.filename)
  return {
    ...change,
    changes: change.additions + change.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world, repo)}/contents/${path}?ref=${sha}`,
  }
}
