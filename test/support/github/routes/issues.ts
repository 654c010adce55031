import { hasRole } from '../access.ts'
import { addLabels, createIssue, record, setIssueState } from '../changes.ts'
import { renderIssue, renderLabel } from '../render/issue.ts'
import {
  json,
  list,
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
import type { Issue } from '../types.ts'
import { accountOf } from '../world.ts'
import { bodyProblem } from './comments.ts'
import { byDirection } from './sorting.ts'

const repo = '/repos/{owner}/{repo}'
const read = reads('issues', 'pull-requests')
const write = writes('issues', 'pull-requests')

function withIssue(call: RepositoryCall, answer: (issue: Issue) => Reply): Reply {
  const issue = call.repo.issues.get(numberOf(call.params, 'issue_number'))
  return issue === undefined ? notFound : answer(issue)
}

function labelNames(value: unknown): string[] {
  const given = Array.isArray(value) ? (value as unknown[]) : []
  return given.map((label) => (typeof label === 'string' ? label : String((label as { name?: unknown }).name)))
}

/** Pull requests are among the issues, as on GitHub. */
function listIssues(call: RepositoryCall): Reply {
  const { query } = call
  const state = query.get('state') ?? 'open'
  const labels = (query.get('labels') ?? '').split(',').filter((label) => label !== '')
  const [creator, since] = [query.get('creator'), query.get('since')]
  const found = [...call.repo.issues.values()].filter((issue) => {
    if (state !== 'all' && issue.state !== state) return false
    if (!labels.every((label) => issue.labels.has(label))) return false
    if (creator !== null && issue.user.login !== creator) return false
    return since === null || Date.parse(issue.updatedAt) >= Date.parse(since)
  })
  const sorted = byDirection(found, (issue) => (query.get('sort') === 'updated' ? issue.updatedAt : issue.createdAt), {
    id: ({ number }) => number,
    direction: query.get('direction') ?? 'desc',
  })
  return list(sorted.map((issue) => renderIssue(call.world, call.repo, issue)))
}

function create(call: RepositoryCall): Reply {
  const { world, token, body } = call
  const text = textOf(body, 'body')
  const problem = text === undefined ? undefined : bodyProblem('Issue', text)
  if (problem !== undefined && text !== '') return problem
  const issue = createIssue(world, call.repo, {
    by: { user: token.actor, ...(token.app !== undefined && { app: token.app }) },
    title: String(body['title']),
    body: text ?? null,
    labels: labelNames(body['labels']),
  })
  return json(renderIssue(world, call.repo, issue), 201)
}

function update(call: RepositoryCall): Reply {
  return withIssue(call, (issue) => {
    const { world, token, body } = call
    const own = issue.user.id === token.actor.id
    if (token.app === undefined && !own && !hasRole(call.repo, token.actor, 'triage')) {
      return refused(403, 'Must have admin rights to Repository.')
    }
    const text = textOf(body, 'body')
    const problem = text === undefined || text === '' ? undefined : bodyProblem('Issue', text)
    if (problem !== undefined) return problem
    if ('body' in body) issue.body = text ?? null
    issue.title = textOf(body, 'title') ?? issue.title
    if (Array.isArray(body['labels'])) {
      issue.labels.clear()
      addLabels(world, call.repo, { issue, labels: labelNames(body['labels']), actor: token.actor })
    }
    if (Array.isArray(body['assignees'])) {
      issue.assignees.splice(0, Infinity, ...(body['assignees'] as string[]).map((login) => accountOf(world, login)))
    }
    const state = textOf(body, 'state')
    if (state === 'open' || state === 'closed') {
      setIssueState(world, issue, { state, reason: textOf(body, 'state_reason') ?? null, actor: token.actor })
    }
    issue.updatedAt = world.now()
    return json(renderIssue(world, call.repo, issue))
  })
}

function labelList(call: RepositoryCall, issue: Issue): object[] {
  return [...issue.labels].map((name) => renderLabel(call.world, call.repo, name))
}

function addIssueLabels(call: RepositoryCall): Reply {
  return withIssue(call, (issue) => {
    const given: unknown = Array.isArray(call.body) ? call.body : call.body['labels']
    addLabels(call.world, call.repo, { issue, labels: labelNames(given), actor: call.token.actor })
    return json(labelList(call, issue))
  })
}

function removeIssueLabel(call: RepositoryCall): Reply {
  return withIssue(call, (issue) => {
    const label = call.params['name'] ?? ''
    if (!issue.labels.delete(label)) return refused(404, 'Label does not exist')
    record(call.world, issue, { event: 'unlabeled', actor: call.token.actor, label })
    return json(labelList(call, issue))
  })
}

function createLabel(call: RepositoryCall): Reply {
  const name = textOf(call.body, 'name') ?? ''
  if (call.repo.labels.has(name)) {
    const errors = [{ resource: 'Label', code: 'already_exists', field: 'name' }]
    return { kind: 'refused', status: 422, message: 'Validation Failed', errors }
  }
  const description = textOf(call.body, 'description') ?? null
  call.repo.labels.set(name, { id: call.world.nextId(), color: textOf(call.body, 'color') ?? 'ededed', description })
  return json(renderLabel(call.world, call.repo, name), 201)
}

export const issueRoutes: Routes = {
  [`GET ${repo}/issues`]: { need: read, answer: listIssues },
  [`POST ${repo}/issues`]: { need: writes('issues'), answer: create },
  [`GET ${repo}/issues/{issue_number}`]: {
    need: read,
    answer: (call) => withIssue(call, (issue) => json(renderIssue(call.world, call.repo, issue))),
  },
  [`PATCH ${repo}/issues/{issue_number}`]: { need: write, answer: update },
  [`GET ${repo}/issues/{issue_number}/labels`]: {
    need: read,
    answer: (call) => withIssue(call, (issue) => list(labelList(call, issue))),
  },
  [`POST ${repo}/issues/{issue_number}/labels`]: { need: write, answer: addIssueLabels },
  [`DELETE ${repo}/issues/{issue_number}/labels/{name}`]: { need: write, answer: removeIssueLabel },
  [`GET ${repo}/labels`]: {
    need: read,
    answer: (call) => list([...call.repo.labels.keys()].map((name) => renderLabel(call.world, call.repo, name))),
  },
  [`POST ${repo}/labels`]: { need: write, answer: createLabel },
}
