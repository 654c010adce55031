import { suiteOf } from './changes.ts'
import type { CheckRunOptions, RunOptions } from './repository-contract.ts'
import type { CheckRun, Repository, WorkflowRun } from './types.ts'
import { accountOf, actionsApp, type World } from './world.ts'
import { zipOf } from './zip.ts'

/** Runs that other apps and workflows left, as a test sets them up. */

export function addCheckRun(
  world: World,
  repo: Repository,
  { sha, name, status = 'completed', conclusion = 'success', app = actionsApp }: CheckRunOptions,
): CheckRun {
  const done = status === 'completed'
  const run: CheckRun = {
    id: world.nextId(),
    suite: suiteOf(world, repo, { app, sha, branch: null }),
    app,
    headSha: sha,
    name,
    status,
    conclusion: done ? conclusion : null,
    detailsUrl: `https://github.com/apps/${app.slug}`,
    externalId: '',
    startedAt: world.now(),
    completedAt: done ? world.now() : null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  }
  repo.checkRuns.set(run.id, run)
  return run
}

export function addWorkflowRun(world: World, repo: Repository, options: RunOptions): WorkflowRun {
  const { workflow: wanted, event, headSha, from, status = 'completed', attempt = 1 } = options
  const headRepo = from?.state ?? repo
  const known = repo.workflows.find(({ path }) => path === wanted.path)
  const workflow = known ?? { id: world.nextId(), ...wanted }
  if (known === undefined) repo.workflows.push(workflow)
  const now = world.now()
  const conclusion = options.conclusion === undefined ? (status === 'completed' ? 'success' : null) : options.conclusion
  const branch = [...headRepo.branches].find(([, sha]) => sha === headSha)?.[0]
  const pulls = [...repo.issues.values()].filter(
    ({ pull }) => pull?.headRepo === repo && headRepo === repo && pull.headSha === headSha,
  )
  const run: WorkflowRun = {
    id: world.nextId(),
    runNumber: repo.runs.size + 1,
    workflow,
    event,
    headSha,
    headBranch: options.headBranch ?? branch ?? repo.defaultBranch,
    headRepo,
    actor:
      options.actor === undefined
        ? headRepo.owner
        : typeof options.actor === 'string'
          ? accountOf(world, options.actor)
          : options.actor,
    createdAt: now,
    pulls: pulls.map(({ number }) => number),
    attempts: Array.from({ length: attempt }, () => ({ status, conclusion, startedAt: now, updatedAt: now })),
  }
  world.nextId() // the run's check suite
  repo.runs.set(run.id, run)
  for (const { name, files = {}, zip } of options.artifacts ?? []) {
    const id = world.nextId()
    repo.artifacts.set(id, { id, name, zip: zip ?? zipOf(files), run, expired: false, createdAt: now })
  }
  return run
}
