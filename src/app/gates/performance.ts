import { startGateway } from '../../gateway/index.ts'
import { judgePerformance } from '../../gates/performance.ts'
import { runLoad } from '../../load/index.ts'
import type { GateConfig } from '../../config/config.ts'
import { writeDocument } from './files.ts'
import type { GateContext, RunGate } from './gate.ts'

type PerformanceGate = Extract<GateConfig, { readonly kind: 'performance' }>

/** What is driven: a service that already runs, or the gateway that the gate starts. */
interface Subject extends AsyncDisposable {
  readonly baseUrl: string
  readonly tokens: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
}

/** Drives the service with k6 and judges p95 write latency and delivered messages a second. */
export function performanceGate(gate: PerformanceGate, options: { script: string }): RunGate {
  return async (context) => {
    const { folder, services, signal, progress, clock } = context
    const k6 = await services.k6()
    await using subject =
      gate.load.url === undefined ? await startSubject(gate, context) : givenSubject(gate.load.url, context)
    const run = await runLoad({
      k6: k6.path,
      script: options.script,
      baseUrl: subject.baseUrl,
      tokens: subject.tokens,
      agents: gate.load.agents,
      ratePerS: gate.load.ratePerS,
      warmupS: gate.load.warmupMs / 1000,
      durationS: gate.load.durationMs / 1000,
      workFolder: folder,
      signal,
      progress,
      clock,
      targets: gate.targets,
      ownService: gate.load.url === undefined,
      calibrationScript: options.script,
    })
    return {
      judgement: judgePerformance(run, gate.targets),
      files: [await writeDocument(run.document, { folder, name: 'load' })],
      environment: { k6: `${k6.version} (${k6.origin})`, node: process.version, ...subject.environment },
      load: run.document,
    }
  }
}

/** PostgreSQL, Redis and the gateway between them, with a token for each agent that lives as long as the run. */
async function startSubject(gate: PerformanceGate, { services, signal, clock, ids }: GateContext): Promise<Subject> {
  const [postgres, redis] = await Promise.all([services.postgres(), services.redis()])
  const scratch = await postgres.createDatabase('performance')
  const tokens = Object.fromEntries(
    Array.from({ length: gate.load.agents }, (_, index) => [`agent-${index}`, ids.uuid() + ids.uuid()]),
  )
  const gateway = await startGateway({
    postgresUrl: scratch.url,
    redisUrl: redis.url,
    team: `gate-${ids.short(8)}`,
    tokens,
    signal,
    clock,
    ids,
    log: () => {},
  })
  return {
    baseUrl: gateway.url,
    tokens,
    environment: {
      postgresql: `${postgres.version} (${postgres.origin})`,
      redis: `${redis.version} (${redis.origin})`,
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.close()
      await scratch.drop()
    },
  }
}

function givenSubject(baseUrl: string, { env }: GateContext): Subject {
  return {
    baseUrl,
    tokens: parseTokens(env['HIVE_GATEWAY_TOKENS'] ?? ''),
    environment: {},
    [Symbol.asyncDispose]: async () => {},
  }
}

/** `agent=token` pairs, separated by commas or line ends. */
function parseTokens(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(/[,\n]/)
      .map((pair) => pair.trim())
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}
