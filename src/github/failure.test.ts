import { expect, test } from 'vitest'
import { faultOfFailure, type RequestFailure } from './failure.ts'

const now = new Date('2026-11-23T09:00:00Z')
const failure = (part: Partial<RequestFailure>): RequestFailure => ({
  method: 'GET',
  path: '/repos/acme/shop/pulls/1',
  status: 500,
  message: 'nothing',
  headers: {},
  now,
  ...part,
})

const cases: readonly (readonly [Partial<RequestFailure>, string])[] = [
  [{ status: 401 }, 'HIVE_GITHUB_UNAUTHORIZED'],
  [{ status: 403 }, 'HIVE_GITHUB_FORBIDDEN'],
  [{ status: 404 }, 'HIVE_GITHUB_NOT_FOUND'],
  [{ status: 404, method: 'POST' }, 'HIVE_GITHUB_FORBIDDEN'],
  [{ status: 409 }, 'HIVE_GITHUB_REFUSED'],
  [{ status: 422 }, 'HIVE_GITHUB_REFUSED'],
  [{ status: 429 }, 'HIVE_GITHUB_RATE_LIMITED'],
  [{ status: 403, headers: { 'x-ratelimit-remaining': '0' } }, 'HIVE_GITHUB_RATE_LIMITED'],
  [{ status: 403, message: 'You have exceeded a secondary rate limit' }, 'HIVE_GITHUB_RATE_LIMITED'],
  [{ status: 500 }, 'HIVE_GITHUB_UNAVAILABLE'],
  [{ status: 503 }, 'HIVE_GITHUB_UNAVAILABLE'],
]

test.each(cases)('faultOfFailure() maps %j to %s', (part, code) => {
  expect(faultOfFailure(failure(part))).toMatchObject({ code, exitCode: 2 })
})

test('faultOfFailure() takes silence for what it is', () => {
  const { status: _none, ...silent } = failure({ message: 'connect ECONNREFUSED' })
  expect(faultOfFailure(silent)).toMatchObject({
    code: 'HIVE_GITHUB_UNAVAILABLE',
    message: expect.stringContaining('ECONNREFUSED'),
  })
})

test('faultOfFailure() names the permission: as GitHub says it, else by path and method', () => {
  const forbidden = (part: Partial<RequestFailure>) => faultOfFailure(failure({ status: 403, ...part })).hint
  expect(forbidden({ headers: { 'x-accepted-github-permissions': 'pull_requests=write,issues=write' } })).toContain(
    '"pull-requests: write"',
  )
  expect(forbidden({ method: 'PATCH', path: '/repos/a/b/check-runs/7' })).toContain('"checks: write"')
  expect(forbidden({ method: 'POST', path: '/repos/a/b/issues/7/comments' })).toContain('"issues: write"')
  expect(forbidden({ path: '/repos/a/b/actions/runs/7' })).toContain('"actions: read"')
})

test('faultOfFailure() says how long the limit lasts', () => {
  const limited = (headers: RequestFailure['headers']) =>
    faultOfFailure(failure({ status: 429, headers })).data['waitS']
  expect(limited({ 'retry-after': '90' })).toBe(90)
  expect(limited({ 'x-ratelimit-reset': String(now.getTime() / 1000 + 120) })).toBe(120)
  expect(limited({})).toBe(60)
})

test('faultOfFailure() keeps headers of the request out of its cause', () => {
  const cause = Object.assign(new Error('boom'), { request: { headers: { authorization: 'token secret-of-the-run' } } })
  const error = faultOfFailure(failure({}), cause)
  expect(JSON.stringify([error.message, error.data, Object.entries(error.cause ?? {})])).not.toContain(
    'secret-of-the-run',
  )
})
