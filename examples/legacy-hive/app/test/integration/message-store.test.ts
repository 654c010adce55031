import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MessageStore } from '../../src/message-store.ts'
import { copyDatabase } from '../support/database-copy.ts'
import type { DatabaseCopy } from '../support/database-copy.ts'

void describe('MessageStore on the conversations of the hive', () => {
  let copy: DatabaseCopy
  let store: MessageStore

  before(() => {
    copy = copyDatabase('conversations.db')
    store = new MessageStore(copy.path)
  })

  after(() => {
    store.close()
    copy.remove()
  })

  void test('finds unread messages, the most urgent first', () => {
    const priorities = store.unread('product', 500).map(({ priority }) => priority)
    ok(priorities.length > 0)
    deepEqual(
      priorities,
      [...priorities].sort((a, b) => b - a),
    )
  })

  void test('delivers a message once', () => {
    const id = store.send({
      conversationId: 'conv-1',
      sender: 'strategic',
      recipient: 'new-agent',
      content: 'Start phase 2',
      priority: 4,
    })
    deepEqual(
      store.unread('new-agent').map((message) => message.id),
      [id],
    )
    equal(store.markRead(id, 'somebody-else'), false)
    equal(store.markRead(id, 'new-agent'), true)
    equal(store.markRead(id, 'new-agent'), false)
    deepEqual(store.unread('new-agent'), [])
  })

  void test('gives a new message an id above all that were ever given', () => {
    const highest = Math.max(...store.unread('product', 100_000).map(({ id }) => id))
    const id = store.send({
      conversationId: 'conv-2',
      sender: 'product',
      recipient: 'product',
      content: 'Next',
      priority: 1,
    })
    ok(id > highest)
  })

  void test('refuses empty messages and conversations that do not exist', () => {
    const message = { conversationId: 'conv-1', sender: 'a', recipient: 'b', content: ' ', priority: 1 }
    throws(() => store.send(message), /it is empty/)
    throws(
      () => store.send({ ...message, content: 'x', conversationId: 'conv-archived' }),
      /no conversation conv-archived/,
    )
  })
})
