import { createHash } from 'node:crypto'
import type { Artifact, Repository, Workflow, WorkflowRun } from '../types.ts'
import type { World } from '../world.ts'
import { type Json, nodeId, renderUser } from './account.ts'
import { renderSimpleCommit } from './git.ts'
import { pullsOf, renderMinimalPull } from './pull.ts'
import { renderMinimalRepository, repositoryPage, repositoryUrl } from './repository.ts'

export function renderWorkflow(world: World, repo: Repository, workflow: Workflow): Json {
  return {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
    url: `${repositoryUrl(world, repo)}/actions/workflows/${workflow.id}`,
    html_url: `${repositoryPage(repo)}/blob/${repo.defaultBranch}/${workflow.path}`,
    badge_url: `${repositoryPage(repo)}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  }
}

/** One attempt of a run; without a number the last one. */
export function renderRun(
  world: World,
  repo: Repository,
  { run, attempt }: { run: WorkflowRun; attempt?: number },
): Json {
  const number = attempt ?? run.attempts.length
  const state = run.attempts[number - 1]
  const commit = repo.store.commits.get(run.headSha)
  const base = repositoryUrl(world, repo)
  const url = `${base}/actions/runs/${run.id}`
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: commit?.message.split('\n')[0] ?? run.workflow.name,
    run_number: run.runNumber,
    run_attempt: number,
    event: run.event,
    status: state?.status ?? null,
    conclusion: state?.conclusion ?? null,
    workflow_id: run.workflow.id,
    check_suite_id: run.id + 1,
    url,
    html_url: `${repositoryPage(repo)}/actions/runs/${run.id}`,
    pull_requests: pullsOf(repo)
      .filter(({ issue }) => run.pulls.includes(issue.number))
      .map((entry) => renderMinimalPull(world, repo, entry)),
    created_at: run.createdAt,
    updated_at: state?.updatedAt ?? run.createdAt,
    run_started_at: state?.startedAt ?? run.createdAt,
    actor: renderUser(world, run.actor),
    triggering_actor: renderUser(world, run.actor),
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${run.id + 1}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: number > 1 ? `${url}/attempts/${number - 1}` : null,
    workflow_url: `${base}/actions/workflows/${run.workflow.id}`,
    head_commit: commit === undefined ? null : renderSimpleCommit(commit),
    repository: renderMinimalRepository(world, repo),
    head_repository: renderMinimalRepository(world, run.headRepo),
  }
}

export function renderArtifact(world: World, repo: Repository, artifact: Artifact): Json {
  const url = `${repositoryUrl(world, repo)}/actions/artifacts/${artifact.id}`
  const expires = new Date(Date.parse(artifact.createdAt) + 90 * 86_400_000).toISOString()
  return {
    id: artifact.id,
    node_id: nodeId('AR', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    digest: `sha256:${createHash('sha256').update(artifact.zip).digest('hex')}`,
    created_at: artifact.createdAt,
    updated_at: artifact.createdAt,
    expires_at: `${expires.slice(0, 19)}Z`,
    workflow_run: {
      id: artifact.run.id,
      repository_id: repo.id,
      head_repository_id: artifact.run.headRepo.id,
      head_branch: artifact.run.headBranch,
      head_sha: artifact.run.headSha,
    },
  }
}
