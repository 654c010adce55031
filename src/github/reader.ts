import * as z from 'zod/mini'
import type {
  Account,
  ChangeFacts,
  CheckFacts,
  PullRequestFacts,
  RunFacts,
  TimelineFacts,
} from '../coordination/facts.ts'
import { isHiveError } from '../core/errors.ts'
import {
  artifactAnswer,
  checkAnswer,
  commitAnswer,
  compareAnswer,
  contentAnswer,
  issueAnswer,
  mergeQueueAnswer,
  pullAnswer,
  runAnswer,
  timelineAnswer,
} from './answers.ts'
import type { GitHubClient } from './client.ts'
import { mergeQueueQuery } from './queries.ts'
import { changeFactsOf } from './identities.ts'

export interface IssueFacts {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly author?: Account
  readonly url: string
}

export interface ArtifactFacts {
  readonly id: number
  readonly sizeBytes: number
  readonly expired: boolean
}

const repo = '/repos/{owner}/{repo}'

/** Reads from one repository, in the words of the fold. One method a question, one request a method and page. */
export function createReader(client: GitHubClient, repository: { readonly owner: string; readonly repo: string }) {
  const found = async <T>(question: Promise<T>): Promise<T | undefined> => {
    try {
      return await question
    } catch (error) {
      if (isHiveError(error, 'HIVE_GITHUB_NOT_FOUND')) return undefined
      throw error
    }
  }
  return {
    pull: async (number: number): Promise<PullRequestFacts> =>
      pullFacts(
        await client.get(`GET ${repo}/pulls/{pull_number}`, { ...repository, pull_number: number }, pullAnswer),
      ),

    /** Open pull requests; with `head` (`owner:branch`) those of one branch. */
    openPulls: async (head?: string): Promise<readonly PullRequestFacts[]> => {
      const parameters = { ...repository, state: 'open', ...(head === undefined ? {} : { head }) }
      const { items } = await client.list(`GET ${repo}/pulls`, parameters, { item: pullAnswer, maxPages: 2 })
      return items.map(pullFacts)
    },

    /** Comments, deletions and changes of the base, oldest first. */
    timeline: async (number: number): Promise<TimelineFacts> => {
      const parameters = { ...repository, issue_number: number }
      const route = `GET ${repo}/issues/{issue_number}/timeline`
      return timelineFacts((await client.list(route, parameters, { item: timelineAnswer })).items)
    },

    /** Check runs of a commit, the latest of each name and App. */
    checks: async (ref: string): Promise<readonly CheckFacts[]> => {
      const route = `GET ${repo}/commits/{ref}/check-runs`
      const { items } = await client.list(
        route,
        { ...repository, ref },
        { item: checkAnswer, key: 'check_runs', maxPages: 5 },
      )
      return items.map(checkFacts)
    },

    /** Head of the default branch; undefined in an empty repository. */
    defaultHead: async (): Promise<string | undefined> => {
      const route = `GET ${repo}/commits`
      const commits = await client.get(route, { ...repository, per_page: 1 }, z.array(commitAnswer))
      return commits[0]?.sha
    },

    /** What `head` adds to `base`, whoever wrote it. */
    changes: async (base: string, head: string): Promise<ChangeFacts> =>
      changeFactsOf(
        await client.get(
          `GET ${repo}/compare/{basehead}`,
          { ...repository, basehead: `${base}...${head}` },
          compareAnswer,
        ),
      ),

    /** Text of a file; without `ref` that of the default branch. Undefined where it is not there. */
    file: async (path: string, ref?: string): Promise<string | undefined> => {
      const parameters = { ...repository, path, ...(ref === undefined ? {} : { ref }) }
      const answer = await found(client.get(`GET ${repo}/contents/{path}`, parameters, contentAnswer))
      if (answer?.content === undefined || answer.encoding !== 'base64') return undefined
      return Buffer.from(answer.content, 'base64').toString('utf8')
    },

    run: async (id: number): Promise<RunFacts> =>
      runFacts(await client.get(`GET ${repo}/actions/runs/{run_id}`, { ...repository, run_id: id }, runAnswer)),

    /** The first hundred entries of a branch's merge queue, in order, with the commits of their groups. REST has none. */
    mergeQueue: async (branch: string): Promise<readonly { readonly pull: number; readonly headSha: string }[]> => {
      const { owner, repo: name } = repository
      const answer = await client.query(mergeQueueQuery, { owner, name, branch }, mergeQueueAnswer)
      return (answer.repository.mergeQueue?.entries.nodes ?? []).map(({ headCommit, pullRequest }) => ({
        pull: pullRequest?.number ?? 0,
        headSha: headCommit?.oid ?? '',
      }))
    },

    /** The last hundred ended runs of a workflow, newest first; none where the file never ran. */
    endedRuns: async (workflowPath: string): Promise<readonly RunFacts[]> => {
      const parameters = { ...repository, workflow_id: workflowPath.split('/').at(-1) ?? '', status: 'completed' }
      const route = `GET ${repo}/actions/workflows/{workflow_id}/runs`
      const page = await found(client.list(route, parameters, { item: runAnswer, key: 'workflow_runs', maxPages: 1 }))
      return (page?.items ?? []).map(runFacts)
    },

    artifacts: async (runId: number, name: string): Promise<readonly ArtifactFacts[]> => {
      const { items } = await client.list(
        `GET ${repo}/actions/runs/{run_id}/artifacts`,
        { ...repository, run_id: runId, name },
        { item: artifactAnswer, key: 'artifacts', maxPages: 1 },
      )
      return items
        .filter((item) => item.name === name)
        .map((item) => ({ id: item.id, sizeBytes: item.size_in_bytes, expired: item.expired }))
    },

    artifactZip: async (id: number, maxBytes: number): Promise<Uint8Array | undefined> => {
      const parameters = { ...repository, artifact_id: id, archive_format: 'zip' }
      return client.download(`GET ${repo}/actions/artifacts/{artifact_id}/{archive_format}`, parameters, maxBytes)
    },

    /** Open issues with a label, oldest first. */
    issuesWithLabel: async (label: string): Promise<readonly IssueFacts[]> => {
      const parameters = { ...repository, labels: label, state: 'open', sort: 'created', direction: 'asc' }
      const { items } = await client.list(`GET ${repo}/issues`, parameters, { item: issueAnswer, maxPages: 1 })
      return items.filter((item) => item.pull_request === undefined).map(issueFacts)
    },
  }
}

export type GitHubReader = ReturnType<typeof createReader>

type Person = { readonly id: number; readonly login: string } | null | undefined
const accountOf = (person: Person): Account | undefined =>
  person === null || person === undefined ? undefined : { id: person.id, login: person.login }
const withAuthor = (person: Person): { author?: Account } => {
  const author = accountOf(person)
  return author === undefined ? {} : { author }
}

function pullFacts(pull: z.infer<typeof pullAnswer>): PullRequestFacts {
  return {
    number: pull.number,
    title: pull.title,
    open: pull.state === 'open',
    draft: pull.draft ?? false,
    ...withAuthor(pull.user),
    headSha: pull.head.sha,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    url: pull.html_url,
  }
}

function timelineFacts(items: readonly z.infer<typeof timelineAnswer>[]): TimelineFacts {
  const timesOf = (event: string): string[] =>
    items.flatMap((item) => (item.event === event && item.created_at !== undefined ? [item.created_at] : []))
  return {
    comments: items.flatMap((item) => {
      if (item.event !== 'commented' || item.id === undefined || item.created_at === undefined) return []
      return [
        {
          id: item.id,
          ...withAuthor(item.user ?? item.actor),
          viaApp: item.performed_via_github_app !== null && item.performed_via_github_app !== undefined,
          body: item.body ?? '',
          createdAt: item.created_at,
          updatedAt: item.updated_at ?? item.created_at,
          thumbsUp: item.reactions?.['+1'] ?? 0,
        },
      ]
    }),
    deletedAt: timesOf('comment_deleted'),
    baseChangedAt: timesOf('base_ref_changed'),
    readyAt: timesOf('ready_for_review'),
  }
}

function checkFacts(check: z.infer<typeof checkAnswer>): CheckFacts {
  return {
    id: check.id,
    headSha: check.head_sha,
    name: check.name,
    app: check.app?.slug ?? '',
    externalId: check.external_id ?? '',
    completed: check.status === 'completed',
    ...(check.conclusion === null || check.conclusion === undefined ? {} : { conclusion: check.conclusion }),
    title: check.output?.title ?? '',
    text: check.output?.text ?? '',
    url: check.html_url ?? '',
  }
}

function runFacts(run: z.infer<typeof runAnswer>): RunFacts {
  const actor = accountOf(run.actor)
  return {
    id: run.id,
    attempt: run.run_attempt ?? 1,
    event: run.event,
    path: run.path.replace(/@.*$/, ''),
    completed: run.status === 'completed',
    ...(run.conclusion === null || run.conclusion === undefined ? {} : { conclusion: run.conclusion }),
    headSha: run.head_sha,
    headBranch: run.head_branch ?? '',
    ...(run.head_repository === null || run.head_repository === undefined
      ? {}
      : { headRepository: run.head_repository.full_name }),
    repository: run.repository.full_name,
    ...(actor === undefined ? {} : { actor }),
    createdAt: run.created_at,
    startedAt: run.run_started_at ?? run.created_at,
    url: run.html_url,
  }
}

function issueFacts(issue: z.infer<typeof issueAnswer>): IssueFacts {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    ...withAuthor(issue.user),
    url: issue.html_url,
  }
}
