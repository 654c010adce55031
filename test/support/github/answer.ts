import { mayUse, reaches } from './access.ts'
import { description, type Operation } from './description.ts'
import type { Fault } from './faults.ts'
import { answerGraphql } from './graphql/endpoint.ts'
import { pageOf } from './pages.ts'
import { type Call, json, notFound, refused, type Reply, type Routes } from './route.ts'
import { actionRoutes } from './routes/actions.ts'
import { checkRoutes } from './routes/checks.ts'
import { commentRoutes } from './routes/comments.ts'
import { commitRoutes } from './routes/commits.ts'
import { issueRoutes } from './routes/issues.ts'
import { objectRoutes } from './routes/objects.ts'
import { pullRoutes } from './routes/pulls.ts'
import { refRoutes } from './routes/refs.ts'
import { repositoryRoutes } from './routes/repositories.ts'
import { userRoutes } from './routes/users.ts'
import type { Token } from './types.ts'
import { checkRequest, checkResponse } from './validator.ts'
import { repositoryOf, type World } from './world.ts'

const repositoryRouteTable: Routes = {
  ...repositoryRoutes,
  ...refRoutes,
  ...objectRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...checkRoutes,
  ...actionRoutes,
}

/** The operations that the stand-in answers; a test compares them with the description. */
export const answeredOperations: readonly string[] = [...Object.keys(repositoryRouteTable), ...Object.keys(userRoutes)]

export interface Question {
  readonly method: string
  /** As the client addressed it: pages link back to the same host. */
  readonly url: URL
  readonly body: unknown
  readonly accept: string
  readonly token: Token
  readonly faults: readonly Fault[]
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** What was wrong with the request, or with the answer itself, by GitHub's description. */
  readonly violations: readonly string[]
}

/** The key of the operation that a request addresses, for faults and the log. */
export function operationOf(method: string, url: URL): string | undefined {
  if (method === 'POST' && url.pathname === '/graphql') return 'POST /graphql'
  return description().match(method, url.pathname)?.operation.key
}

function route(operation: Operation, call: Call): Reply {
  const open = userRoutes[operation.key]
  if (open !== undefined) return open(call)
  const found = repositoryRouteTable[operation.key]
  const repo = repositoryOf(call.world, `${call.params['owner']}/${call.params['repo']}`)
  if (found === undefined || repo === undefined || !reaches(call.token, repo)) return notFound
  if (found.need !== undefined && !mayUse(call.token, found.need)) {
    const by = call.token.app === undefined ? 'personal access token' : 'integration'
    return refused(403, `Resource not accessible by ${by}`)
  }
  return found.answer({ ...call, repo })
}

const docs = 'https://docs.github.com/rest'

/** What GitHub would answer. */
export function answer(world: World, question: Question): Answer {
  const { method, url, token } = question
  if (operationOf(method, url) === 'POST /graphql') {
    const { body, violations } = answerGraphql(world, token, question.body)
    return finish(json(body), question, violations)
  }
  const matched = description().match(method, url.pathname)
  if (matched === undefined) {
    return finish(notFound, question, [`${method} ${url.pathname} is none of the operations that Agent Hive uses`])
  }
  const { operation, params } = matched
  const body = question.body
  const problems = checkRequest(operation, { params, query: url.searchParams, body })
  if (problems.length > 0) {
    const message = `Invalid request.\n\n${problems.join('\n')}`
    return finish(
      refused(422, message),
      question,
      problems.map((problem) => `${operation.key}: ${problem}`),
    )
  }
  const reply = route(operation, {
    world,
    params,
    query: url.searchParams,
    body: (body ?? {}) as Record<string, unknown>,
    token,
    accept: question.accept,
  })
  return finish(reply, question, [], operation)
}

function finish(reply: Reply, question: Question, violations: readonly string[], operation?: Operation): Answer {
  const check = (status: number, body: unknown): readonly string[] =>
    operation === undefined ? violations : checkResponse(operation, status, body).map((text) => `stand-in: ${text}`)
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  switch (reply.kind) {
    case 'json': {
      const { status, body } = reply
      return { status, headers, body: Buffer.from(JSON.stringify(body)), violations: check(status, body) }
    }
    case 'list': {
      const { body, link } = pageOf(reply, question.url, question.faults)
      const all = link === undefined ? headers : { ...headers, link }
      return { status: 200, headers: all, body: Buffer.from(JSON.stringify(body)), violations: check(200, body) }
    }
    case 'refused': {
      const { status, message, errors } = reply
      const body = { message, ...(errors !== undefined && { errors }), documentation_url: docs, status: String(status) }
      return { status, headers, body: Buffer.from(JSON.stringify(body)), violations }
    }
    case 'raw':
      return { status: 200, headers: { 'content-type': reply.mediaType }, body: reply.body, violations }
    case 'empty':
      return { status: reply.status, headers: reply.headers ?? {}, body: Buffer.alloc(0), violations }
    default:
      return reply satisfies never
  }
}
