import type { CheckConclusion } from '../coordination/facts.ts'
import { anything, writtenAnswer, issueAnswer } from './answers.ts'
import type { GitHubClient } from './client.ts'

export interface CheckAnnotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title?: string
}

export interface CheckContent {
  readonly name: string
  readonly externalId: string
  /** Absent: in progress. */
  readonly conclusion?: CheckConclusion
  readonly title: string
  readonly summary: string
  readonly text: string
  readonly annotations: readonly CheckAnnotation[]
}

const repo = '/repos/{owner}/{repo}'
/** GitHub takes so many a request, and adds those of the next request to them. */
const annotationsPerRequest = 50

/** Writes to one repository. Every method is one request, but for annotations beyond the first fifty. */
export function createWriter(client: GitHubClient, repository: { readonly owner: string; readonly repo: string }) {
  const outputOf = ({ title, summary, text }: CheckContent, annotations: readonly CheckAnnotation[]) => ({
    title,
    summary,
    ...(text === '' ? {} : { text }),
    ...(annotations.length === 0 ? {} : { annotations }),
  })
  const bodyOf = (check: CheckContent) => ({
    ...repository,
    name: check.name,
    external_id: check.externalId,
    ...(check.conclusion === undefined
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion: check.conclusion }),
    output: outputOf(check, check.annotations.slice(0, annotationsPerRequest)),
  })
  const updateCheck = async (id: number, check: CheckContent): Promise<void> => {
    await client.write(`PATCH ${repo}/check-runs/{check_run_id}`, { ...bodyOf(check), check_run_id: id }, anything)
  }
  const addAnnotations = async (id: number, check: CheckContent): Promise<void> => {
    for (let at = annotationsPerRequest; at < check.annotations.length; at += annotationsPerRequest) {
      const output = outputOf(check, check.annotations.slice(at, at + annotationsPerRequest))
      await client.write(
        `PATCH ${repo}/check-runs/{check_run_id}`,
        { ...repository, check_run_id: id, output },
        anything,
      )
    }
  }
  return {
    createCheck: async (headSha: string, check: CheckContent): Promise<void> => {
      const { id } = await client.write(
        `POST ${repo}/check-runs`,
        { ...bodyOf(check), head_sha: headSha },
        writtenAnswer,
      )
      await addAnnotations(id, check)
    },
    updateCheck: async (id: number, check: CheckContent): Promise<void> => {
      await updateCheck(id, check)
      await addAnnotations(id, check)
    },
    createComment: async (number: number, body: string): Promise<void> => {
      const parameters = { ...repository, issue_number: number, body }
      await client.write(`POST ${repo}/issues/{issue_number}/comments`, parameters, writtenAnswer)
    },
    updateComment: async (id: number, body: string): Promise<void> => {
      await client.write(
        `PATCH ${repo}/issues/comments/{comment_id}`,
        { ...repository, comment_id: id, body },
        anything,
      )
    },
    react: async (commentId: number, content: '+1' | 'confused'): Promise<void> => {
      const parameters = { ...repository, comment_id: commentId, content }
      await client.write(`POST ${repo}/issues/comments/{comment_id}/reactions`, parameters, anything)
    },
    /** All jobs of a run, in a new attempt. */
    rerun: async (runId: number): Promise<void> => {
      await client.write(`POST ${repo}/actions/runs/{run_id}/rerun`, { ...repository, run_id: runId }, anything)
    },
    createIssue: async (issue: {
      readonly title: string
      readonly body: string
      readonly label: string
    }): Promise<number> => {
      const parameters = { ...repository, title: issue.title, body: issue.body, labels: [issue.label] }
      return (await client.write(`POST ${repo}/issues`, parameters, issueAnswer)).number
    },
    updateIssue: async (number: number, issue: { readonly title: string; readonly body: string }): Promise<void> => {
      await client.write(
        `PATCH ${repo}/issues/{issue_number}`,
        { ...repository, issue_number: number, ...issue },
        anything,
      )
    },
  }
}

export type GitHubWriter = ReturnType<typeof createWriter>
