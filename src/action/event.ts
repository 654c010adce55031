import * as z from 'zod/mini'
import type { CommentEvent } from '../app/comment-event.ts'
import { fault } from '../core/errors.ts'

export type Mode = 'gates' | 'publish' | 'command' | 'sync'

const modeOfEvent: Readonly<Record<string, Mode>> = {
  pull_request: 'gates',
  merge_group: 'gates',
  push: 'gates',
  workflow_run: 'publish',
  workflow_dispatch: 'publish',
  issue_comment: 'command',
  schedule: 'sync',
}

const modes: readonly string[] = ['gates', 'publish', 'command', 'sync'] satisfies Mode[]

/** What to do: the input, else by the event. `pull_request_target` has none: it would run strangers' code with a token. */
export function modeOf(input: string, event: string): Mode {
  if (modes.includes(input)) return input as Mode
  if (input !== '') throw fault('HIVE_ACTION_INPUT', { input: 'mode', value: input, wanted: modes.join(', ') })
  const mode = Object.hasOwn(modeOfEvent, event) ? modeOfEvent[event] : undefined
  if (mode === undefined) {
    throw fault('HIVE_ACTION_EVENT', {
      problem: `the event ${JSON.stringify(event.slice(0, 50))} starts nothing`,
      wanted: Object.keys(modeOfEvent).join(', '),
    })
  }
  return mode
}

const commentPayload = z.object({
  action: z.enum(['created', 'edited', 'deleted']),
  issue: z.object({ number: z.int(), pull_request: z.nullish(z.unknown()) }),
  comment: z.object({ id: z.int(), body: z.nullish(z.string()), user: z.nullish(z.object({ login: z.string() })) }),
  changes: z.optional(z.object({ body: z.optional(z.object({ from: z.string() })) })),
})

const runPayload = z.object({ workflow_run: z.object({ id: z.int() }) })

export function commentEventOf(payload: unknown): CommentEvent {
  const { action, issue, comment, changes } = parse(
    commentPayload,
    payload,
    'a comment that was created, edited or deleted',
  )
  return {
    action,
    issue: issue.number,
    onPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
    commentId: comment.id,
    author: comment.user?.login ?? 'ghost',
    body: comment.body ?? '',
    ...(changes?.body === undefined ? {} : { previousBody: changes.body.from }),
  }
}

/** The id of the run to publish: nothing else of the event is used. */
export function runIdOf(input: string, payload: unknown): number {
  if (input === '') return parse(runPayload, payload, 'a workflow run, or the input run-id').workflow_run.id
  if (!/^[1-9][0-9]{0,15}$/.test(input))
    throw fault('HIVE_ACTION_INPUT', { input: 'run-id', value: input, wanted: 'the number of a workflow run' })
  return Number(input)
}

function parse<T>(schema: z.ZodMiniType<T>, payload: unknown, wanted: string): T {
  const result = z.safeParse(schema, payload)
  if (result.success) return result.data
  throw fault('HIVE_ACTION_EVENT', {
    problem: `the payload lacks ${result.error.issues[0]?.path.join('.') ?? 'everything'}`,
    wanted,
  })
}
