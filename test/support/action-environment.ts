import type { Payload } from './github/payloads.ts'

/** What the runner tells an action about the event: `GITHUB_*`, by event and payload. */

export interface EventFacts {
  readonly event: string
  readonly payload: Payload
  /** The head of the default branch, for events that have no commit of their own. */
  readonly defaultSha: string
  readonly apiUrl: string
  readonly workflowPath: string
  readonly runId: number
  readonly runAttempt: number
}

type Fields = Readonly<Record<string, unknown>>

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => (found as Fields | null | undefined)?.[name], value)
}

function text(value: unknown, ...path: readonly string[]): string {
  const found = field(value, ...path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/** Commit and ref that a run of the event works on, as GitHub documents them event by event. */
function target({ event, payload, defaultSha }: EventFacts): { sha: string; ref: string } {
  const main = { sha: defaultSha, ref: `refs/heads/${text(payload, 'repository', 'default_branch')}` }
  switch (event) {
    case 'pull_request': {
      // The test merge commit, not the head.
      const merged = text(payload, 'pull_request', 'merge_commit_sha')
      const sha = merged === '' ? text(payload, 'pull_request', 'head', 'sha') : merged
      return { sha, ref: `refs/pull/${text(payload, 'number')}/merge` }
    }
    case 'push':
      return { sha: text(payload, 'after'), ref: text(payload, 'ref') }
    case 'merge_group':
      return { sha: text(payload, 'merge_group', 'head_sha'), ref: text(payload, 'merge_group', 'head_ref') }
    case 'workflow_dispatch':
      return { sha: defaultSha, ref: text(payload, 'ref') }
    default:
      return main
  }
}

export function eventVariables(facts: EventFacts): Record<string, string> {
  const { event, payload, apiUrl, workflowPath, runId, runAttempt } = facts
  const { sha, ref } = target(facts)
  const repository = text(payload, 'repository', 'full_name')
  const pull = event === 'pull_request'
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: apiUrl,
    GITHUB_GRAPHQL_URL: `${apiUrl}/graphql`,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_EVENT_NAME: event,
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: text(payload, 'repository', 'id'),
    GITHUB_REPOSITORY_OWNER: text(payload, 'repository', 'owner', 'login'),
    GITHUB_REPOSITORY_OWNER_ID: text(payload, 'repository', 'owner', 'id'),
    GITHUB_SHA: sha,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_HEAD_REF: pull ? text(payload, 'pull_request', 'head', 'ref') : '',
    GITHUB_BASE_REF: pull ? text(payload, 'pull_request', 'base', 'ref') : '',
    GITHUB_ACTOR: text(payload, 'sender', 'login'),
    GITHUB_ACTOR_ID: text(payload, 'sender', 'id'),
    GITHUB_TRIGGERING_ACTOR: text(payload, 'sender', 'login'),
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: String(runAttempt),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_WORKFLOW: 'Hive',
    GITHUB_WORKFLOW_REF: `${repository}/${workflowPath}@${ref}`,
    GITHUB_WORKFLOW_SHA: sha,
    GITHUB_JOB: 'hive',
    GITHUB_ACTION: '__self',
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_ENVIRONMENT: 'github-hosted',
  }
}
