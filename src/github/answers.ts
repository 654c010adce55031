import * as z from 'zod/mini'

/** The fields of GitHub's answers that are used, and no others: what is missing fails at once, by name. */

const account = z.nullish(z.object({ id: z.int(), login: z.string() }))
const text = z.nullish(z.string())

export const pullAnswer = z.object({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  draft: z.optional(z.boolean()),
  user: account,
  html_url: z.string(),
  head: z.object({ sha: z.string(), ref: z.string() }),
  base: z.object({ sha: z.string(), ref: z.string() }),
})

export const timelineAnswer = z.object({
  event: z.optional(z.string()),
  id: z.optional(z.int()),
  created_at: z.optional(z.string()),
  updated_at: z.optional(z.string()),
  body: text,
  user: account,
  actor: account,
  performed_via_github_app: z.nullish(z.object({ id: z.int() })),
  reactions: z.nullish(z.object({ '+1': z.int() })),
})

export const checkAnswer = z.object({
  id: z.int(),
  head_sha: z.string(),
  name: z.string(),
  app: z.nullish(z.object({ slug: z.optional(z.string()) })),
  external_id: text,
  status: z.string(),
  conclusion: z.nullish(
    z.enum([
      'success',
      'failure',
      'neutral',
      'cancelled',
      'skipped',
      'timed_out',
      'action_required',
      'stale',
      'startup_failure',
    ]),
  ),
  output: z.nullish(z.object({ title: text, text })),
  html_url: text,
})

export const commitAnswer = z.object({ sha: z.string() })

const gitPerson = z.nullish(z.object({ name: z.optional(z.string()), email: z.optional(z.string()) }))

export const compareAnswer = z.object({
  total_commits: z.int(),
  commits: z.array(
    z.object({
      sha: z.string(),
      author: z.nullish(z.object({ id: z.optional(z.int()) })),
      committer: z.nullish(z.object({ id: z.optional(z.int()) })),
      commit: z.object({ message: z.string(), author: gitPerson, committer: gitPerson }),
    }),
  ),
  files: z.optional(z.array(z.object({ filename: z.string(), previous_filename: z.optional(z.string()) }))),
})

export const runAnswer = z.object({
  id: z.int(),
  run_attempt: z.optional(z.int()),
  event: z.string(),
  path: z.string(),
  status: text,
  conclusion: text,
  head_sha: z.string(),
  head_branch: text,
  head_repository: z.nullish(z.object({ full_name: z.string() })),
  repository: z.object({ full_name: z.string() }),
  actor: account,
  created_at: z.string(),
  run_started_at: z.optional(z.string()),
  html_url: z.string(),
})

export const artifactAnswer = z.object({
  id: z.int(),
  name: z.string(),
  size_in_bytes: z.int(),
  expired: z.boolean(),
})

export const contentAnswer = z.object({
  type: z.string(),
  encoding: z.optional(z.string()),
  content: z.optional(z.string()),
  size: z.int(),
  sha: z.string(),
})

export const issueAnswer = z.object({
  number: z.int(),
  title: z.string(),
  body: text,
  user: account,
  html_url: z.string(),
  pull_request: z.optional(z.unknown()),
})

export const mergeQueueAnswer = z.object({
  repository: z.object({
    mergeQueue: z.nullish(
      z.object({
        entries: z.object({
          nodes: z.array(
            z.object({
              headCommit: z.nullish(z.object({ oid: z.string() })),
              pullRequest: z.nullish(z.object({ number: z.int() })),
            }),
          ),
        }),
      }),
    ),
  }),
})

export const writtenAnswer = z.object({ id: z.int(), html_url: text })
export const anything = z.unknown()
