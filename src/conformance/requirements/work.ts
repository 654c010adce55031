import { expectThat, idsOf, messageOf, type Requirement } from '../requirement.ts'

const reader = { agent: 'reader', max: 100, consumer: 'one' }
const pauseMs = 100

/** How work is tried again, answered and prolonged. */
export const workRequirements: readonly Requirement[] = [
  {
    id: 'HMP-023',
    level: 'MUST',
    title: 'a failed try comes again after its pause and counts; after the last one come the dead letters',
    check: async (trial) => {
      const bus = await trial.connect()
      await bus.publish([messageOf({ id: 'stubborn' })])
      for (let attempt = 1; attempt <= trial.maxDeliveries; attempt += 1) {
        const { deliveries } = await bus.receive(reader)
        expectThat(deliveries.length === 1, `try ${attempt} did not come after its pause`)
        expectThat(deliveries[0]?.attempt === attempt, `try ${attempt} is counted as ${deliveries[0]?.attempt ?? 0}`)
        const settle = deliveries.map(({ token }) => ({ token, outcome: { retryInMs: pauseMs } }))
        const next = await bus.receive({ ...reader, settle })
        expectThat(next.settled.join() === 'true', 'the holder could not give it back')
        expectThat(next.deliveries.length === 0, `try ${attempt + 1} came without a pause`)
        const stale = await bus.receive({ ...reader, max: 0, settle })
        expectThat(stale.settled.join() === 'false', 'it could be given back twice')
        await trial.clock.sleep(pauseMs + 30, trial.signal)
      }
      const [letter] = await bus.deadLetters()
      expectThat(letter?.reason === 'failed', 'after the last try it is no dead letter')
      expectThat(letter.deliveries === trial.maxDeliveries, `its tries are said to be ${letter.deliveries}`)
      return `${trial.maxDeliveries} tries with a pause each, then the dead letters`
    },
  },
  {
    id: 'HMP-024',
    level: 'MUST',
    title: 'the answer to a request is kept for the one who asked, from the one who was asked, also across a restart',
    check: async (trial) => {
      const asker = await trial.connect()
      const ask = (id: string) => messageOf({ id, instructions: { awaitsAnswer: true } })
      const answer = (id: string, source: string) =>
        messageOf({ id, source, recipients: ['sender'], instructions: { answers: 'question' } })
      await asker.publish([ask('question'), ask('doomed')])
      const request = { source: 'sender', id: 'question' }
      expectThat((await asker.answer(request)).kind === 'waiting', 'the request is not awaited')
      await asker.close()
      const bus = await trial.connect()
      await bus.publish([answer('forged', 'stranger')])
      expectThat((await bus.answer(request)).kind === 'waiting', 'a stranger could answer')
      const reply = answer('reply', 'reader')
      await bus.publish([reply])
      const state = await (await trial.connect()).answer(request)
      expectThat(
        state.kind === 'answered' && state.event === reply.event,
        'the restarted asker does not find the reply',
      )
      const { deliveries } = await bus.receive({ ...reader, agent: 'sender' })
      expectThat(idsOf(deliveries).join() === 'forged', 'the reply is in the inbox as well')
      const held = await bus.receive(reader)
      const settle = held.deliveries.map(({ token }) => ({ token, outcome: 'reject' as const }))
      await bus.receive({ ...reader, max: 0, settle })
      const dead = await bus.answer({ source: 'sender', id: 'doomed' })
      expectThat(dead.kind === 'dead' && dead.reason === 'rejected', 'the asker does not learn that the request died')
      await bus.redis.unlink(trial.inboxKey('sender'))
      return 'found after a restart; a stranger’s is an ordinary message; a dead request says so'
    },
  },
  {
    id: 'HMP-025',
    level: 'SHOULD',
    title: 'work that is extended is not taken over, and no try is counted for it',
    check: async (trial) => {
      const [worker, rival] = await Promise.all([trial.connect(), trial.connect()])
      await worker.publish([messageOf({ id: 'long-work' })])
      const { deliveries } = await worker.receive(reader)
      const settle = deliveries.map(({ token }) => ({ token, outcome: 'extend' as const }))
      for (let turn = 0; turn < 4; turn += 1) {
        await trial.clock.sleep(trial.claimIdleMs / 2, trial.signal)
        const { settled } = await worker.receive({ ...reader, max: 0, settle })
        expectThat(settled.join() === 'true', 'the holder could not extend')
        const taken = await rival.receive({ ...reader, consumer: 'rival', reclaim: true })
        expectThat(taken.deliveries.length === 0, 'it was taken over')
      }
      const own = await worker.receive({ ...reader, ownFrom: '-' })
      expectThat(own.deliveries[0]?.attempt === 1, `it counts as try ${own.deliveries[0]?.attempt ?? 0}`)
      return 'held for two claim idle times, still the first try'
    },
  },
]
