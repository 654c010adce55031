import { expect, test } from 'vitest'
import { isOneFormat, readIsoDate, readIsoTime, readIsoTimestamp } from './iso-text.ts'

test.each([
  ['1970-01-01 00:00:00', 0n],
  ['1970-01-01T00:00:00.000001', 1n],
  ['1969-12-31T23:59:59.5Z', -500_000n],
  ['1970-01-01T02:00:00+02:00', 0n],
  ['0001-01-01 00:00:00', -62_135_596_800_000_000n],
])('%s is read', (text, micros) => {
  expect(readIsoTimestamp(text)?.micros).toBe(micros)
})

test.each([
  '2026-02-30 00:00:00',
  '2025-02-29T00:00:00',
  '2026-01-01 24:00:00',
  '2026-01-01 00:00:60',
  '2026-01-01 00:00:00.1234567',
  '0000-01-01 00:00:00',
  '2026-01-01 00:00',
  '2026-01-01  00:00:00',
  '2026-01-01 00:00:00 ',
  '2026-01-01 00:00:00+2',
  '02026-01-01 00:00:00',
])('%s stays text', (text) => {
  expect(readIsoTimestamp(text)).toBeUndefined()
})

test('dates and times are as strict', () => {
  expect([readIsoDate('1970-01-02'), readIsoDate('1970-1-2'), readIsoDate('1900-02-29')]).toEqual([
    1,
    undefined,
    undefined,
  ])
  expect(readIsoTime('00:00:01.5')?.micros).toBe(1_500_000n)
  expect([readIsoTime('24:00:00'), readIsoTime('1:00:00')]).toEqual([undefined, undefined])
})

const format = (text: string): string => readIsoTimestamp(text)?.format ?? 'none'

test.each([
  [['2026-01-01 00:00:00', '2026-01-02 00:00:00'], true],
  [['2026-01-01T00:00:00', '2026-01-01T00:00:00.000001'], true],
  [['2026-01-01T00:00:00.500', '2026-01-01T00:00:00.000'], true],
  [['2026-01-01 00:00:00', '2026-01-01T00:00:00'], false],
  [['2026-01-01T00:00:00', '2026-01-01T00:00:00.000000'], false],
  [['2026-01-01T00:00:00.5', '2026-01-01T00:00:00.50'], false],
  [['2026-01-01T00:00:00Z', '2026-01-01T00:00:00+00:00'], false],
])('%j can be written again from the values alone: %s', (texts, expected) => {
  expect(isOneFormat(texts.map(format))).toBe(expected)
})
