import { expect, test } from 'vitest'
import { decideAcceptance } from './acceptance.ts'

const facts = { role: 'Product Agent', quorum: 1, approvals: [], holds: [] }
const pat = { login: 'pat', self: false }

test('decideAcceptance() waits for as many people as the policy wants', () => {
  expect(decideAcceptance(facts)).toEqual({ kind: 'waiting', summary: 'waits for /approve by the Product Agent' })
  expect(decideAcceptance({ ...facts, approvals: [pat] })).toEqual({ kind: 'pass', summary: 'approved by pat' })
  expect(decideAcceptance({ ...facts, quorum: 2, approvals: [pat] })).toMatchObject({
    kind: 'waiting',
    summary: expect.stringContaining('1 of 2 given'),
  })
})

test('decideAcceptance() lets a hold outrank approvals and names a self-approval', () => {
  const holds = [{ login: 'sam', reason: 'audit' }, { login: 'ada' }]
  expect(decideAcceptance({ ...facts, approvals: [pat], holds })).toEqual({
    kind: 'waiting',
    summary: 'on hold by sam and 1 more: audit',
  })
  expect(decideAcceptance({ ...facts, approvals: [{ login: 'pat', self: true }] })).toMatchObject({
    summary: 'approved by pat (self-approved)',
  })
})
