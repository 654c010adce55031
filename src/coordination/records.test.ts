import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  acceptanceRecordSchema,
  readRecord,
  readinessRecordSchema,
  withRecord,
  type ReadinessRecord,
} from './records.ts'

const record = (unknown: string[]): ReadinessRecord => ({
  v: 1,
  kind: 'readiness',
  configHash: 'c',
  head: 'a'.repeat(40),
  changes: { commits: 1, contributors: [1], unknown, complete: true },
})

test('a record comes back as it was, whatever it holds, and cannot end its comment', () => {
  let seen = 0
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (names) => {
      const text = withRecord('shown', record([...names, '--> <!-- @everyone -->', '-'.repeat(9)]))
      seen += 1
      return (
        readRecord(text, readinessRecordSchema)?.changes?.unknown.length === names.length + 2 &&
        text.indexOf('-->') === text.length - 3 &&
        !text.includes('@everyone')
      )
    }),
    { numRuns: 200, seed: 20_261_123 },
  )
  expect(seen).toBe(200)
})

test('the text gives way where both do not fit', () => {
  const text = withRecord('x'.repeat(65_500), record([]))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535)
  expect(readRecord(text, readinessRecordSchema)).toBeDefined()
})

test.each(['', 'text', '<!-- hive-record {"v":1} -->', '<!-- hive-record { -->', '<!-- hive-record null -->'])(
  'a damaged record %j counts as absent',
  (text) => {
    expect(readRecord(text, readinessRecordSchema)).toBeUndefined()
    expect(readRecord(text, acceptanceRecordSchema)).toBeUndefined()
  },
)
