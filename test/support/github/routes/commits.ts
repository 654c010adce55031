import { changesBetween } from '../diff.ts'
import { commitsBetween, history, mergeBase, resolveRef } from '../git-objects.ts'
import { renderChange, renderCommit } from '../render/git.ts'
import { pullsOf, renderSimplePull } from '../render/pull.ts'
import { repositoryPage, repositoryUrl } from '../render/repository.ts'
import { json, list, notFound, reads, refused, type Reply, type RepositoryCall, type Routes } from '../route.ts'
import type { Commit } from '../types.ts'

const repo = '/repos/{owner}/{repo}'

function withCommit(call: RepositoryCall, ref: string, answer: (commit: Commit) => Reply): Reply {
  const commit = resolveRef(call.repo, ref)
  return commit === undefined ? refused(422, `No commit found for SHA: ${ref}`) : answer(commit)
}

function listCommits(call: RepositoryCall): Reply {
  const ref = call.query.get('sha') ?? call.repo.defaultBranch
  const [since, until, path] = [call.query.get('since'), call.query.get('until'), call.query.get('path')]
  const commit = resolveRef(call.repo, ref)
  if (commit === undefined) return notFound
  const { store } = call.repo
  const found = history(store, commit.sha).filter((item) => {
    const at = Date.parse(item.committer.date)
    if (since !== null && at < Date.parse(since)) return false
    if (until !== null && at > Date.parse(until)) return false
    if (path === null) return true
    const parent = store.commits.get(item.parents[0] ?? '')
    return changesBetween(parent, item).some(({ filename }) => filename === path || filename.startsWith(`${path}/`))
  })
  return list(found.map((item) => renderCommit(call.world, call.repo, item)))
}

function getCommit(call: RepositoryCall): Reply {
  return withCommit(call, call.params['ref'] ?? '', (commit) => {
    const changes = changesBetween(call.repo.store.commits.get(commit.parents[0] ?? ''), commit)
    const additions = changes.reduce((sum, change) => sum + change.additions, 0)
    const deletions = changes.reduce((sum, change) => sum + change.deletions, 0)
    return json({
      ...renderCommit(call.world, call.repo, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: changes.map((change) => renderChange(call.world, call.repo, { change, sha: commit.sha })),
    })
  })
}

function compare(call: RepositoryCall): Reply {
  const { world, repo: of } = call
  const [baseRef = '', headRef = ''] = (call.params['basehead'] ?? '').split('...')
  // `owner:branch` names a branch of a fork.
  const side = (ref: string): Commit | undefined => {
    const [owner, branch] = ref.includes(':') ? ref.split(':') : [undefined, ref]
    const target =
      owner === undefined
        ? of
        : [...world.repositories.values()].find((r) => r.store === of.store && r.owner.login === owner)
    return target === undefined ? undefined : resolveRef(target, branch ?? '')
  }
  const [base, head] = [side(baseRef), side(headRef)]
  const merged = base === undefined || head === undefined ? undefined : mergeBase(of.store, base.sha, head.sha)
  if (base === undefined || head === undefined || merged === undefined) return notFound
  const ahead = commitsBetween(of.store, base.sha, head.sha)
  const behind = commitsBetween(of.store, head.sha, base.sha)
  const url = `${repositoryUrl(world, of)}/compare/${baseRef}...${headRef}`
  const page = `${repositoryPage(of)}/compare/${baseRef}...${headRef}`
  const apart =
    behind.length === 0 ? (ahead.length === 0 ? 'identical' : 'ahead') : ahead.length === 0 ? 'behind' : 'diverged'
  return json({
    url,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: renderCommit(world, of, base),
    merge_base_commit: renderCommit(world, of, merged),
    status: apart,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.slice(0, 250).map((commit) => renderCommit(world, of, commit)),
    files: changesBetween(merged, head)
      .slice(0, 300)
      .map((change) => renderChange(world, of, { change, sha: head.sha })),
  })
}

/** Those whose head it is, and those that were merged with it; never those of forks, as facts from the field say. */
function listPulls(call: RepositoryCall): Reply {
  return withCommit(call, call.params['commit_sha'] ?? '', (commit) => {
    const found = pullsOf(call.repo).filter(({ pull }) => {
      if (pull.headRepo !== call.repo) return false
      return (
        (pull.mergedAt !== undefined && pull.mergeSha === commit.sha) ||
        commitsBetween(call.repo.store, pull.baseSha, pull.headSha).includes(commit)
      )
    })
    return list(found.map((entry) => renderSimplePull(call.world, call.repo, entry)))
  })
}

export const commitRoutes: Routes = {
  [`GET ${repo}/commits`]: { need: reads('contents'), answer: listCommits },
  [`GET ${repo}/commits/{ref}`]: { need: reads('contents'), answer: getCommit },
  [`GET ${repo}/commits/{commit_sha}/pulls`]: { need: reads('pull-requests'), answer: listPulls },
  [`GET ${repo}/compare/{basehead}`]: { need: reads('contents'), answer: compare },
}
