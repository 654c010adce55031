import { expect, test } from 'vitest'
import { problemOf, scratchName, withDatabase } from './scratch-databases.ts'

test('scratchName() is a plain identifier within 63 bytes for any label, and never the same twice', () => {
  for (const label of ['gate', 'A "quoted"; DROP', 'ünïcode '.repeat(40), '', '💥']) {
    expect(scratchName(label)).toMatch(/^hive_[a-z0-9_]*_[a-z0-9]{12}$/)
    expect(scratchName(label).length).toBeLessThan(64)
  }
  expect(scratchName('gate')).not.toBe(scratchName('gate'))
})

test('withDatabase() keeps credentials, host and options', () => {
  expect(withDatabase('postgresql://u:p%40@h:1/a?sslmode=require', 'b')).toBe(
    'postgresql://u:p%40@h:1/b?sslmode=require',
  )
  expect(withDatabase('postgresql:///a?host=/run/pg', 'b')).toBe('postgresql:///b?host=/run/pg')
})

test('problemOf() opens the list of a connection that failed at several addresses', () => {
  expect(problemOf(new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('other')]))).toBe(
    'connect ECONNREFUSED ::1:1',
  )
  expect(problemOf('text')).toBe('text')
})
