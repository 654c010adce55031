import { expect, test } from 'vitest'
import { convertBy, mappingFor, type Mapping } from '../conversions.ts'
import { CopyEncoder } from '../postgres/encoder.ts'
import type { StoredValue } from '../values.ts'
import { decoderOf } from './decode.ts'
import { expectationOf } from './expected.ts'
import { matcherOf } from './match.ts'
import { sameMeaning } from './meaning.ts'

const mappings: readonly Mapping[] = [
  ['smallint', 'identity'],
  ['integer', 'identity'],
  ['bigint', 'identity'],
  ['double precision', 'identity'],
  ['boolean', 'boolean'],
  ['text', 'identity'],
  ['text', 'mixed-text'],
  ['json', 'json'],
  ['bytea', 'identity'],
  ['bytea', 'mixed-bytea'],
  ['timestamp', 'iso-timestamp'],
  ['timestamptz', 'iso-timestamp'],
  ['timestamptz', 'epoch-s'],
  ['timestamptz', 'epoch-ms'],
  ['timestamptz', 'epoch-us'],
  ['date', 'iso-date'],
  ['time', 'iso-time'],
].flatMap(([type = '', conversion = '']) => mappingFor(type, conversion) ?? [])

type Value = Exclude<StoredValue, null>

const whole = [0n, 1n, -1n, 2n, 255n, -32_768n, 32_767n, 2_147_483_647n, -2_147_483_648n, 1_700_000_000_000n]
const wide = [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]
const reals = [0, -0, 1, 1.5, 0.1, 0.1 + Number.EPSILON / 8, 5e-324, 1e308, Infinity, -Infinity, 2 ** 53]
const texts = ['', 'a', 'a ', 'A', 'é', 'né', '\uFFFD', '€', '😀', '\uD83D', 'x\0y', '1', '1.0', '{"a":1}', '{"a": 1}']
const times = [
  '2024-02-29 12:34:56',
  '2024-02-29T12:34:56',
  '2023-02-29 12:34:56',
  '2024-02-29 12:34:57',
  '1969-12-31 23:59:59',
  '2024-02-29 12:34:56.5',
  '2024-02-29 12:34:56.500',
  '2024-02-29 12:34:56.000001',
  '2024-02-29 12:34:56.1234567',
  '2024-02-29 12:34:56Z',
  '2024-02-29 14:34:56+02:00',
  '2024-02-29 07:04:56-05:30',
  '2024-02-29 12:34:56+16:00',
  '0001-01-01 00:00:00',
  '0050-03-01 00:00:00',
  '9999-12-31 23:59:59',
  '0000-01-01 00:00:00',
  '2024-13-01 00:00:00',
  '2024-01-00 00:00:00',
  '2024-01-01 24:00:00',
  '2024-01-01 23:59:60',
  '2024-01-01 00:00:0x',
  '2000-01-01 00:00:00',
  '2024-02-29',
  '2023-02-29',
  '2024-03-01',
  '1900-02-28',
  '12:34:56',
  '12:34:56.5',
  '24:00:00',
  '12:34:60',
  '00:00:00',
]
const blobs = [
  [],
  [0],
  [255],
  [0, 255],
  Array.from({ length: 65 }, (_, index) => index),
  Array.from({ length: 65 }, () => 1),
]
const values: readonly Value[] = [
  ...whole,
  ...wide,
  ...reals,
  ...texts,
  ...times,
  ...blobs.map((list) => Buffer.from(list)),
]

function fieldOf(mapping: Mapping, value: Value): Buffer | undefined {
  const converted = convertBy(mapping)(value)
  if (converted === undefined) return undefined
  const encoder = new CopyEncoder()
  encoder.field(mapping.type, converted)
  return encoder.take().subarray(4)
}

/** Whether the careful way finds the stored value and the field equal. */
function areEqual(mapping: Mapping, value: Value, field: Buffer): boolean {
  const expected = expectationOf(mapping)(value)
  return expected !== undefined && sameMeaning(expected, decoderOf(mapping)(field, 0, field.length))
}

test.each(mappings)('$type by $conversion never takes for equal what a close look tells apart', (mapping) => {
  const match = matcherOf(mapping)
  let found = 0
  for (const written of values) {
    const field = fieldOf(mapping, written)
    if (field === undefined) continue
    for (const value of values) {
      // Between other bytes, as in the stream.
      const bytes = Buffer.concat([Buffer.from([0x41, 0x42, 0x43]), field, Buffer.from([0x44, 0x45])])
      if (!match(value, bytes, { start: 3, end: 3 + field.length })) continue
      expect(areEqual(mapping, value, field), `${String(value)} and the field of ${String(written)}`).toBe(true)
      found += 1
    }
  }
  expect(found).toBeGreaterThan(1)
})

test('flipped bits of a field are never taken for equal', () => {
  for (const mapping of mappings) {
    const match = matcherOf(mapping)
    for (const value of values) {
      const field = fieldOf(mapping, value)
      if (field === undefined) continue
      for (let bit = 0; bit < field.length * 8; bit += 1) {
        const flipped = Buffer.from(field)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const isMatched = match(value, flipped, { start: 0, end: flipped.length })
        expect(isMatched && !areEqual(mapping, value, flipped), `bit ${bit} of ${String(value)}`).toBe(false)
      }
    }
  }
})

test('an application’s own types and zones are left to the close look', () => {
  const field = Buffer.from('a')
  const place = { start: 0, end: 1 }
  expect(matcherOf({ type: 'text', conversion: 'identity' })('a', field, place)).toBe(true)
  expect(matcherOf({ type: 'varchar(1)', conversion: 'identity' })('a', field, place)).toBe(false)
  expect(matcherOf({ type: 'text', conversion: 'identity', labels: ['a'] })('a', field, place)).toBe(false)
})
