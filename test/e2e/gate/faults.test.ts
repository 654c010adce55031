import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import type { GateContext } from '../../../src/app/gates/gate.ts'
import { migrationGate } from '../../../src/app/gates/migration.ts'
import { createServices } from '../../../src/app/gates/services.ts'
import { createRedactor, ignoreProgress, systemClock, systemIds } from '../../../src/core/index.ts'
import { startPostgres, startRedis } from '../../../src/environment/index.ts'
import { startGateway } from '../../../src/gateway/index.ts'
import { createStage } from './stage.ts'

const { signal } = new AbortController()
const nothing = { orphans: [], quarantined: [], notCarried: [] }

function createDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT);
    INSERT INTO tasks VALUES (1, 'a'), (2, 'b'), (3, NULL)`)
  database.close()
}

async function query(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Readonly<Record<string, unknown>>[]
  } finally {
    await client.end()
  }
}

test('the migration gate finds a value that was changed between copy and proof, by table, key and column', async () => {
  await using stage = await createStage({})
  createDatabase(join(stage.folder, 'tasks.db'))
  await using services = createServices({ env: process.env, signal })
  const gate = migrationGate({
    sources: [{ path: '*.db' }],
    decisions: {},
    acceptances: nothing,
    beforeVerify: async (target) => {
      await query(target, `UPDATE public.tasks SET title = 'B' WHERE id = 2`)
    },
  })
  const { judgement } = await gate(contextOf(stage.folder, services))
  expect(judgement.verdict).toBe('fail')
  expect(judgement.summary).toBe('1 database, 3 rows, 1 difference')
  expect(judgement.findings[0]?.message).toBe(
    'public.tasks, key 2, column title: PostgreSQL holds another value than SQLite',
  )
})

test('the migration gate says that PostgreSQL was killed, and never passes', async () => {
  await using stage = await createStage({})
  createDatabase(join(stage.folder, 'tasks.db'))
  await using services = createServices({ env: process.env, signal })
  const gate = migrationGate({
    sources: [{ path: '*.db' }],
    decisions: {},
    acceptances: nothing,
    beforeVerify: async (target) => {
      const [row] = await query(target, 'SHOW data_directory')
      const pid = Number(readFileSync(join(String(row?.['data_directory']), 'postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGKILL')
    },
  })
  await expect(gate(contextOf(stage.folder, services))).rejects.toThrow()
  await expect.poll(async () => (await services.whyStopped())?.code).toBe('HIVE_POSTGRES_STOPPED')
})

function contextOf(folder: string, services: GateContext['services']): GateContext {
  return {
    cwd: folder,
    folder: join(folder, 'migration'),
    env: process.env,
    services,
    signal,
    progress: ignoreProgress,
    clock: systemClock,
    ids: systemIds,
    redact: createRedactor(),
  }
}

test('a gateway made 60 ms slower makes the performance gate fail with the measured figure', async () => {
  await using postgres = await startPostgres({ env: process.env, signal })
  await using redis = await startRedis({ env: process.env, signal })
  const tokens = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`agent-${index}`, systemIds.uuid() + systemIds.uuid()]),
  )
  const gateway = await startGateway({
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    team: 'slow',
    tokens,
    signal,
    clock: systemClock,
    ids: systemIds,
    log: () => {},
  })
  await using proxy = await startDelayingProxy(gateway.url, 60)
  // 60 ms are added to what the gateway takes: 50 agents could write up to 800 times a second, but never in time.
  await using stage = await createStage({
    'hive.yml': `version: 1
project: slow
gates:
  performance:
    targets: { p95WriteMs: 50, deliveredPerS: 10 }
    load: { url: "${proxy.url}", agents: 50, ratePerS: 250, warmup: 1s, duration: 5s }
`,
  })
  const env = {
    HIVE_GATEWAY_TOKENS: Object.entries(tokens)
      .map((pair) => pair.join('='))
      .join(','),
  }
  const { exitCode, stdout } = await stage.hive(['gate', '--json'], { env })
  await gateway.close()
  const document = JSON.parse(stdout) as {
    results: { verdict: string; summary: string; measures: { name: string; value: number }[] }[]
  }
  expect(document.results[0]).toMatchObject({ verdict: 'fail' })
  expect(exitCode).toBe(1)
  const p95 = document.results[0]?.measures.find(({ name }) => name === 'p95 write')?.value ?? 0
  expect(p95).toBeGreaterThan(60)
  expect(document.results[0]?.summary).toMatch(/^p95 write \d+(\.\d+)? ms \[.+\], target < 50 ms/)
  expect(stdout).not.toContain(tokens['agent-0'])
})

/** Passes requests on after a delay: what a slower gateway looks like from outside. */
async function startDelayingProxy(
  target: string,
  delayMs: number,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((incoming, outgoing) => {
    setTimeout(() => {
      const { method, headers, url = '/' } = incoming
      const upstream = request(new URL(url, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      upstream.on('error', () => outgoing.destroy())
      incoming.pipe(upstream)
    }, delayMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
