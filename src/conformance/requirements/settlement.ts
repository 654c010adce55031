import { done, expectThat, idsOf, longIdle, messageOf, outlastClaimIdle, type Requirement } from '../requirement.ts'

const reader = { agent: 'reader', max: 100 }

/** Who may settle, and what happens to what nobody settles. */
export const settlementRequirements: readonly Requirement[] = [
  {
    id: 'HMP-009',
    level: 'MUST',
    title: 'only the present holder settles: a late acknowledgement is refused and changes nothing',
    check: async (trial) => {
      const [zombie, heir] = await Promise.all([trial.connect(), trial.connect()])
      await zombie.publish([messageOf({ id: 'fenced' })])
      const first = await zombie.receive({ ...reader, consumer: 'zombie' })
      await outlastClaimIdle(trial)
      const second = await heir.receive({ ...reader, consumer: 'heir', reclaim: true })
      expectThat(second.deliveries.length === 1, 'the message was not taken over')
      const late = await zombie.receive({ agent: 'reader', max: 0, consumer: 'zombie', settle: done(first.deliveries) })
      expectThat(late.settled[0] === false, 'the acknowledgement of the former holder was accepted')
      expectThat((await heir.depth('reader')) === 1, 'the former holder’s acknowledgement removed the message')
      // Taken, lost and taken again by one consumer: its old token is as stale as a stranger's.
      await outlastClaimIdle(trial)
      const third = await zombie.receive({ ...reader, consumer: 'zombie', reclaim: true })
      const stale = await zombie.receive({
        agent: 'reader',
        max: 0,
        consumer: 'zombie',
        settle: done(first.deliveries),
      })
      expectThat(stale.settled[0] === false, 'a token of an earlier delivery settled a later one')
      const kept = await zombie.receive({ agent: 'reader', max: 0, consumer: 'zombie', settle: done(third.deliveries) })
      expectThat(kept.settled[0] === true, 'the present holder could not settle')
      expectThat((await heir.depth('reader')) === 0, 'a settled message stayed in the inbox')
      return 'refused for a former holder and for a former delivery, accepted from the present one'
    },
  },
  {
    id: 'HMP-010',
    level: 'MUST',
    title: 'after a reconnect a consumer reads again what it holds, and that does not count as a try',
    check: async (trial) => {
      const before = await trial.connect()
      await before.publish([messageOf({ id: 'held' }), messageOf({ id: 'new' })])
      const held = await before.receive({ agent: 'reader', max: 1, consumer: 'same' })
      await before.close()
      for (let reconnect = 1; reconnect <= trial.maxDeliveries + 1; reconnect += 1) {
        const after = await trial.connect()
        const { deliveries } = await after.receive({ agent: 'reader', max: 1, consumer: 'same', ownFrom: '-' })
        expectThat(
          idsOf(deliveries).join() === 'held',
          `reconnect ${reconnect} gave ${idsOf(deliveries).join() || 'nothing'}`,
        )
        const tries = deliveries[0]?.token.deliveries
        expectThat(tries === 1, `after ${reconnect} reconnects the delivery counts as try ${tries ?? 0}`)
        await after.close()
      }
      const last = await trial.connect()
      const { settled } = await last.receive({ ...reader, consumer: 'same', settle: done(held.deliveries) })
      expectThat(settled[0] === true, 'the token from before the reconnect does not settle')
      return `${trial.maxDeliveries + 1} reconnects, still the first try`
    },
  },
  {
    id: 'HMP-011',
    level: 'MUST',
    title: 'what a dead consumer held goes to another after the claim idle time, and not before',
    check: async (trial) => {
      const [dying, early, heir] = await Promise.all([trial.connect(), trial.connect(longIdle), trial.connect()])
      await dying.publish(['a', 'b', 'c'].map((id) => messageOf({ id })))
      await dying.receive({ agent: 'reader', max: 2, consumer: 'dying' })
      await dying.close()
      const atOnce = idsOf((await early.receive({ ...reader, consumer: 'heir', reclaim: true })).deliveries).join()
      expectThat(atOnce === 'c', `at once another got ${atOnce || 'nothing'}`)
      await outlastClaimIdle(trial)
      const late = await heir.receive({ ...reader, consumer: 'late-heir', reclaim: true })
      const ids = idsOf(late.deliveries).join()
      expectThat(ids === 'a,b,c', `after the claim idle time it got ${ids || 'nothing'}`)
      const tries = late.deliveries.map(({ token }) => token.deliveries).join()
      expectThat(tries === '2,2,2', `the deliveries count as tries ${tries}`)
      return `taken over after ${trial.claimIdleMs} ms`
    },
  },
  {
    id: 'HMP-012',
    level: 'MUST',
    title: 'after the last try a message goes to the dead letters, whole and with its reason',
    check: async (trial) => {
      const bus = await trial.connect()
      const message = messageOf({ id: 'exhausted' })
      await bus.publish([message])
      for (let attempt = 1; attempt <= trial.maxDeliveries; attempt += 1) {
        const { deliveries } = await bus.receive({ ...reader, consumer: `crash-${attempt}`, reclaim: true })
        expectThat(deliveries.length === 1, `try ${attempt} got ${deliveries.length} messages`)
        await outlastClaimIdle(trial)
      }
      const { deliveries, buried } = await bus.receive({ ...reader, consumer: 'last', reclaim: true })
      expectThat(deliveries.length === 0, `it was delivered more than ${trial.maxDeliveries} times`)
      expectThat(buried === 1, 'the call that moved it does not say so')
      const [letter] = await bus.deadLetters()
      expectThat(letter?.event === message.event, 'the dead letter is not the message')
      expectThat(letter.reason === 'exhausted' && letter.agent === 'reader', 'the dead letter lacks reason or agent')
      expectThat((await bus.depth('reader')) === 0, 'it stayed in the inbox')
      return `${trial.maxDeliveries} tries, then the dead letters`
    },
  },
  {
    id: 'HMP-013',
    level: 'MUST',
    title: 'a rejected message goes to the dead letters at once and does not hold up those behind it',
    check: async (trial) => {
      const bus = await trial.connect()
      await bus.publish(['poison', 'good'].map((id) => messageOf({ id })))
      const first = await bus.receive({ agent: 'reader', max: 1, consumer: 'one' })
      const rejects = first.deliveries.map(({ token }) => ({ token, outcome: 'reject' as const }))
      const next = await bus.receive({ ...reader, consumer: 'one', settle: rejects })
      expectThat(next.settled[0] === true, 'the rejection was refused')
      expectThat(idsOf(next.deliveries).join() === 'good', `next came ${idsOf(next.deliveries).join() || 'nothing'}`)
      const [letter] = await bus.deadLetters()
      expectThat(letter?.reason === 'rejected', 'it is not among the dead letters')
      await bus.receive({ agent: 'reader', max: 0, consumer: 'one', settle: done(next.deliveries) })
      expectThat((await bus.depth('reader')) === 0, 'it stayed in the inbox')
      return 'buried at once, the next message followed'
    },
  },
  {
    id: 'HMP-014',
    level: 'SHOULD',
    title: 'a consumer that leaves hands back what it holds, so that the next one need not wait',
    check: async (trial) => {
      const [leaving, heir] = await Promise.all([trial.connect(), trial.connect(longIdle)])
      await leaving.publish([messageOf({ id: 'handed' })])
      const { deliveries: held } = await leaving.receive({ ...reader, consumer: 'leaving' })
      expectThat(held.length === 1, 'it was not delivered')
      const count = await leaving.leave({ agent: 'reader', consumer: 'leaving' })
      expectThat(count === 1, `leaving handed back ${count} of 1 messages`)
      const { deliveries } = await heir.receive({ ...reader, consumer: 'heir', reclaim: true })
      expectThat(idsOf(deliveries).join() === 'handed', 'the next consumer had to wait for it')
      return 'taken over at once'
    },
  },
]
