import { changeBase, setIssueState } from '../changes.ts'
import { changesBetween } from '../diff.ts'
import { commitsBetween, mergeBase } from '../git-objects.ts'
import { renderChange, renderCommit } from '../render/git.ts'
import { pullsOf, renderPull, renderSimplePull } from '../render/pull.ts'
import {
  invalid,
  json,
  list,
  notFound,
  numberOf,
  reads,
  type Reply,
  type RepositoryCall,
  type Routes,
  textOf,
  writes,
} from '../route.ts'
import type { Issue, Pull } from '../types.ts'
import { byDirection } from './sorting.ts'

const repo = '/repos/{owner}/{repo}'
const read = reads('pull-requests')

function withPull(call: RepositoryCall, answer: (entry: { issue: Issue; pull: Pull }) => Reply): Reply {
  const issue = call.repo.issues.get(numberOf(call.params, 'pull_number'))
  return issue?.pull === undefined ? notFound : answer({ issue, pull: issue.pull })
}

function listPulls(call: RepositoryCall): Reply {
  const state = call.query.get('state') ?? 'open'
  const [head, base] = [call.query.get('head'), call.query.get('base')]
  const found = pullsOf(call.repo).filter(({ issue, pull }) => {
    if (state !== 'all' && issue.state !== state) return false
    if (base !== null && pull.baseRef !== base) return false
    // GitHub ignores a `head` without an owner; here it is refused below, because nobody means "all".
    return head === null || head === `${pull.headRepo.owner.login}:${pull.headRef}`
  })
  if (head !== null && !head.includes(':')) return invalid('PullRequest', 'head', 'head must be owner:branch')
  const sorted = byDirection(
    found,
    ({ issue }) => (call.query.get('sort') === 'updated' ? issue.updatedAt : issue.createdAt),
    {
      id: ({ issue }) => issue.number,
      direction: call.query.get('direction') ?? 'desc',
    },
  )
  return list(sorted.map((entry) => renderSimplePull(call.world, call.repo, entry)))
}

function updatePull(call: RepositoryCall): Reply {
  return withPull(call, (entry) => {
    const { issue, pull } = entry
    const { body, world, token } = call
    const base = textOf(body, 'base')
    if (base !== undefined) {
      if (!call.repo.branches.has(base)) {
        return invalid('PullRequest', 'base', `Proposed base branch '${base}' was not found`)
      }
      changeBase(world, call.repo, { issue, pull, base, actor: token.actor })
    }
    issue.title = textOf(body, 'title') ?? issue.title
    if ('body' in body) issue.body = textOf(body, 'body') ?? null
    const state = textOf(body, 'state')
    if (state === 'open' || state === 'closed') setIssueState(world, issue, { state, reason: null, actor: token.actor })
    issue.updatedAt = world.now()
    return json(renderPull(world, call.repo, entry))
  })
}

function listFiles(call: RepositoryCall): Reply {
  return withPull(call, ({ pull }) => {
    const { store } = call.repo
    const head = store.commits.get(pull.headSha)
    if (head === undefined) return notFound
    // GitHub lists 3,000 files at most.
    const changes = changesBetween(mergeBase(store, pull.baseSha, pull.headSha), head).slice(0, 3000)
    return list(changes.map((change) => renderChange(call.world, call.repo, { change, sha: pull.headSha })))
  })
}

function listCommits(call: RepositoryCall): Reply {
  return withPull(call, ({ pull }) => {
    // GitHub stops at 250 commits without a word.
    const commits = commitsBetween(call.repo.store, pull.baseSha, pull.headSha).slice(0, 250)
    return list(commits.map((commit) => renderCommit(call.world, call.repo, commit)))
  })
}

export const pullRoutes: Routes = {
  [`GET ${repo}/pulls`]: { need: read, answer: listPulls },
  [`GET ${repo}/pulls/{pull_number}`]: {
    need: read,
    answer: (call) => withPull(call, (entry) => json(renderPull(call.world, call.repo, entry))),
  },
  [`PATCH ${repo}/pulls/{pull_number}`]: { need: writes('pull-requests'), answer: updatePull },
  [`GET ${repo}/pulls/{pull_number}/files`]: { need: read, answer: listFiles },
  [`GET ${repo}/pulls/{pull_number}/commits`]: { need: read, answer: listCommits },
}
