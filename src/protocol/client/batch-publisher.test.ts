import { expect, test } from 'vitest'
import type { OutgoingMessage, PublishOutcome } from '../bus.ts'
import { createBatchPublisher } from './batch-publisher.ts'

const message = (id: string, recipients: readonly string[] = ['bob']): OutgoingMessage => ({
  source: 'alice',
  id,
  hash: 'h',
  event: '{}',
  recipients,
})
const published = (count: number): readonly PublishOutcome[] =>
  Array.from({ length: count }, () => ({ kind: 'published', entries: [], depth: 1 }))

test('createBatchPublisher() puts the messages of a tick into one call, in order', async () => {
  const calls: string[][] = []
  const publish = createBatchPublisher({
    publish: (messages) => {
      calls.push(messages.map(({ id }) => id))
      return Promise.resolve(published(messages.length))
    },
  })
  await Promise.all(['a', 'b', 'c'].map((id) => publish(message(id))))
  await publish(message('d'))
  expect(calls).toEqual([['a', 'b', 'c'], ['d']])
})

test('a call that fails rejects its own messages, and the next one goes on', async () => {
  let calls = 0
  const publish = createBatchPublisher({
    publish: (messages) => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('away')) : Promise.resolve(published(messages.length))
    },
  })
  const first = await Promise.allSettled(['a', 'b'].map((id) => publish(message(id))))
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await publish(message('a'))).toMatchObject({ kind: 'published' })
})

test('a batch is bounded by its deliveries, and one message goes however many it has', async () => {
  const sizes: number[] = []
  const publish = createBatchPublisher({
    publish: (messages) => {
      sizes.push(messages.length)
      return Promise.resolve(published(messages.length))
    },
  })
  const everyone = Array.from({ length: 3_000 }, (_, index) => `agent-${index}`)
  await Promise.all(['a', 'b', 'c'].map((id) => publish(message(id, everyone))))
  await publish(message('d', [...everyone, ...everyone]))
  expect(sizes).toEqual([1, 1, 1, 1])
})
