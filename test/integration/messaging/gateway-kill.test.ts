import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock, systemIds } from '../../../src/core/index.ts'
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../../../src/environment/index.ts'
import { seededRandom, startCrashLoad } from './crash-load.ts'
import { tokensOf } from './support.ts'

const kills = process.env['HIVE_TEST_PROFILE'] === 'full' ? 40 : 4
const senders = 20
const readers = 4

let postgres: PostgresServer
let redis: RedisServer
const children = new Set<ChildProcess>()
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres({ env: process.env }), startRedis({ env: process.env })])
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all([postgres.close(), redis.close()])
})

test(
  `a gateway killed ${kills} times under load loses nothing that it acknowledged`,
  { timeout: 240_000 },
  async () => {
    const random = seededRandom()
    const { url: postgresUrl } = await postgres.createDatabase('kill')
    const team = `kill-${systemIds.short(8)}`
    const tokens = tokensOf(senders)
    const script = fileURLToPath(new URL('./gateway-process.ts', import.meta.url))

    let url = ''
    const start = async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [script, postgresUrl, redis.url, team, JSON.stringify(tokens)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      children.add(child)
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      url = String(line).trim()
      return child
    }

    let gateway = await start()
    const load = startCrashLoad({ url: () => url, tokens, readers })
    for (let kill = 0; kill < kills; kill += 1) {
      await systemClock.sleep(100 + random() * 400)
      gateway.kill('SIGKILL')
      await once(gateway, 'exit')
      gateway = await start()
    }
    const { missing, settledTwice } = await load.finish()
    gateway.kill('SIGKILL')
    await once(gateway, 'exit')
    expect(load.acknowledged.size).toBeGreaterThan(kills * 10)
    expect({ missing, settledTwice }).toEqual({ missing: [], settledTwice: [] })
  },
)
