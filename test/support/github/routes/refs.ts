import { moveBranch } from '../changes.ts'
import { mergeBase, resolveRef } from '../git-objects.ts'
import { nodeId } from '../render/account.ts'
import { repositoryUrl } from '../render/repository.ts'
import {
  json,
  list,
  noContent,
  notFound,
  reads,
  refused,
  type Reply,
  type RepositoryCall,
  type Routes,
  textOf,
  writes,
} from '../route.ts'

const repo = '/repos/{owner}/{repo}'

function renderRef({ world, repo: of }: RepositoryCall, name: string, sha: string): object {
  const base = repositoryUrl(world, of)
  return {
    ref: `refs/${name}`,
    node_id: nodeId('REF', name),
    url: `${base}/git/refs/${name}`,
    object: { type: 'commit', sha, url: `${base}/git/commits/${sha}` },
  }
}

function shaOfRef({ repo: of }: RepositoryCall, name: string): string | undefined {
  if (name.startsWith('heads/')) return of.branches.get(name.slice(6))
  if (name.startsWith('tags/')) return of.tags.get(name.slice(5))
  return name.startsWith('pull/') ? resolveRef(of, name)?.sha : undefined
}

function createRef(call: RepositoryCall): Reply {
  const name = (textOf(call.body, 'ref') ?? '').replace(/^refs\//, '')
  const sha = textOf(call.body, 'sha') ?? ''
  if (!/^(heads|tags)\/./.test(name)) return refused(422, 'Reference name is not valid')
  if (!call.repo.store.commits.has(sha)) return refused(422, 'Object does not exist')
  if (shaOfRef(call, name) !== undefined) return refused(422, 'Reference already exists')
  if (name.startsWith('tags/')) call.repo.tags.set(name.slice(5), sha)
  else moveBranch(call.world, call.repo, { branch: name.slice(6), sha, actor: call.token.actor })
  return json(renderRef(call, name, sha), 201)
}

function updateRef(call: RepositoryCall): Reply {
  const name = call.params['ref'] ?? ''
  const sha = textOf(call.body, 'sha') ?? ''
  const before = shaOfRef(call, name)
  if (before === undefined) return refused(422, 'Reference does not exist')
  if (!call.repo.store.commits.has(sha)) return refused(422, 'Object does not exist')
  if (call.body['force'] !== true && mergeBase(call.repo.store, before, sha)?.sha !== before) {
    return refused(422, 'Update is not a fast forward')
  }
  moveBranch(call.world, call.repo, { branch: name.slice(6), sha, actor: call.token.actor })
  return json(renderRef(call, name, sha))
}

function deleteRef(call: RepositoryCall): Reply {
  const name = call.params['ref'] ?? ''
  const existed =
    call.repo.branches.delete(name.replace(/^heads\//, '')) || call.repo.tags.delete(name.replace(/^tags\//, ''))
  return existed ? noContent : refused(422, 'Reference does not exist')
}

function listRefs(call: RepositoryCall): Reply {
  const all = [
    ...[...call.repo.branches].map(([name, sha]) => [`heads/${name}`, sha] as const),
    ...[...call.repo.tags].map(([name, sha]) => [`tags/${name}`, sha] as const),
  ]
  const wanted = all.filter(([name]) => name.startsWith(call.params['ref'] ?? ''))
  return list(wanted.map(([name, sha]) => renderRef(call, name, sha)))
}

function getRef(call: RepositoryCall): Reply {
  const name = call.params['ref'] ?? ''
  const sha = shaOfRef(call, name)
  return sha === undefined ? notFound : json(renderRef(call, name, sha))
}

export const refRoutes: Routes = {
  [`GET ${repo}/git/ref/{ref}`]: { need: reads('contents'), answer: getRef },
  [`GET ${repo}/git/matching-refs/{ref}`]: { need: reads('contents'), answer: listRefs },
  [`POST ${repo}/git/refs`]: { need: writes('contents'), answer: createRef },
  [`PATCH ${repo}/git/refs/{ref}`]: { need: writes('contents'), answer: updateRef },
  [`DELETE ${repo}/git/refs/{ref}`]: { need: writes('contents'), answer: deleteRef },
}
