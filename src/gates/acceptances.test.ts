import { describe, expect, test } from 'vitest'
import { findObjectAcceptance, judgeCount, unusedAcceptances } from './acceptances.ts'

const found = { schema: 'agents', table: 'tasks', columns: ['agent_id'], count: 3 }
const reason = 'agents were deleted'

describe('judgeCount()', () => {
  test('accepts exactly the accepted count', () => {
    expect(judgeCount(found, [{ table: 'agents.tasks', count: 3, reason }], 'orphan')).toEqual({
      kind: 'accepted',
      reason,
    })
  })

  test.each([2, 4])('refuses %i where 3 were found: one row more or less is another fact', (count) => {
    const judged = judgeCount(found, [{ table: 'agents.tasks', count, reason }], 'orphan')
    expect(judged).toMatchObject({
      kind: 'refused',
      why: `3 orphans in agents.tasks (agent_id), exactly ${count} accepted in hive.yml`,
    })
  })

  test('accepts up to a ceiling, and not one above it', () => {
    expect(judgeCount(found, [{ table: 'tasks', atMost: 3, reason }], 'orphan').kind).toBe('accepted')
    expect(judgeCount(found, [{ table: 'tasks', atMost: 2, reason }], 'orphan').kind).toBe('refused')
  })

  test('refuses an acceptance without a count', () => {
    expect(judgeCount(found, [{ table: 'tasks', reason }], 'orphan').kind).toBe('refused')
  })

  test('does not take the acceptance of another foreign key of the same table', () => {
    const judged = judgeCount(found, [{ table: 'agents.tasks', columns: ['parent_id'], count: 3, reason }], 'orphan')
    expect(judged).toMatchObject({
      kind: 'refused',
      why: '3 orphans in agents.tasks (agent_id), none accepted in hive.yml',
    })
  })
})

test('findObjectAcceptance() takes the qualified and the plain name', () => {
  const object = { schema: 'agents', name: 'busy' }
  expect(findObjectAcceptance(object, [{ object: 'agents.busy', reason }])).toBeDefined()
  expect(findObjectAcceptance(object, [{ object: 'busy', reason }])).toBeDefined()
  expect(findObjectAcceptance(object, [{ object: 'other.busy', reason }])).toBeUndefined()
})

test('unusedAcceptances() names what describes nothing', () => {
  const acceptances = {
    orphans: [
      { table: 'agents.tasks', count: 3, reason },
      { table: 'agents.gone', count: 1, reason },
    ],
    quarantined: [],
    notCarried: [{ object: 'agents.ghost', reason }],
  }
  expect(unusedAcceptances(acceptances, { orphans: [found], quarantined: [], notCarried: [] })).toEqual([
    'agents.gone',
    'agents.ghost',
  ])
})
