import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJunit } from './junit.ts'

test('readJunit() reads nested suites, failures, errors and skipped cases', () => {
  const reading = readJunit(`<?xml version="1.0"?>
    <testsuites><testsuite name="a"><testsuite name="b">
      <testcase name="one" classname="store" time="0.1"/>
      <testcase name="two" classname="test" file="app/store.test.ts" line="12"><failure message="1 &lt; 2">trace</failure></testcase>
      <testcase name="three"><error/></testcase>
      <testcase name="four"><skipped/></testcase>
    </testsuite></testsuite></testsuites>`)
  expect(reading).toEqual({
    kind: 'read',
    cases: [
      { name: 'store: one', status: 'passed' },
      { name: 'two', status: 'failed', message: '1 < 2', file: 'app/store.test.ts', line: 12 },
      { name: 'three', status: 'failed', message: 'error' },
      { name: 'four', status: 'skipped' },
    ],
  })
})

test.each(['', 'not xml', '<html></html>', '<testsuite><testcase>', '<testsuite'])(
  'readJunit() calls %j unreadable',
  (xml) => {
    expect(readJunit(xml).kind).toBe('unreadable')
  },
)

test('readJunit() expands no entities', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>`
  expect(JSON.stringify(readJunit(bomb))).not.toContain('aaaa')
})

test('readJunit() never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) =>
      ['read', 'unreadable'].includes(readJunit(`<testsuite>${text}</testsuite>`).kind),
    ),
  )
  expect(readJunit('<testsuite/>')).toEqual({ kind: 'read', cases: [] })
})
