import { suiteOf } from '../changes.ts'
import { resolveRef } from '../git-objects.ts'
import { renderAnnotation, renderCheckRun, renderCheckSuite, renderStatus } from '../render/checks.ts'
import { renderMinimalRepository, repositoryPage, repositoryUrl } from '../render/repository.ts'
import {
  invalid,
  json,
  list,
  notFound,
  numberOf,
  reads,
  refused,
  type Reply,
  type RepositoryCall,
  type Routes,
  textOf,
  writes,
} from '../route.ts'
import type { Annotation, CheckRun, Commit } from '../types.ts'

const repo = '/repos/{owner}/{repo}'

function withCommit(call: RepositoryCall, answer: (commit: Commit) => Reply): Reply {
  const ref = call.params['ref'] ?? ''
  const commit = resolveRef(call.repo, ref)
  return commit === undefined ? refused(422, `No commit found for SHA: ${ref}`) : answer(commit)
}

function withRun(call: RepositoryCall, answer: (run: CheckRun) => Reply): Reply {
  const run = call.repo.checkRuns.get(numberOf(call.params, 'check_run_id'))
  return run === undefined ? notFound : answer(run)
}

function annotationOf(given: Readonly<Record<string, unknown>>): Annotation {
  const column = (name: string): number | null => (typeof given[name] === 'number' ? given[name] : null)
  return {
    path: textOf(given, 'path') ?? '',
    start_line: Number(given['start_line']),
    end_line: Number(given['end_line']),
    start_column: column('start_column'),
    end_column: column('end_column'),
    annotation_level: textOf(given, 'annotation_level') ?? 'notice',
    message: textOf(given, 'message') ?? '',
    title: textOf(given, 'title') ?? null,
    raw_details: textOf(given, 'raw_details') ?? null,
  }
}

/** Annotations of an update are added to those that are there; everything else is replaced. */
function apply({ world, body, token, repo: of }: RepositoryCall, run: CheckRun): void {
  run.name = textOf(body, 'name') ?? run.name
  run.detailsUrl = textOf(body, 'details_url') ?? run.detailsUrl
  run.externalId = textOf(body, 'external_id') ?? run.externalId
  run.startedAt = textOf(body, 'started_at') ?? run.startedAt
  const conclusion = textOf(body, 'conclusion')
  run.status = conclusion === undefined ? (textOf(body, 'status') ?? run.status) : 'completed'
  if (run.status === 'completed') {
    run.conclusion = conclusion ?? run.conclusion
    run.completedAt = textOf(body, 'completed_at') ?? run.completedAt ?? world.now()
  } else {
    run.conclusion = null
    run.completedAt = null
  }
  if (run.status === 'in_progress') run.startedAt ??= world.now()
  const output = body['output'] as Readonly<Record<string, unknown>> | undefined
  if (output !== undefined) {
    run.title = textOf(output, 'title') ?? run.title
    run.summary = textOf(output, 'summary') ?? null
    run.text = textOf(output, 'text') ?? null
    run.annotations.push(...((output['annotations'] ?? []) as Record<string, unknown>[]).map(annotationOf))
  }
  run.suite.updatedAt = world.now()
  // GitHub takes the details of its own app for the page of the run, whatever was sent.
  if (token.app?.slug === 'github-actions') run.detailsUrl = `${repositoryPage(of)}/runs/${run.id}`
}

function create(call: RepositoryCall): Reply {
  const { world, body, token } = call
  const sha = textOf(body, 'head_sha') ?? ''
  if (token.app === undefined) return refused(403, 'You must authenticate via a GitHub App.')
  if (!call.repo.store.commits.has(sha)) return refused(422, `No commit found for SHA: ${sha}`)
  if (body['status'] === 'completed' && body['conclusion'] === undefined) {
    return invalid('CheckRun', 'conclusion', 'conclusion is required when status is completed')
  }
  const run: CheckRun = {
    id: world.nextId(),
    suite: suiteOf(world, call.repo, { app: token.app, sha, branch: null }),
    app: token.app,
    headSha: sha,
    name: '',
    status: 'queued',
    conclusion: null,
    detailsUrl: `https://github.com/apps/${token.app.slug}`,
    externalId: '',
    startedAt: world.now(),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  }
  apply(call, run)
  call.repo.checkRuns.set(run.id, run)
  return json(renderCheckRun(world, call.repo, run), 201)
}

function update(call: RepositoryCall): Reply {
  return withRun(call, (run) => {
    if (call.token.app?.id !== run.app.id) return refused(403, 'Resource not accessible by integration')
    apply(call, run)
    return json(renderCheckRun(call.world, call.repo, run))
  })
}

function listRuns(call: RepositoryCall): Reply {
  return withCommit(call, ({ sha }) => {
    const { query } = call
    const [name, status, app] = [query.get('check_name'), query.get('status'), query.get('app_id')]
    const all = [...call.repo.checkRuns.values()].filter((run) => run.headSha === sha)
    // `latest` keeps one run of a name in each suite; equal names of other apps stay.
    const newest = new Map(all.map((run) => [`${run.suite.id} ${run.name}`, run]))
    const found = (query.get('filter') === 'all' ? all : [...newest.values()])
      .filter((run) => name === null || run.name === name)
      .filter((run) => status === null || run.status === status)
      .filter((run) => app === null || run.app.id === Number(app))
      .sort((a, b) => b.id - a.id)
    return list(
      found.map((run) => renderCheckRun(call.world, call.repo, run)),
      'check_runs',
    )
  })
}

function listSuites(call: RepositoryCall): Reply {
  return withCommit(call, ({ sha }) => {
    const app = call.query.get('app_id')
    const name = call.query.get('check_name')
    const runs = [...call.repo.checkRuns.values()]
    const found = call.repo.suites
      .filter((suite) => suite.headSha === sha && (app === null || suite.app.id === Number(app)))
      .filter((suite) => name === null || runs.some((run) => run.suite === suite && run.name === name))
    return list(
      found.map((suite) => renderCheckSuite(call.world, call.repo, suite)),
      'check_suites',
    )
  })
}

function createStatus(call: RepositoryCall): Reply {
  const { world, body, token } = call
  const sha = call.params['sha'] ?? ''
  if (!call.repo.store.commits.has(sha)) return refused(422, `No commit found for SHA: ${sha}`)
  const status = {
    id: world.nextId(),
    sha,
    state: textOf(body, 'state') ?? '',
    context: textOf(body, 'context') ?? 'default',
    description: textOf(body, 'description') ?? null,
    targetUrl: textOf(body, 'target_url') ?? null,
    creator: token.actor,
    createdAt: world.now(),
  }
  call.repo.statuses.push(status)
  return json(renderStatus(world, call.repo, status), 201)
}

function combinedStatus(call: RepositoryCall): Reply {
  return withCommit(call, ({ sha }) => {
    const own = call.repo.statuses.filter((status) => status.sha === sha)
    const latest = [...new Map(own.map((status) => [status.context, status])).values()]
    const failed = latest.some(({ state }) => state === 'failure' || state === 'error')
    const passed = latest.length > 0 && latest.every(({ state }) => state === 'success')
    const base = repositoryUrl(call.world, call.repo)
    return json({
      state: failed ? 'failure' : passed ? 'success' : 'pending',
      statuses: latest.map((status) => renderStatus(call.world, call.repo, status)),
      sha,
      total_count: latest.length,
      repository: renderMinimalRepository(call.world, call.repo),
      commit_url: `${base}/commits/${sha}`,
      url: `${base}/commits/${sha}/status`,
    })
  })
}

export const checkRoutes: Routes = {
  [`POST ${repo}/check-runs`]: { need: writes('checks'), answer: create },
  [`GET ${repo}/check-runs/{check_run_id}`]: {
    need: reads('checks'),
    answer: (call) => withRun(call, (run) => json(renderCheckRun(call.world, call.repo, run))),
  },
  [`PATCH ${repo}/check-runs/{check_run_id}`]: { need: writes('checks'), answer: update },
  [`GET ${repo}/check-runs/{check_run_id}/annotations`]: {
    need: reads('checks'),
    answer: (call) =>
      withRun(call, (run) => list(run.annotations.map((item) => renderAnnotation(call.repo, run, item)))),
  },
  [`GET ${repo}/commits/{ref}/check-runs`]: { need: reads('checks'), answer: listRuns },
  [`GET ${repo}/commits/{ref}/check-suites`]: { need: reads('checks'), answer: listSuites },
  [`POST ${repo}/statuses/{sha}`]: { need: writes('statuses'), answer: createStatus },
  [`GET ${repo}/commits/{ref}/status`]: { need: reads('statuses'), answer: combinedStatus },
  [`GET ${repo}/commits/{ref}/statuses`]: {
    need: reads('statuses'),
    answer: (call) =>
      withCommit(call, ({ sha }) => {
        const own = call.repo.statuses.filter((status) => status.sha === sha).reverse()
        return list(own.map((status) => renderStatus(call.world, call.repo, status)))
      }),
  },
}
