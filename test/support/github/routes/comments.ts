import { hasRole } from '../access.ts'
import { addComment, changeComment, removeComment } from '../changes.ts'
import { renderComment, renderReaction, renderTimelineEvent } from '../render/issue.ts'
import {
  invalid,
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
import type { Comment, Issue, Reaction } from '../types.ts'
import { byDirection } from './sorting.ts'

const repo = '/repos/{owner}/{repo}'
const read = reads('issues', 'pull-requests')
const write = writes('issues', 'pull-requests')

/** Characters, as GitHub counts them: code points. */
export function bodyProblem(resource: string, body: string): Reply | undefined {
  if (body.trim() === '') return invalid(resource, 'body', 'Body cannot be blank')
  if (Array.from(body).length > 65_536)
    return invalid(resource, 'body', 'Body is too long (maximum is 65536 characters)')
  return undefined
}

function withIssue(call: RepositoryCall, answer: (issue: Issue) => Reply): Reply {
  const issue = call.repo.issues.get(numberOf(call.params, 'issue_number'))
  return issue === undefined ? notFound : answer(issue)
}

function withComment(call: RepositoryCall, answer: (comment: Comment) => Reply): Reply {
  const comment = call.repo.comments.get(numberOf(call.params, 'comment_id'))
  return comment === undefined ? notFound : answer(comment)
}

/** `since` looks at the time of the last update, so that edited comments appear again. */
function updatedSince(call: RepositoryCall, comments: readonly Comment[]): Comment[] {
  const since = call.query.get('since')
  return comments.filter(({ updatedAt }) => since === null || Date.parse(updatedAt) >= Date.parse(since))
}

function createComment(call: RepositoryCall): Reply {
  return withIssue(call, (issue) => {
    const { world, token } = call
    const body = textOf(call.body, 'body') ?? ''
    const problem = bodyProblem('IssueComment', body)
    if (problem !== undefined) return problem
    const count = [...call.repo.comments.values()].filter((comment) => comment.issue === issue).length
    if (count >= 2500) return refused(403, 'Commenting is disabled on issues with more than 2500 comments')
    const by = { user: token.actor, ...(token.app !== undefined && { app: token.app }) }
    return json(renderComment(world, call.repo, addComment(world, call.repo, { issue, by, body })), 201)
  })
}

/** Whoever may write to the repository may change everybody's comments; an app's token may too. */
function mayChange({ token, repo: of }: RepositoryCall, comment: Comment): boolean {
  return token.app !== undefined || comment.user.id === token.actor.id || hasRole(of, token.actor, 'write')
}

function updateComment(call: RepositoryCall): Reply {
  return withComment(call, (comment) => {
    const body = textOf(call.body, 'body') ?? ''
    const problem = bodyProblem('IssueComment', body)
    if (problem !== undefined) return problem
    if (!mayChange(call, comment)) return refused(403, 'Must have admin rights to Repository.')
    changeComment(call.world, comment, { body, editor: call.token.actor })
    return json(renderComment(call.world, call.repo, comment))
  })
}

function deleteComment(call: RepositoryCall): Reply {
  return withComment(call, (comment) => {
    if (!mayChange(call, comment)) return refused(403, 'Must have admin rights to Repository.')
    removeComment(call.world, call.repo, { comment, actor: call.token.actor })
    return noContent
  })
}

function listOfIssue(call: RepositoryCall): Reply {
  return withIssue(call, (issue) => {
    const own = [...call.repo.comments.values()].filter((comment) => comment.issue === issue)
    return list(updatedSince(call, own).map((comment) => renderComment(call.world, call.repo, comment)))
  })
}

function listOfRepository(call: RepositoryCall): Reply {
  const byUpdate = call.query.get('sort') === 'updated'
  const found = byDirection(
    updatedSince(call, [...call.repo.comments.values()]),
    ({ createdAt, updatedAt }) => (byUpdate ? updatedAt : createdAt),
    { id: ({ id }) => id, direction: call.query.get('direction') ?? 'asc' },
  )
  return list(found.map((comment) => renderComment(call.world, call.repo, comment)))
}

/** The same reaction of the same account exists once: 200 the second time. */
function react(call: RepositoryCall, reactions: Reaction[]): Reply {
  const { world, token } = call
  const content = textOf(call.body, 'content') ?? ''
  const known = reactions.find((reaction) => reaction.user.id === token.actor.id && reaction.content === content)
  if (known !== undefined) return json(renderReaction(world, known))
  const reaction: Reaction = { id: world.nextId(), content, user: token.actor, createdAt: world.now() }
  reactions.push(reaction)
  return json(renderReaction(world, reaction), 201)
}

function removeReaction(call: RepositoryCall): Reply {
  return withComment(call, ({ reactions }) => {
    const index = reactions.findIndex(({ id }) => id === numberOf(call.params, 'reaction_id'))
    if (index < 0) return notFound
    reactions.splice(index, 1)
    return noContent
  })
}

export const commentRoutes: Routes = {
  [`GET ${repo}/issues/{issue_number}/comments`]: { need: read, answer: listOfIssue },
  [`POST ${repo}/issues/{issue_number}/comments`]: { need: write, answer: createComment },
  [`GET ${repo}/issues/{issue_number}/timeline`]: {
    need: read,
    answer: (call) =>
      withIssue(call, (issue) =>
        list(issue.timeline.map((event) => renderTimelineEvent(call.world, call.repo, event))),
      ),
  },
  [`POST ${repo}/issues/{issue_number}/reactions`]: {
    need: write,
    answer: (call) => withIssue(call, ({ reactions }) => react(call, reactions)),
  },
  [`GET ${repo}/issues/comments`]: { need: read, answer: listOfRepository },
  [`GET ${repo}/issues/comments/{comment_id}`]: {
    need: read,
    answer: (call) => withComment(call, (comment) => json(renderComment(call.world, call.repo, comment))),
  },
  [`PATCH ${repo}/issues/comments/{comment_id}`]: { need: write, answer: updateComment },
  [`DELETE ${repo}/issues/comments/{comment_id}`]: { need: write, answer: deleteComment },
  [`GET ${repo}/issues/comments/{comment_id}/reactions`]: {
    need: read,
    answer: (call) =>
      withComment(call, ({ reactions }) => list(reactions.map((reaction) => renderReaction(call.world, reaction)))),
  },
  [`POST ${repo}/issues/comments/{comment_id}/reactions`]: {
    need: write,
    answer: (call) => withComment(call, ({ reactions }) => react(call, reactions)),
  },
  [`DELETE ${repo}/issues/comments/{comment_id}/reactions/{reaction_id}`]: { need: write, answer: removeReaction },
}
