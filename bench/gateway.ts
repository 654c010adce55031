import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemIds } from '../src/core/index.ts'
import { startPostgres, startRedis } from '../src/environment/index.ts'
import { drive, type LoadFigures } from './http-load.ts'
import { type BenchResult, measureInterleaved, type Subject } from './result.ts'

const seconds = 4
const rounds = 5

/**
 * 100 concurrent agents through the gateway, authenticated, validated, stored and published, ten of them receiving and
 * acknowledging; against the same server without storage.
 */
export async function run(): Promise<BenchResult> {
  await using postgres = await startPostgres({ env: process.env })
  await using redis = await startRedis({ env: process.env })
  await using database = await postgres.createDatabase('bench_gateway')
  const tokens = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`agent-${index}`, systemIds.uuid()]))
  const last = new Map<string, LoadFigures & { readonly cpuUs: number }>()

  const measure = async (kind: 'gateway' | 'http'): Promise<number> => {
    const script = fileURLToPath(new URL('./gateway-server.ts', import.meta.url))
    const server = fork(script, [kind, database.url, redis.url, JSON.stringify(tokens)])
    try {
      const died = once(server, 'exit').then(() =>
        Promise.reject(new Error(`could not measure ${kind}: its server ended`)),
      )
      const [{ port }] = (await Promise.race([once(server, 'message'), died])) as [{ port: number }]
      died.catch(() => {})
      const figures = await drive(port, { tokens, seconds, receive: kind === 'gateway' })
      server.send('cpu')
      const [{ cpuMs }] = (await once(server, 'message')) as [{ cpuMs: number }]
      // The second of warm-up costs CPU as well; its requests are taken as those of any other second.
      last.set(kind, { ...figures, cpuUs: (cpuMs * 1_000) / (figures.requests * (1 + 1 / seconds)) })
      return figures.perSecond
    } finally {
      server.kill('SIGKILL')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    }
  }
  const figure = (name: string, kind: string, pick: keyof LoadFigures | 'cpuUs'): Subject => ({
    name,
    unit: pick === 'cpuUs' ? 'µs CPU/request' : pick === 'deliveredPerSecond' ? 'messages/s' : 'ms',
    run: () => Promise.resolve(last.get(kind)?.[pick] ?? Number.NaN),
  })
  // Awaited here, so that the servers outlive the measurement.
  return await measureInterleaved({
    name: 'gateway',
    rounds,
    subjects: [
      { name: 'gateway', unit: 'requests/s', run: () => measure('gateway') },
      { name: 'node:http without storage', unit: 'requests/s', run: () => measure('http') },
      figure('gateway, delivered', 'gateway', 'deliveredPerSecond'),
      figure('gateway, p50', 'gateway', 'p50Ms'),
      figure('gateway, p95', 'gateway', 'p95Ms'),
      figure('gateway, p99', 'gateway', 'p99Ms'),
      figure('node:http, p99', 'http', 'p99Ms'),
      figure('gateway, CPU', 'gateway', 'cpuUs'),
      figure('node:http, CPU', 'http', 'cpuUs'),
    ],
    ratios: [
      { of: 'gateway', to: 'node:http without storage', bar: 0.4 },
      { of: 'gateway, p99', to: 'node:http, p99', bar: 3, lower: true },
    ],
    environment: {
      postgresql: `${postgres.version} (${postgres.origin})`,
      redis: `${redis.version} (${redis.origin}), everysec`,
    },
  })
}
