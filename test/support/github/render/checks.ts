import type { Annotation, CheckRun, CheckSuite, CommitStatus, Repository } from '../types.ts'
import type { World } from '../world.ts'
import { type Json, nodeId, renderApp, renderUser } from './account.ts'
import { renderSimpleCommit } from './git.ts'
import { renderMinimalPulls } from './pull.ts'
import { renderMinimalRepository, repositoryPage, repositoryUrl } from './repository.ts'

export function renderCheckRun(world: World, repo: Repository, run: CheckRun): Json {
  const url = `${repositoryUrl(world, repo)}/check-runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(repo)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: renderApp(world, run.app),
    pull_requests: renderMinimalPulls(world, repo, run.headSha),
  }
}

export function renderAnnotation(repo: Repository, run: CheckRun, annotation: Annotation): Json {
  return { ...annotation, blob_href: `${repositoryPage(repo)}/blob/${run.headSha}/${encodeURI(annotation.path)}` }
}

export function renderCheckSuite(world: World, repo: Repository, suite: CheckSuite): Json {
  const runs = [...repo.checkRuns.values()].filter((run) => run.suite === suite)
  const done = runs.every((run) => run.status === 'completed')
  const commit = repo.store.commits.get(suite.headSha)
  const url = `${repositoryUrl(world, repo)}/check-suites/${suite.id}`
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: runs.length === 0 ? 'queued' : done ? 'completed' : 'in_progress',
    conclusion: runs.length > 0 && done ? worst(runs) : null,
    url,
    before: commit?.parents[0] ?? null,
    after: suite.headSha,
    pull_requests: renderMinimalPulls(world, repo, suite.headSha),
    app: renderApp(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: commit === undefined ? null : renderSimpleCommit(commit),
    repository: renderMinimalRepository(world, repo),
  }
}

function worst(runs: readonly CheckRun[]): string {
  const order = ['failure', 'timed_out', 'cancelled', 'action_required', 'success', 'neutral', 'skipped']
  return order.find((conclusion) => runs.some((run) => run.conclusion === conclusion)) ?? 'neutral'
}

export function renderStatus(world: World, repo: Repository, status: CommitStatus): Json {
  return {
    url: `${repositoryUrl(world, repo)}/statuses/${status.sha}`,
    avatar_url: null,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: renderUser(world, status.creator),
  }
}
