import { fault, type HiveError } from '../core/errors.ts'

/** What went wrong with one request, without Octokit's types. */
export interface RequestFailure {
  readonly method: string
  /** Path without host and query: the query of an artifact download is a signature. */
  readonly path: string
  /** Absent where there was no answer. */
  readonly status?: number
  readonly message: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly now: Date
}

/** The permission of a workflow's `permissions:` that each kind of path needs. */
const permissionOfPath: readonly (readonly [RegExp, string])[] = [
  [/\/check-runs|\/check-suites/, 'checks'],
  [/\/issues\/comments\/|\/issues\/\d+\/comments|\/issues/, 'issues'],
  [/\/pulls/, 'pull-requests'],
  [/\/actions\//, 'actions'],
  [/\/contents\/|\/compare\/|\/commits/, 'contents'],
]

/** Turns a failed request into the error of the catalogue: who must do what. Never holds a token or a query. */
export function faultOfFailure(failure: RequestFailure, cause?: unknown): HiveError {
  const request = `${failure.method} ${failure.path}`
  const { status } = failure
  // Causes of Octokit carry request headers; only the text goes on.
  const safeCause = cause instanceof Error ? new Error(failure.message) : undefined
  if (status === undefined || status >= 500) {
    const problem = status === undefined ? `no answer from GitHub (${failure.message})` : `GitHub answered ${status}`
    return fault('HIVE_GITHUB_UNAVAILABLE', { request, problem }, safeCause)
  }
  if (isRateLimit(failure))
    return fault('HIVE_GITHUB_RATE_LIMITED', { request, waitS: waitSeconds(failure) }, safeCause)
  if (status === 401) return fault('HIVE_GITHUB_UNAUTHORIZED', { request }, safeCause)
  if (status === 403 || (status === 404 && failure.method !== 'GET')) {
    return fault('HIVE_GITHUB_FORBIDDEN', { request, permission: permissionFor(failure) }, safeCause)
  }
  if (status === 404) return fault('HIVE_GITHUB_NOT_FOUND', { request }, safeCause)
  return fault('HIVE_GITHUB_REFUSED', { request, status, problem: failure.message.slice(0, 300) }, safeCause)
}

function isRateLimit({ status, headers, message }: RequestFailure): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  return (
    String(headers['x-ratelimit-remaining']) === '0' ||
    headers['retry-after'] !== undefined ||
    /rate limit/i.test(message)
  )
}

function waitSeconds({ headers, now }: RequestFailure): number {
  const retryAfter = Number(headers['retry-after'])
  if (Number.isFinite(retryAfter) && retryAfter > 0) return Math.ceil(retryAfter)
  const resetS = Number(headers['x-ratelimit-reset'])
  return Number.isFinite(resetS) && resetS > 0 ? Math.max(1, Math.ceil(resetS - now.getTime() / 1000)) : 60
}

/** `checks: write`: GitHub says it in a header; where it does not, the path and method do. */
function permissionFor({ method, path, headers }: RequestFailure): string {
  const said = String(headers['x-accepted-github-permissions'] ?? '')
    .split(/[;,]/)[0]
    ?.trim()
  const [, name, level] = /^([a-z_]+)=(read|write)$/.exec(said ?? '') ?? []
  if (name !== undefined && level !== undefined) return `${name.replaceAll('_', '-')}: ${level}`
  const found = permissionOfPath.find(([pattern]) => pattern.test(path))?.[1] ?? 'contents'
  return `${found}: ${method === 'GET' ? 'read' : 'write'}`
}
