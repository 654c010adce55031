import { type Clock, fault, type Ids, type ReportProgress, toHiveError } from '../core/index.ts'
import {
  connectRedisBus,
  type FunctionLibrary,
  lintRedis,
  readRedisFacts,
  type RedisBus,
  teamKeys,
} from '../protocol/index.ts'
import type { ConformanceReport, RequirementResult } from './report.ts'
import { Broken, type Requirement, type Trial } from './requirement.ts'
import { requirements as all } from './requirements/index.ts'

export interface ConformanceOptions {
  readonly redisUrl: string
  readonly signal: AbortSignal
  readonly progress: ReportProgress
  readonly clock: Clock
  readonly ids: Ids
  /** Only these; tests use it. */
  readonly requirements?: readonly Requirement[]
  /** The implementation under test, where it is not that of this release. */
  readonly library?: FunctionLibrary
}

const claimIdleMs = 120
const maxDeliveries = 3
/** A server that stands still must not hold up the run: no check takes a second on one that answers. */
const checkLimitMs = 10_000

/**
 * Tries every requirement of the protocol against a real server. Each one has a team of its own, whose keys are removed
 * afterwards; nothing else on the server is read or changed, but the function library stays.
 *
 * @throws HIVE_PROTOCOL_REDIS when the server cannot be reached at all, HIVE_REDIS_TOO_OLD, HIVE_INTERRUPTED
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { signal, progress, requirements = all } = options
  const lint = await readLint(options)
  const results: RequirementResult[] = []
  for (const [index, requirement] of requirements.entries()) {
    if (signal.aborted) throw fault('HIVE_INTERRUPTED', { during: 'the conformance run' }, signal.reason)
    progress({ step: requirement.title, done: index, total: requirements.length, unit: 'requirements' })
    results.push(await tryRequirement(requirement, options))
  }
  return { results, redisVersion: lint.version, durability: `${lint.durability}: ${lint.meaning}` }
}

async function readLint(options: ConformanceOptions): Promise<ReturnType<typeof lintRedis>> {
  const bus = await connect(options, { team: `conformance-${options.ids.short(10)}` })
  try {
    return lintRedis(await readRedisFacts(bus.redis))
  } finally {
    await bus.close()
  }
}

async function tryRequirement(requirement: Requirement, options: ConformanceOptions): Promise<RequirementResult> {
  const { clock, ids } = options
  const { id, level, title } = requirement
  const started = clock.monotonicMs()
  const team = `conformance-${ids.short(10)}`
  const buses: RedisBus[] = []
  const over = new AbortController()
  const trial: Trial = {
    ids,
    clock,
    signal: options.signal,
    claimIdleMs,
    maxDeliveries,
    inboxKey: teamKeys(team).inbox,
    connect: async (extra = {}) => {
      const bus = await connect(options, { team, ...extra })
      buses.push(bus)
      return bus
    },
  }
  const finish = (status: RequirementResult['status'], detail: string): RequirementResult => ({
    id,
    level,
    title,
    status,
    detail,
    durationMs: Math.round(clock.monotonicMs() - started),
  })
  try {
    const late = clock.sleep(checkLimitMs, over.signal).then(() => {
      throw fault('HIVE_PROTOCOL_REDIS', { problem: `the server did not finish within ${checkLimitMs / 1_000} s` })
    })
    late.catch(() => {})
    return finish('pass', await Promise.race([requirement.check(trial), late]))
  } catch (error) {
    if (error instanceof Broken) return finish('fail', error.message)
    if (options.signal.aborted) throw fault('HIVE_INTERRUPTED', { during: 'the conformance run' }, error)
    return finish('error', toHiveError(error).message)
  } finally {
    over.abort()
    await removeTeam(team, { options })
    for (const bus of buses) await bus.close()
  }
}

function connect(
  options: ConformanceOptions,
  bus: { readonly team: string; readonly maxInboxDepth?: number; readonly claimIdleMs?: number },
): Promise<RedisBus> {
  return connectRedisBus({
    redisUrl: options.redisUrl,
    claimIdleMs,
    maxDeliveries,
    ...(options.library === undefined ? {} : { library: options.library }),
    ...bus,
  })
}

/** Removes what the checks can have made. A server that is gone keeps it; the keys say whose they are. */
async function removeTeam(team: string, { options }: { readonly options: ConformanceOptions }): Promise<void> {
  const keys = teamKeys(team)
  const agents = ['reader', 'north', 'east', 'south', 'west']
  try {
    const bus = await connect(options, { team })
    const perAgent = agents.flatMap((agent) => [keys.inbox(agent), keys.later(agent), keys.latest(agent)])
    const answers = ['question', 'doomed'].map((id) => keys.answer('sender', id))
    await bus.redis.unlink(...keys.seen, keys.dead, ...perAgent, ...answers)
    await bus.close()
  } catch {
    // Nothing to add: the check itself has reported the server.
  }
}
