import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIsoTimestamp } from '../iso-text.ts'
import { isStorableJson } from '../json-text.ts'
import { IsoBytes } from './iso-bytes.ts'
import { isJsonBytes } from './json-bytes.ts'

const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)
const runs = { seed, numRuns: process.env['HIVE_TEST_PROFILE'] === 'full' ? 200_000 : 5_000 }

/** The bytes in the middle of others, which must not be read. */
function amidOthers(text: string): { readonly bytes: Buffer; readonly start: number; readonly length: number } {
  const own = Buffer.from(text)
  return { bytes: Buffer.concat([Buffer.from('"1'), own, Buffer.from('0Z"}')]), start: 2, length: own.length }
}

/** Texts that are one character away from right. */
function nearly(right: fc.Arbitrary<string>, alphabet: string): fc.Arbitrary<string> {
  const touched = fc
    .tuple(right, fc.nat(80), fc.constantFrom('', ...alphabet.split('')))
    .map(([text, at, character]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + character + text.slice(place + 1)
    })
  return fc.oneof(right, touched)
}

const two = (limit: number): fc.Arbitrary<string> => fc.nat(limit).map((value) => String(value).padStart(2, '0'))
const timestamps = fc
  .tuple(
    fc
      .oneof(fc.nat(9_999), fc.constantFrom(0, 1, 4, 1900, 1999, 2000, 2024))
      .map((year) => String(year).padStart(4, '0')),
    two(13),
    two(32),
    fc.constantFrom(' ', 'T', 't'),
    two(25),
    two(61),
    two(61),
    fc.constantFrom('', '.5', '.000001', '.999999', '.1234567', '.'),
    fc.constantFrom('', '', 'Z', '+02:00', '-15:59', '+16:00', '+0200'),
  )
  .map(
    ([year, month, day, separator, hour, minute, second, fraction, zone]) =>
      `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${zone}`,
  )

test('IsoBytes reads what readIsoTimestamp reads, to the microsecond, and nothing else', () => {
  const iso = new IsoBytes()
  const property = fc.property(nearly(timestamps, '0123456789-:.TZ+ é'), (text) => {
    const { bytes, start, length } = amidOthers(text)
    const wanted = readIsoTimestamp(text)
    const isRead = iso.read(bytes, start, length)
    expect(isRead).toBe(wanted !== undefined)
    if (wanted === undefined) return
    const micros = (BigInt(iso.high) << 32n) | BigInt(iso.low)
    expect(micros).toBe(wanted.micros - 946_684_800_000_000n)
    expect(iso.isZoned).toBe(wanted.zoned)
  })
  expect(() => fc.assert(property, runs)).not.toThrow()
})

const documents = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value, undefined, 2)),
  fc.constantFrom(
    '1',
    '-0',
    '1.5E+3',
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '"\\u12aF"',
    '"\\x"',
    '"\t"',
    '',
    ' ',
    'tru',
    'nul',
  ),
)

test('isJsonBytes accepts what JSON.parse accepts, and nothing else', () => {
  const property = fc.property(nearly(documents, '{}[]",:\\-+.eE0123 \n\t\u0001ntu'), (text) => {
    const { bytes, start, length } = amidOthers(text)
    expect(isJsonBytes(bytes, start, start + length)).toBe(isStorableJson(text))
  })
  expect(() => fc.assert(property, runs)).not.toThrow()
})

test('isJsonBytes leaves deep documents to the rule for values', () => {
  const deep = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
  expect(isJsonBytes(deep(100), 0, 200)).toBe(true)
  expect(isJsonBytes(deep(101), 0, 202)).toBe(false)
  expect(isJsonBytes(deep(1_000_000), 0, 2_000_000)).toBe(false)
})
