import { systemClock, systemIds } from '../../../src/core/index.ts'
import { startGateway } from '../../../src/gateway/index.ts'

/** A gateway in a process of its own, so that a test can kill it. */
const [postgresUrl = '', redisUrl = '', team = '', tokens = '{}'] = process.argv.slice(2)
const gateway = await startGateway({
  postgresUrl,
  redisUrl,
  team,
  tokens: JSON.parse(tokens) as Record<string, string>,
  signal: new AbortController().signal,
  clock: systemClock,
  ids: systemIds,
  log: () => {},
  tuning: { claimIdleMs: 500 },
})
process.stdout.write(`${gateway.url}\n`)
// The pipe ends with the test that holds it, however that ends.
process.stdin.resume().on('end', () => process.exit(0))
