import { expect, test } from 'vitest'
import { judgeProtocol } from './protocol.ts'
import type { RequirementFacts } from './protocol.ts'

const met: RequirementFacts = { id: 'HMP-001', level: 'MUST', title: 'publish', status: 'pass', detail: '' }

test('judgeProtocol() passes when every requirement holds', () => {
  expect(judgeProtocol([met, met])).toMatchObject({ verdict: 'pass', summary: '2 of 2 requirements', findings: [] })
})

test('judgeProtocol() fails on a MUST and only warns of a SHOULD', () => {
  expect(judgeProtocol([met, { ...met, status: 'fail', detail: 'acked by a zombie' }]).verdict).toBe('fail')
  const should = judgeProtocol([met, { ...met, level: 'SHOULD', status: 'fail' }])
  expect(should.verdict).toBe('pass')
  expect(should.findings[0]?.severity).toBe('warning')
})

test('judgeProtocol() says error where a requirement could not be tried, or none was', () => {
  expect(judgeProtocol([met, { ...met, status: 'error' }]).verdict).toBe('error')
  expect(judgeProtocol([]).verdict).toBe('error')
})
