import { blobSha, resolveRef, storeCommit, storeTree, treeEntries } from '../git-objects.ts'
import { nodeId } from '../render/account.ts'
import { renderGitCommit } from '../render/git.ts'
import { repositoryUrl } from '../render/repository.ts'
import {
  json,
  notFound,
  reads,
  refused,
  type Reply,
  type RepositoryCall,
  type Routes,
  textOf,
  writes,
} from '../route.ts'
import type { Person } from '../types.ts'

const repo = '/repos/{owner}/{repo}'

function createTree(call: RepositoryCall): Reply {
  const { world, repo: of, body } = call
  const base = textOf(body, 'base_tree')
  const from =
    base === undefined ? new Map<string, Buffer>() : (of.store.trees.get(base) ?? of.store.commits.get(base)?.files)
  if (from === undefined) return notFound
  const files = new Map(from)
  for (const entry of body['tree'] as Record<string, unknown>[]) {
    const path = textOf(entry, 'path') ?? ''
    const content = textOf(entry, 'content')
    const sha = textOf(entry, 'sha')
    const blob = content === undefined ? of.store.blobs.get(sha ?? '') : Buffer.from(content)
    if (entry['sha'] === null) files.delete(path)
    else if (blob === undefined) return refused(422, 'tree.sha is not a valid blob')
    else files.set(path, blob)
  }
  const sha = storeTree(of.store, files)
  return json(
    { sha, url: `${repositoryUrl(world, of)}/git/trees/${sha}`, truncated: false, tree: renderTree(files) },
    201,
  )
}

function renderTree(files: ReadonlyMap<string, Buffer>, prefix = '', recursive = false): object[] {
  const tree: object[] = []
  for (const entry of treeEntries(files)) {
    const path = prefix + entry.name
    const { type, sha } = entry
    const size = type === 'blob' ? { size: files.get(entry.name)?.length ?? 0 } : {}
    const own = { path, mode: type === 'blob' ? '100644' : '040000', type, sha, ...size }
    tree.push(own)
    if (type === 'tree' && recursive) tree.push(...renderTree(entry.files, `${path}/`, true))
  }
  return tree
}

function createCommit(call: RepositoryCall): Reply {
  const { world, repo: of, body, token } = call
  const files = of.store.trees.get(textOf(body, 'tree') ?? '')
  if (files === undefined) return refused(422, 'Tree SHA does not exist')
  const parents = (body['parents'] ?? []) as string[]
  if (!parents.every((sha) => of.store.commits.has(sha))) return refused(422, 'Parent SHA does not exist')
  const self: Person = {
    name: token.actor.login,
    email: `${token.actor.id}+${token.actor.login}@users.noreply.github.com`,
    date: world.now(),
    account: token.actor,
  }
  const person = (name: string): Person => ({ ...self, ...(body[name] as Partial<Person> | undefined) })
  const author = body['author'] === undefined ? self : person('author')
  const committer = body['committer'] === undefined ? author : person('committer')
  const commit = storeCommit(of.store, { parents, files, author, committer, message: textOf(body, 'message') ?? '' })
  return json(renderGitCommit(world, of, commit), 201)
}

function createBlob(call: RepositoryCall): Reply {
  const content = textOf(call.body, 'content') ?? ''
  const blob = Buffer.from(content, call.body['encoding'] === 'base64' ? 'base64' : 'utf8')
  const sha = blobSha(blob)
  call.repo.store.blobs.set(sha, blob)
  return json({ sha, url: `${repositoryUrl(call.world, call.repo)}/git/blobs/${sha}` }, 201)
}

function getTree(call: RepositoryCall): Reply {
  const name = call.params['tree_sha'] ?? ''
  const commit = resolveRef(call.repo, name)
  const files = commit?.files ?? call.repo.store.trees.get(name)
  if (files === undefined) return notFound
  const sha = commit?.tree ?? name
  const tree = renderTree(files, '', call.query.has('recursive'))
  return json({ sha, url: `${repositoryUrl(call.world, call.repo)}/git/trees/${sha}`, truncated: false, tree })
}

function getCommit(call: RepositoryCall): Reply {
  const commit = call.repo.store.commits.get(call.params['commit_sha'] ?? '')
  return commit === undefined ? notFound : json(renderGitCommit(call.world, call.repo, commit))
}

function getBlob(call: RepositoryCall): Reply {
  const sha = call.params['file_sha'] ?? ''
  const blob = call.repo.store.blobs.get(sha)
  if (blob === undefined) return notFound
  return json({
    sha,
    node_id: nodeId('B', sha),
    size: blob.length,
    url: `${repositoryUrl(call.world, call.repo)}/git/blobs/${sha}`,
    content: blob.toString('base64'),
    encoding: 'base64',
  })
}

export const objectRoutes: Routes = {
  [`GET ${repo}/git/commits/{commit_sha}`]: { need: reads('contents'), answer: getCommit },
  [`POST ${repo}/git/commits`]: { need: writes('contents'), answer: createCommit },
  [`GET ${repo}/git/trees/{tree_sha}`]: { need: reads('contents'), answer: getTree },
  [`POST ${repo}/git/trees`]: { need: writes('contents'), answer: createTree },
  [`GET ${repo}/git/blobs/{file_sha}`]: { need: reads('contents'), answer: getBlob },
  [`POST ${repo}/git/blobs`]: { need: writes('contents'), answer: createBlob },
}
