import { mayHoldCommand } from '../coordination/command-scan.ts'

/** The doorbell: what the event says, used to decide whether to look at all, and for the comment to answer. */
export interface CommentEvent {
  readonly action: 'created' | 'edited' | 'deleted'
  readonly issue: number
  readonly onPullRequest: boolean
  readonly commentId: number
  readonly author: string
  readonly body: string
  /** Before an edit. */
  readonly previousBody?: string
}

/** Why a comment needs no look at GitHub, decided before anything else is loaded; undefined where it needs one. */
export function whyIgnored(event: CommentEvent, app: string): string | undefined {
  if (!mayHoldCommand(event.body) && !mayHoldCommand(event.previousBody)) return 'the comment holds no command'
  if (event.author === `${app}[bot]`) return 'the comment is our own'
  return event.onPullRequest ? undefined : 'commands are read on pull requests'
}
