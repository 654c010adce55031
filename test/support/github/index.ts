import { randomBytes } from 'node:crypto'
import type { Fault, InjectedFault } from './faults.ts'
import type { RepositoryHandle } from './repository-contract.ts'
import { handleOf } from './repository-handle.ts'
import { type LoggedRequest, startServer } from './server.ts'
import type { Account, App, ObjectStore, Permissions, Repository } from './types.ts'
import { accountOf, actionsApp, actionsBot, createWorld, type World } from './world.ts'

export type { Fault, FaultEffect, InjectedFault } from './faults.ts'
export type {
  Actor,
  PullOptions,
  PullRequest,
  PushOptions,
  RepositoryHandle,
  RunOptions,
} from './repository-contract.ts'
export type { LoggedRequest } from './server.ts'
export type * from './types.ts'
export { actionsApp, actionsBot } from './world.ts'
export * from './payloads.ts'
export { zipOf } from './zip.ts'

export interface GitHubOptions {
  /** The server's time; the machine's where it is not said. `advance` is added to it. */
  readonly clock?: { readonly now: () => Date }
}

export interface RepositoryOptions {
  readonly private?: boolean
  readonly defaultBranch?: string
  /** The first commit's files. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** Login → role, besides the owner, who is admin. */
  readonly roles?: Readonly<Record<string, 'admin' | 'maintain' | 'write' | 'triage' | 'read'>>
  readonly id?: number
  readonly ownerId?: number
}

export interface TokenOptions {
  /** As in a workflow's `permissions:`; what is not named is not granted. */
  readonly permissions?: Permissions
  /** A person's token; without it and without `app` it is a `GITHUB_TOKEN`. */
  readonly actor?: string
  /** An app of one's own: it acts as `slug[bot]`. */
  readonly app?: App
  /** The repository of the workflow; the token reaches no other. */
  readonly repository?: RepositoryHandle
}

export interface RequestCounts {
  readonly reads: number
  readonly writes: number
  readonly total: number
  /** By the key of the operation. */
  readonly byOperation: Readonly<Record<string, number>>
}

export interface EmulatedGitHub {
  /** For `GITHUB_API_URL`; the GraphQL endpoint is `graphqlUrl`. */
  readonly url: string
  readonly graphqlUrl: string
  /** Finds or opens a repository; a new one has a first commit with `files`. */
  readonly repo: (fullName: string, options?: RepositoryOptions) => RepositoryHandle
  /** A fork with the branches of its parent, under another owner. */
  readonly fork: (parent: RepositoryHandle, owner: string) => RepositoryHandle
  /** Finds or opens an account; ids are chosen here only the first time. */
  readonly user: (login: string, options?: { readonly id?: number; readonly type?: Account['type'] }) => Account
  readonly token: (options?: TokenOptions) => string
  /** Moves the server's time forward. */
  readonly advance: (ms: number) => void
  readonly now: () => string
  readonly inject: (fault: Fault) => InjectedFault
  /** Every request since the start, or since `clearRequests`. */
  readonly requests: () => readonly LoggedRequest[]
  readonly counts: () => RequestCounts
  readonly clearRequests: () => void
  /** What was not as GitHub describes it, in requests and in the stand-in's answers. A test expects none. */
  readonly violations: () => readonly string[]
  readonly clearViolations: () => void
  /** The state, for payloads and for what the functions here do not offer. */
  readonly world: World
  readonly close: () => Promise<void>
}

/** Starts an emulated GitHub on a free loopback port: strict, stateful, in memory. Close it after the test. */
export async function createGitHub(options: GitHubOptions = {}): Promise<EmulatedGitHub> {
  const clock = options.clock ?? { now: () => new Date() }
  let ahead = 0
  const world = createWorld(() => new Date(clock.now().getTime() + ahead))
  const server = await startServer(world)

  function open(fullName: string, given: RepositoryOptions & { store?: ObjectStore; parent?: Repository }): Repository {
    const [ownerLogin = '', name = ''] = fullName.split('/')
    const owner = accountOf(world, ownerLogin, given.ownerId === undefined ? {} : { id: given.ownerId })
    const repo: Repository = {
      id: given.id ?? world.nextId(),
      owner,
      name,
      fullName,
      private: given.private ?? false,
      defaultBranch: given.defaultBranch ?? 'main',
      ...(given.parent !== undefined && { parent: given.parent }),
      store: given.store ?? { commits: new Map(), trees: new Map(), blobs: new Map() },
      createdAt: world.now(),
      branches: new Map(),
      tags: new Map(),
      roles: new Map(),
      labels: new Map(),
      issues: new Map(),
      comments: new Map(),
      suites: [],
      checkRuns: new Map(),
      statuses: [],
      workflows: [],
      runs: new Map(),
      artifacts: new Map(),
      mergeQueue: [],
    }
    world.repositories.set(fullName.toLowerCase(), repo)
    return repo
  }

  return {
    url: world.apiUrl,
    graphqlUrl: `${world.apiUrl}/graphql`,
    repo: (fullName, given = {}) => {
      const known = world.repositories.get(fullName.toLowerCase())
      if (known !== undefined) return handleOf(world, known)
      const handle = handleOf(world, open(fullName, given))
      for (const [login, role] of Object.entries(given.roles ?? {})) handle.setRole(login, role)
      handle.pushCommit({ files: given.files ?? { 'README.md': `# ${handle.name}\n` }, message: 'Start' })
      return handle
    },
    fork: (parent, owner) => {
      const { name, defaultBranch, store, branches } = parent.state
      const fork = open(`${owner}/${name}`, {
        defaultBranch,
        store,
        parent: parent.state,
        private: parent.state.private,
      })
      for (const [branch, sha] of branches) fork.branches.set(branch, sha)
      return handleOf(world, fork)
    },
    user: (login, given) => accountOf(world, login, given),
    token: ({ permissions = {}, actor, app, repository } = {}) => {
      const acting = app ?? (actor === undefined ? actionsApp : undefined)
      // The shape of real tokens, so that redaction and masking see what they will see.
      const value = `${acting === undefined ? 'ghp' : 'ghs'}_${randomBytes(18).toString('hex')}`
      const login = actor ?? (app === undefined ? actionsBot.login : `${app.slug}[bot]`)
      world.tokens.set(value, {
        value,
        actor: accountOf(world, login),
        ...(acting !== undefined && { app: acting }),
        permissions,
        ...(repository !== undefined && { repositories: [repository.fullName] }),
      })
      return value
    },
    advance: (ms) => {
      ahead += ms
    },
    now: () => world.now(),
    inject: (fault) => server.faults.inject(fault),
    requests: () => server.requests,
    counts: () => countOf(server.requests),
    clearRequests: () => void server.requests.splice(0),
    violations: () => server.violations,
    clearViolations: () => void server.violations.splice(0),
    world,
    close: () => server.close(),
  }
}

/** GraphQL queries are reads though they are sent by POST. */
function isRead({ method, operation, body }: LoggedRequest): boolean {
  if (operation !== 'POST /graphql') return method === 'GET'
  const query = (body as { query?: unknown } | undefined)?.query
  return typeof query === 'string' && !/^\s*mutation\b/.test(query)
}

function countOf(requests: readonly LoggedRequest[]): RequestCounts {
  const byOperation: Record<string, number> = {}
  for (const { operation = 'unknown' } of requests) byOperation[operation] = (byOperation[operation] ?? 0) + 1
  const reads = requests.filter(isRead).length
  return { reads, writes: requests.length - reads, total: requests.length, byOperation }
}
