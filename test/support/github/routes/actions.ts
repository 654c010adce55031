import { renderArtifact, renderRun, renderWorkflow } from '../render/actions.ts'
import {
  json,
  list,
  noContent,
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
import type { Artifact, Workflow, WorkflowRun } from '../types.ts'

const repo = '/repos/{owner}/{repo}'
const read = reads('actions')

function withRun(call: RepositoryCall, answer: (run: WorkflowRun) => Reply): Reply {
  const run = call.repo.runs.get(numberOf(call.params, 'run_id'))
  return run === undefined ? notFound : answer(run)
}

/** By id or by the name of its file. */
function withWorkflow(call: RepositoryCall, answer: (workflow: Workflow) => Reply): Reply {
  const wanted = call.params['workflow_id'] ?? ''
  const found = call.repo.workflows.find(({ id, path }) => String(id) === wanted || path.split('/').at(-1) === wanted)
  return found === undefined ? notFound : answer(found)
}

function listRuns(call: RepositoryCall, runs: readonly WorkflowRun[]): Reply {
  const { query } = call
  const [event, status, branch, sha] = ['event', 'status', 'branch', 'head_sha'].map((name) => query.get(name))
  const found = runs
    .filter((run) => event === null || run.event === event)
    .filter((run) => branch === null || run.headBranch === branch)
    .filter((run) => sha === null || run.headSha === sha)
    .filter((run) => {
      const last = run.attempts.at(-1)
      return status === null || last?.status === status || last?.conclusion === status
    })
    .sort((a, b) => b.id - a.id)
  return list(
    found.map((run) => renderRun(call.world, call.repo, { run })),
    'workflow_runs',
  )
}

function dispatch(call: RepositoryCall): Reply {
  return withWorkflow(call, (workflow) => {
    const { world, token, repo: of } = call
    const ref = (textOf(call.body, 'ref') ?? '').replace(/^refs\/(heads|tags)\//, '')
    const sha = of.branches.get(ref) ?? of.tags.get(ref)
    if (sha === undefined) return refused(422, `No ref found for: ${ref}`)
    const now = world.now()
    const run: WorkflowRun = {
      id: world.nextId(),
      runNumber: of.runs.size + 1,
      workflow,
      event: 'workflow_dispatch',
      headSha: sha,
      headBranch: ref,
      headRepo: of,
      actor: token.actor,
      createdAt: now,
      pulls: [],
      inputs: (call.body['inputs'] ?? {}) as Record<string, unknown>,
      attempts: [{ status: 'queued', conclusion: null, startedAt: now, updatedAt: now }],
    }
    of.runs.set(run.id, run)
    if (call.body['return_run_details'] !== true) return noContent
    const { url, html_url: page } = renderRun(world, of, { run })
    return json({ workflow_run_id: run.id, run_url: url, html_url: page })
  })
}

function rerun(call: RepositoryCall): Reply {
  return withRun(call, (run) => {
    if (run.attempts.at(-1)?.status !== 'completed') {
      return refused(403, 'This workflow run cannot be rerun: it is not completed')
    }
    const now = call.world.now()
    run.attempts.push({ status: 'queued', conclusion: null, startedAt: now, updatedAt: now })
    return json({}, 201)
  })
}

function getAttempt(call: RepositoryCall): Reply {
  return withRun(call, (run) => {
    const attempt = numberOf(call.params, 'attempt_number')
    return attempt >= 1 && attempt <= run.attempts.length
      ? json(renderRun(call.world, call.repo, { run, attempt }))
      : notFound
  })
}

function listArtifacts(call: RepositoryCall, artifacts: readonly Artifact[]): Reply {
  const name = call.query.get('name')
  const found = artifacts.filter((artifact) => name === null || artifact.name === name).sort((a, b) => b.id - a.id)
  return list(
    found.map((artifact) => renderArtifact(call.world, call.repo, artifact)),
    'artifacts',
  )
}

function withArtifact(call: RepositoryCall, answer: (artifact: Artifact) => Reply): Reply {
  const artifact = call.repo.artifacts.get(numberOf(call.params, 'artifact_id'))
  return artifact === undefined ? notFound : answer(artifact)
}

/** A redirect to a signed address of another origin, where the token must not be sent. */
function download(call: RepositoryCall): Reply {
  return withArtifact(call, (artifact) => {
    if (artifact.expired) return refused(410, 'Artifact has expired')
    if (call.params['archive_format'] !== 'zip') return refused(404, 'Not Found')
    const location = `${call.world.blobUrl}/${call.repo.fullName}/${artifact.id}.zip?sig=signed`
    return { kind: 'empty', status: 302, headers: { location } }
  })
}

export const actionRoutes: Routes = {
  [`GET ${repo}/actions/workflows`]: {
    need: read,
    answer: (call) =>
      list(
        call.repo.workflows.map((item) => renderWorkflow(call.world, call.repo, item)),
        'workflows',
      ),
  },
  [`GET ${repo}/actions/workflows/{workflow_id}`]: {
    need: read,
    answer: (call) => withWorkflow(call, (workflow) => json(renderWorkflow(call.world, call.repo, workflow))),
  },
  [`GET ${repo}/actions/workflows/{workflow_id}/runs`]: {
    need: read,
    answer: (call) =>
      withWorkflow(call, (workflow) =>
        listRuns(
          call,
          [...call.repo.runs.values()].filter((run) => run.workflow === workflow),
        ),
      ),
  },
  [`POST ${repo}/actions/workflows/{workflow_id}/dispatches`]: { need: writes('actions'), answer: dispatch },
  [`GET ${repo}/actions/runs`]: { need: read, answer: (call) => listRuns(call, [...call.repo.runs.values()]) },
  [`GET ${repo}/actions/runs/{run_id}`]: {
    need: read,
    answer: (call) => withRun(call, (run) => json(renderRun(call.world, call.repo, { run }))),
  },
  [`GET ${repo}/actions/runs/{run_id}/attempts/{attempt_number}`]: { need: read, answer: getAttempt },
  [`POST ${repo}/actions/runs/{run_id}/rerun`]: { need: writes('actions'), answer: rerun },
  [`GET ${repo}/actions/runs/{run_id}/artifacts`]: {
    need: read,
    answer: (call) =>
      withRun(call, (run) =>
        listArtifacts(
          call,
          [...call.repo.artifacts.values()].filter((item) => item.run === run),
        ),
      ),
  },
  [`GET ${repo}/actions/artifacts`]: {
    need: read,
    answer: (call) => listArtifacts(call, [...call.repo.artifacts.values()]),
  },
  [`GET ${repo}/actions/artifacts/{artifact_id}`]: {
    need: read,
    answer: (call) => withArtifact(call, (artifact) => json(renderArtifact(call.world, call.repo, artifact))),
  },
  [`GET ${repo}/actions/artifacts/{artifact_id}/{archive_format}`]: { need: read, answer: download },
}
