import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Clock, fault, type Ids, type ReportProgress } from '../core/index.ts'
import { startPostgres, startRedis } from '../environment/index.ts'
import { type Gateway, parseTokens, startGateway } from '../gateway/index.ts'
import { checkTeam } from './team-bus.ts'

/** `hive gateway` as it was typed. */
export interface GatewayRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly team: string
  readonly host: string
  readonly port: string
  readonly tokenFile?: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly ids: Ids
  readonly progress: ReportProgress
  readonly log: (line: string) => void
}

export interface RunningGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly agents: readonly string[]
  /** Present where no tokens were given, so that some were made for this run. */
  readonly generated?: ReadonlyMap<string, string>
  /** "PostgreSQL 18.4 (embedded)" */
  readonly servers: readonly string[]
}

/**
 * Starts the gateway on the given servers, or on private ones that end with it.
 *
 * @throws HIVE_USAGE, HIVE_GATEWAY_TOKENS, and what `startGateway` and the servers throw
 */
export async function openGateway(request: GatewayRequest): Promise<RunningGateway> {
  const { env, signal, progress } = request
  const port = readPort(request.port)
  checkTeam(request.team, 'gateway')
  checkHost(request.host)
  const given = await readTokens(request)
  const generated = given === undefined ? exampleTokens(request.ids) : undefined
  const tokens = given ?? generated ?? new Map<string, string>()
  const { team, host, clock, ids, log } = request
  // Once they run, the servers end by the stack and not by the signal: the gateway drains into them first.
  const starting = new AbortController()
  const giveUp = (): void => starting.abort(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  await using servers = new AsyncDisposableStack()
  progress({ step: 'start PostgreSQL' })
  const postgres = servers.use(await startPostgres({ env, signal: starting.signal, progress }))
  progress({ step: 'start Redis' })
  const redis = servers.use(await startRedis({ env, signal: starting.signal, progress }))
  signal.removeEventListener('abort', giveUp)
  const gateway = await startGateway({
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    team,
    host,
    port,
    tokens,
    signal,
    clock,
    ids,
    log,
  })
  servers.defer(gateway.close)
  const owned = servers.move()
  return {
    gateway,
    agents: [...tokens.keys()],
    ...(generated === undefined ? {} : { generated }),
    servers: [`PostgreSQL ${postgres.version} (${postgres.origin})`, `Redis ${redis.version} (${redis.origin})`],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function readTokens(request: GatewayRequest): Promise<ReadonlyMap<string, string> | undefined> {
  const inline = request.env['HIVE_GATEWAY_TOKENS']
  if (request.tokenFile === undefined) return inline === undefined || inline === '' ? undefined : parseTokens(inline)
  const path = resolve(request.cwd, request.tokenFile)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw fault('HIVE_GATEWAY_TOKENS', { problem: `${request.tokenFile} cannot be read (${code ?? 'unknown'})` }, error)
  }
  return parseTokens(text)
}

/** Two agents, so that the printed commands work at once. */
function exampleTokens(ids: Ids): ReadonlyMap<string, string> {
  return new Map(['alice', 'bob'].map((agent) => [agent, ids.short(43)]))
}

function readPort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw usage(`could not use --port ${text}: a number from 0 to 65535 is needed`)
}

/** Tokens would cross the network in the clear: until the gateway speaks TLS itself, it stays on this machine. */
function checkHost(host: string): void {
  if (host === '127.0.0.1' || host === '::1' || host === 'localhost') return
  throw usage(`could not use --host ${host.slice(0, 60)}: 127.0.0.1, ::1 or localhost is needed`)
}

function usage(problem: string): Error {
  return fault('HIVE_USAGE', { problem, command: 'gateway' })
}
