import { expect, test } from 'vitest'
import type { CheckFacts } from '../coordination/facts.ts'
import { planCheckWrites, type DesiredCheck } from './check-writes.ts'

const app = 'github-actions'
const desired = (name: string, part: Partial<DesiredCheck> = {}): DesiredCheck => ({
  name,
  conclusion: 'success',
  title: 'done',
  summary: 'summary',
  text: '',
  annotations: [],
  renew: false,
  ...part,
})

/** The Check that a write would have left. */
function written(check: DesiredCheck, part: Partial<CheckFacts> = {}): CheckFacts {
  const [write] = planCheckWrites([], [check], app)
  return {
    id: 1,
    headSha: 'a'.repeat(40),
    name: check.name,
    app,
    externalId: write?.content.externalId ?? '',
    completed: check.conclusion !== undefined,
    ...(check.conclusion === undefined ? {} : { conclusion: check.conclusion }),
    title: check.title,
    text: check.text,
    url: '',
    ...part,
  }
}

test('planCheckWrites() writes nothing that stands there already', () => {
  const check = desired('hive / readiness')
  expect(planCheckWrites([written(check)], [check], app)).toEqual([])
})

test('planCheckWrites() repairs a Check that somebody changed, and ignores one of another App', () => {
  const check = desired('hive / readiness', { conclusion: 'failure' })
  expect(planCheckWrites([written(check, { conclusion: 'success' })], [check], app)).toMatchObject([
    { id: 1, takesPass: true },
  ])
  const foreign = planCheckWrites([written(check, { app: 'mallory' })], [check], app)
  expect(foreign).toHaveLength(1)
  expect(foreign[0]).not.toHaveProperty('id')
})

test('planCheckWrites() takes passes away before it gives any', () => {
  const given = desired('hive / acceptance')
  const { conclusion: _passes, ...waiting } = desired('hive / readiness')
  const writes = planCheckWrites([written(desired('hive / readiness'))], [given, waiting], app)
  expect(writes.map(({ content, takesPass }) => [content.name, takesPass])).toEqual([
    ['hive / readiness', true],
    ['hive / acceptance', false],
  ])
})

test('planCheckWrites() makes a new Check of a completed one that waits again, or of another run', () => {
  const { conclusion: _passes, ...waiting } = desired('hive / readiness')
  const [reopened] = planCheckWrites([written(desired('hive / readiness'))], [waiting], app)
  expect(reopened).not.toHaveProperty('id')
  const [renewed] = planCheckWrites(
    [written(desired('hive / migration'))],
    [desired('hive / migration', { title: 'again', renew: true })],
    app,
  )
  expect(renewed).not.toHaveProperty('id')
  const [updated] = planCheckWrites(
    [written(desired('hive / migration'))],
    [desired('hive / migration', { title: 'again' })],
    app,
  )
  expect(updated).toMatchObject({ id: 1 })
})
