import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/core/index.ts'
import { type PostgresServer, startPostgres } from '../../../src/environment/index.ts'
import { seededRandom, startCrashLoad } from './crash-load.ts'
import { startKillableRedis } from './killable-redis.ts'
import { openTestGateway } from './support.ts'

const kills = process.env['HIVE_TEST_PROFILE'] === 'full' ? 50 : 2
const senders = 20

let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgres({ env: process.env })
})
afterAll(() => postgres.close())

test(
  `a Redis killed ${kills} times under load and restarted on its own file: nothing acknowledged is lost or done twice`,
  { timeout: 240_000 },
  async () => {
    const random = seededRandom()
    const { url: postgresUrl } = await postgres.createDatabase('redis_kill')
    await using redis = await startKillableRedis('always')
    const tuning = { claimIdleMs: 500, sweepEveryMs: 100, sweepOlderThanMs: 300, recheckMs: 200 }
    await using own = await openTestGateway({ postgresUrl, redisUrl: redis.url }, { agents: senders, tuning })
    const load = startCrashLoad({ url: () => own.gateway.url, tokens: own.tokens, readers: 4 })
    const before: number[] = []
    for (let kill = 0; kill < kills; kill += 1) {
      await systemClock.sleep(150 + random() * 400)
      before.push(load.acknowledged.size)
      await redis.killAndRestart()
    }
    await systemClock.sleep(300)
    const { missing, settledTwice } = await load.finish()
    expect(load.acknowledged.size).toBeGreaterThan((before.at(-1) ?? 0) + 10)
    expect({ missing, settledTwice }).toEqual({ missing: [], settledTwice: [] })
    expect(own.log.filter((line) => line.startsWith('Redis was restarted')).length).toBeGreaterThan(0)
    console.log(`${load.acknowledged.size} acknowledged, ${kills} kills`)
  },
)
