import { connectRedisBus } from '../../../src/protocol/index.ts'

/** A consumer that takes a batch, says so, settles half of it and then hangs: the test kills it. */
const [redisUrl = '', team = ''] = process.argv.slice(2)
const bus = await connectRedisBus({ redisUrl, team })
const { deliveries } = await bus.receive({ agent: 'reader', consumer: 'victim', max: 10 })
const settle = deliveries.slice(0, 5).map(({ token }) => ({ token, outcome: 'done' as const }))
await bus.receive({ agent: 'reader', consumer: 'victim', max: 0, settle })
process.stdout.write(`${deliveries.length} taken, ${settle.length} settled\n`)
