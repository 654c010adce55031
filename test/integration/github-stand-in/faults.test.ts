import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGitHub, type EmulatedGitHub, type RepositoryHandle } from '../../support/github/index.ts'

let github: EmulatedGitHub
let repo: RepositoryHandle
let issue: number
let authorization: string

beforeEach(async () => {
  github = await createGitHub({ clock: { now: () => new Date('2026-11-22T09:00:00.400Z') } })
  repo = github.repo('acme/shop')
  issue = repo.openIssue({ title: 'x' }).number
  authorization = `token ${github.token({ permissions: { issues: 'write' }, repository: repo })}`
})

afterEach(async () => {
  await github.close()
})

const list = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
const create = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'

function ask(init: RequestInit = {}): Promise<Response> {
  const url = `${github.url}/repos/acme/shop/issues/${issue}/comments`
  return fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(5000), ...init })
}

function comment(body: string): Promise<Response> {
  return ask({ method: 'POST', body: JSON.stringify({ body }) })
}

test('the second and third request of an operation fail, and no other', async () => {
  const fault = github.inject({ on: list, kind: 'status', status: 502, nth: 2, times: 2 })
  const statuses = []
  for (let index = 0; index < 4; index += 1) statuses.push((await ask()).status)
  expect(statuses).toEqual([200, 502, 502, 200])
  expect(fault.hits()).toBe(2)
  expect(github.requests().map(({ status }) => status)).toEqual(statuses)
  expect(github.violations()).toEqual([])
})

test('a write is not carried out, or it is and only its answer is lost', async () => {
  github.inject({ on: create, kind: 'status', status: 500 })
  expect((await comment('a')).status).toBe(500)
  expect(repo.comments(issue)).toHaveLength(0)
  github.inject({ on: create, kind: 'reset', applied: true })
  await expect(comment('b')).rejects.toThrow()
  expect(repo.comments(issue).map(({ body }) => body)).toEqual(['b'])
})

test('rate limits carry their headers', async () => {
  github.inject({ on: /^GET /, kind: 'rate-limit', limit: 'secondary', retryAfterS: 7 })
  const secondary = await ask()
  expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([429, '7'])
  github.inject({ on: /^GET /, kind: 'rate-limit', limit: 'primary', retryAfterS: 60 })
  const primary = await ask()
  expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
  expect(Number(primary.headers.get('x-ratelimit-reset'))).toBe(Date.parse('2026-11-22T09:01:00Z') / 1000)
})

test('lists lag or are cut, and a body ends too early', async () => {
  for (const body of ['a', 'b', 'c']) repo.comment(issue, body, { author: 'dana' })
  const bodies = async () => ((await (await ask()).json()) as { body: string }[]).map(({ body }) => body)
  github.inject({ on: list, kind: 'stale', items: 1 })
  expect(await bodies()).toEqual(['a', 'b'])
  github.inject({ on: list, kind: 'short-page', items: 2 })
  expect(await bodies()).toEqual(['a'])
  github.inject({ on: list, kind: 'truncate' })
  await expect(bodies()).rejects.toThrow()
  expect(await bodies()).toEqual(['a', 'b', 'c'])
})

test('a hanging request hangs until the client gives up or the stand-in closes', async () => {
  github.inject({ on: list, kind: 'hang', times: 2 })
  await expect(ask({ signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  const arrived = new Promise<void>((resolve) => {
    github.inject({ on: list, kind: 'meanwhile', run: resolve })
  })
  const hanging = ask()
  await arrived
  await github.close()
  await expect(hanging).rejects.toThrow('fetch failed')
})

test('test code runs in the middle of a race', async () => {
  github.inject({ on: list, kind: 'meanwhile', run: () => void repo.comment(issue, 'just now', { author: 'dana' }) })
  const found = (await (await ask()).json()) as { created_at: string }[]
  expect(found.map(({ created_at: at }) => at)).toEqual(['2026-11-22T09:00:00Z'])
  expect(github.violations()).toEqual([])
})

test('an unchanged answer is 304', async () => {
  const etag = (await ask()).headers.get('etag') ?? ''
  const again = await ask({ headers: { authorization, 'if-none-match': etag } })
  expect(again.status).toBe(304)
  repo.comment(issue, 'new', { author: 'dana' })
  expect((await ask({ headers: { authorization, 'if-none-match': etag } })).status).toBe(200)
})
