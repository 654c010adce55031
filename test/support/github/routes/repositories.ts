import { roleOf } from '../access.ts'
import { blobSha, resolveRef, treeEntries } from '../git-objects.ts'
import { type Json, renderUser } from '../render/account.ts'
import { renderCommit } from '../render/git.ts'
import { renderFullRepository, repositoryPage, repositoryUrl } from '../render/repository.ts'
import { json, list, notFound, reads, refused, type Reply, type RepositoryCall, type Routes } from '../route.ts'
import { accountOf } from '../world.ts'

const repo = '/repos/{owner}/{repo}'
/** Above this GitHub answers with an empty content and `encoding: none`; the raw media type still works. */
const inlineLimit = 1024 * 1024

function entry(
  call: RepositoryCall,
  { path, sha, ref, type, size }: { path: string; sha: string; ref: string; type: 'file' | 'dir'; size: number },
): Json {
  const base = repositoryUrl(call.world, call.repo)
  const kind = type === 'file' ? 'blob' : 'tree'
  const url = `${base}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`
  const git = `${base}/git/${kind}s/${sha}`
  const html = `${repositoryPage(call.repo)}/${kind}/${encodeURIComponent(ref)}/${encodeURI(path)}`
  return {
    type,
    size,
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url:
      type === 'file' ? `https://raw.githubusercontent.com/${call.repo.fullName}/${ref}/${encodeURI(path)}` : null,
    _links: { self: url, git, html },
  }
}

function getContents(call: RepositoryCall): Reply {
  const path = (call.params['path'] ?? '').replace(/\/$/, '')
  const ref = call.query.get('ref') ?? call.repo.defaultBranch
  const commit = resolveRef(call.repo, ref)
  if (commit === undefined) return refused(404, `No commit found for the ref ${ref}`)
  const content = commit.files.get(path)
  if (content !== undefined) {
    if (/application\/vnd\.github(\.v3)?\.raw/.test(call.accept)) {
      return { kind: 'raw', body: content, mediaType: 'application/vnd.github.raw+json; charset=utf-8' }
    }
    const inline = content.length <= inlineLimit
    // GitHub breaks base64 every 60 characters.
    const text = content.toString('base64').replace(/.{60}/g, '$&\n')
    return json({
      ...entry(call, { path, sha: blobSha(content), ref, type: 'file', size: content.length }),
      content: inline ? `${text}\n` : '',
      encoding: inline ? 'base64' : 'none',
    })
  }
  const prefix = path === '' ? '' : `${path}/`
  const below = new Map(
    [...commit.files].flatMap(([name, data]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), data]] : [])),
  )
  if (below.size === 0) return notFound
  return json(
    treeEntries(below).map(({ name, type, sha }) => {
      const file = type === 'blob'
      return entry(call, {
        path: prefix + name,
        sha,
        ref,
        type: file ? 'file' : 'dir',
        size: file ? (below.get(name)?.length ?? 0) : 0,
      })
    }),
  )
}

function getBranch(call: RepositoryCall): Reply {
  const name = call.params['branch'] ?? ''
  const commit = call.repo.store.commits.get(call.repo.branches.get(name) ?? '')
  if (commit === undefined) return refused(404, 'Branch not found')
  const url = `${repositoryUrl(call.world, call.repo)}/branches/${encodeURIComponent(name)}`
  return json({
    name,
    commit: renderCommit(call.world, call.repo, commit),
    _links: { self: url, html: `${repositoryPage(call.repo)}/tree/${encodeURIComponent(name)}` },
    protected: false,
    protection: { enabled: false },
    protection_url: `${url}/protection`,
  })
}

/** `permission` knows four words only: maintain counts as write and triage as read; `role_name` says it exactly. */
function getPermission(call: RepositoryCall): Reply {
  const login = call.params['username'] ?? ''
  const known = [...call.world.accounts.values()].some((account) => account.login.toLowerCase() === login.toLowerCase())
  if (!known) return notFound
  const account = accountOf(call.world, login)
  const role = roleOf(call.repo, account)
  const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role
  const can = (...roles: string[]): boolean => roles.includes(role)
  const permissions = {
    pull: role !== 'none',
    triage: can('admin', 'maintain', 'write', 'triage'),
    push: can('admin', 'maintain', 'write'),
    maintain: can('admin', 'maintain'),
    admin: can('admin'),
  }
  return json({
    permission,
    role_name: role,
    user: { ...renderUser(call.world, account), permissions, role_name: role },
  })
}

function listBranches(call: RepositoryCall): Reply {
  const base = repositoryUrl(call.world, call.repo)
  const branches = [...call.repo.branches].sort(([a], [b]) => (a < b ? -1 : 1))
  return list(
    branches.map(([name, sha]) => ({ name, commit: { sha, url: `${base}/commits/${sha}` }, protected: false })),
  )
}

export const repositoryRoutes: Routes = {
  [`GET ${repo}`]: { answer: (call) => json(renderFullRepository(call.world, call.repo)) },
  [`GET ${repo}/contents/{path}`]: { need: reads('contents'), answer: getContents },
  [`GET ${repo}/branches`]: { need: reads('contents'), answer: listBranches },
  [`GET ${repo}/branches/{branch}`]: { need: reads('contents'), answer: getBranch },
  [`GET ${repo}/rules/branches/{branch}`]: { answer: () => list([]) },
  [`GET ${repo}/collaborators/{username}/permission`]: { answer: getPermission },
}
