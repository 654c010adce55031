import { Octokit } from '@octokit/core'
import { retry } from '@octokit/plugin-retry'
import { throttling, type ThrottlingOptions } from '@octokit/plugin-throttling'
import * as z from 'zod/mini'
import type { Clock } from '../core/clock.ts'
import { fault } from '../core/errors.ts'
import { faultOfFailure } from './failure.ts'

export interface GitHubOptions {
  readonly token: string
  /** `https://api.github.com`, or that of an Enterprise server, without a slash at the end. */
  readonly apiUrl: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** How often a request that GitHub could not answer is repeated. */
  readonly retries: number
  /** Of one attempt. */
  readonly timeoutMs: number
  /** A notice for the log: a repeated request, a wait. */
  readonly note: (line: string) => void
}

type Parameters = Readonly<Record<string, unknown>>

/** The one way to GitHub. Answers are checked against a schema; failures are errors of the catalogue. */
export interface GitHubClient {
  readonly get: <T>(route: string, parameters: Parameters, schema: z.ZodMiniType<T>) => Promise<T>
  /** All pages of a list, or the first `maxPages` of them, each checked as it comes. */
  readonly list: <T>(route: string, parameters: Parameters, options: ListOptions<T>) => Promise<Page<T>>
  readonly write: <T>(route: string, parameters: Parameters, schema: z.ZodMiniType<T>) => Promise<T>
  /** A question in GraphQL: its `data`. */
  readonly query: <T>(query: string, variables: Parameters, schema: z.ZodMiniType<T>) => Promise<T>
  /** A body in memory; `undefined` where it is longer than `maxBytes`. */
  readonly download: (route: string, parameters: Parameters, maxBytes: number) => Promise<Uint8Array | undefined>
  /** GitHub's clock at its last answer. */
  readonly serverNow: () => Date
  readonly requests: () => { readonly reads: number; readonly writes: number }
}

interface ListOptions<T> {
  readonly item: z.ZodMiniType<T>
  /** Key of the list in an answer that is an object: `check_runs`. */
  readonly key?: string
  readonly maxPages?: number
}

interface Page<T> {
  readonly items: readonly T[]
  /** False where `maxPages` ended the list. */
  readonly complete: boolean
}

const Client = Octokit.plugin(retry, throttling)
type ClientInstance = InstanceType<typeof Client>

type LimitHandler = (
  ...limit: readonly [retryAfter: number, request: unknown, octokit: unknown, retried: number]
) => boolean

/** Longer waits are left to the next event, which does everything again; a runner minute costs more than that. */
const longestWaitS = 60

/**
 * The plugin spaces writes one second apart and comments three, for programs that write thousands. A run of ours
 * writes about ten times an event, one after the other, far below the limits of 80 a minute and 500 an hour; with the
 * spacing an /approve took 5.2 s instead of 0.3 s against the emulated GitHub.
 */
const unspaced = { key: () => ({ schedule: async (_options: unknown, job: () => unknown) => job() }) }
const unspacedGroup = unspaced as unknown as NonNullable<ThrottlingOptions['write']>

export function createGitHubClient(options: GitHubOptions): GitHubClient {
  let serverTime = options.clock.now()
  const count = { reads: 0, writes: 0 }
  const waitIfShort =
    (kind: string): LimitHandler =>
    (...[retryAfter, , , retried]) => {
      const wait = retried < options.retries && retryAfter <= longestWaitS
      options.note(`${kind} reached, ${wait ? `waiting ${retryAfter} s` : `not waiting ${retryAfter} s`}`)
      return wait
    }
  const octokit = new Client({
    auth: options.token,
    baseUrl: options.apiUrl,
    userAgent: 'agent-hive',
    log: { debug: () => {}, info: () => {}, warn: options.note, error: () => {} },
    retry: { retries: options.retries, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
    throttle: {
      write: unspacedGroup,
      notifications: unspacedGroup,
      onRateLimit: waitIfShort('rate limit'),
      onSecondaryRateLimit: waitIfShort('secondary rate limit'),
    },
    request: {
      // Each attempt gets its own time-out; a signal given to Octokit would already be spent at the second attempt.
      fetch: async (url: string, init: RequestInit) => {
        if ((init.method ?? 'GET') === 'GET' || url.endsWith('/graphql')) count.reads += 1
        else count.writes += 1
        const response = await fetch(url, {
          ...init,
          signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]),
        })
        const date = Date.parse(response.headers.get('date') ?? '')
        if (Number.isFinite(date)) serverTime = new Date(date)
        return response
      },
    },
  })
  const ask = async (route: string, parameters: Parameters): Promise<{ data: unknown; link: string | undefined }> => {
    options.signal.throwIfAborted()
    try {
      const response = await octokit.request(route, parameters)
      return { data: response.data as unknown, link: response.headers.link }
    } catch (error) {
      options.signal.throwIfAborted()
      throw faultOfError(error, { octokit, route, parameters, now: options.clock.now() })
    }
  }
  const understand = <T>(schema: z.ZodMiniType<T>, data: unknown, request: string): T => {
    const result = z.safeParse(schema, data)
    if (result.success) return result.data
    const issue = result.error.issues[0]
    throw fault('HIVE_GITHUB_ANSWER', {
      request,
      problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
    })
  }
  return {
    get: async (route, parameters, schema) => understand(schema, (await ask(route, parameters)).data, route),
    write: async (route, parameters, schema) => understand(schema, (await ask(route, parameters)).data, route),
    query: async (query, variables, schema) => {
      // An Enterprise server has its REST interface below /api/v3 and GraphQL beside it.
      const baseUrl = options.apiUrl.replace(/\/v3$/, '')
      const { data } = await ask('POST /graphql', { baseUrl, query, variables })
      return understand(schema, (data as { readonly data?: unknown }).data, 'POST /graphql')
    },
    list: async (route, parameters, { item, key, maxPages = 30 }) => {
      const items: z.infer<typeof item>[] = []
      for (let page = 1; page <= maxPages; page += 1) {
        const { data, link } = await ask(route, { ...parameters, per_page: 100, ...(page === 1 ? {} : { page }) })
        const list = key === undefined ? data : (data as Record<string, unknown>)[key]
        items.push(...understand(z.array(item), list, route))
        if (link === undefined || !/rel="next"/.test(link)) return { items, complete: true }
      }
      return { items, complete: false }
    },
    download: async (route, parameters, maxBytes) => {
      const { data } = await ask(route, { ...parameters, request: { parseSuccessResponseBody: false } })
      return await readAtMost(data, maxBytes)
    },
    serverNow: () => serverTime,
    requests: () => ({ ...count }),
  }
}

async function readAtMost(body: unknown, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the stream: what an attacker would still send is never received.
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

interface FailureContext {
  readonly octokit: ClientInstance
  readonly route: string
  readonly parameters: Parameters
  readonly now: Date
}

function faultOfError(error: unknown, { octokit, route, parameters, now }: FailureContext): Error {
  const { method, url } = octokit.request.endpoint(route, parameters)
  const shape = error as { status?: number; message?: string; response?: { headers?: Record<string, string | number> } }
  // Octokit gives failed connections the status 500 without a response.
  const answered = shape.response !== undefined && typeof shape.status === 'number'
  return faultOfFailure(
    {
      method,
      path: new URL(url).pathname,
      ...(answered && shape.status !== undefined ? { status: shape.status } : {}),
      message: shape.message ?? 'unknown',
      headers: shape.response?.headers ?? {},
      now,
    },
    error,
  )
}
