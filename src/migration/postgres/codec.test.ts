import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { convertBy, mappingFor, targetTypes, type Mapping } from '../conversions.ts'
import { decoderOf } from '../proof/decode.ts'
import { expectationOf } from '../proof/expected.ts'
import { meaningText, sameMeaning } from '../proof/meaning.ts'
import { InvalidText, type StoredValue } from '../values.ts'
import { CopyDecoder } from './copy-decoder.ts'
import { CopyEncoder } from './encoder.ts'

const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

const mappings: readonly Mapping[] = targetTypes.flatMap((type) =>
  [
    undefined,
    'identity',
    'epoch-s',
    'epoch-ms',
    'epoch-us',
    'epoch-ns',
    'julian-day',
    'core-data',
    'chrome-us',
    'uuid-blob',
  ].flatMap((conversion) => mappingFor(type, conversion) ?? []),
)

const two = (value: number): string => String(value).padStart(2, '0')
const timeText = fc
  .tuple(
    fc.integer({ min: 0, max: 25 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 60 }),
    fc.constantFrom('', '.5', '.123456', '.000', '.1234567'),
  )
  .map(([h, m, s, fraction]) => `${two(h)}:${two(m)}:${two(s)}${fraction}`)
const dateText = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
  .map(([y, m, d]) => `${String(y).padStart(4, '0')}-${two(m)}-${two(d)}`)
const stored: fc.Arbitrary<Exclude<StoredValue, null>> = fc.oneof(
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  fc.integer({ min: -100_000, max: 4_000_000 }).map(BigInt),
  fc.double({ noNaN: true }),
  fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
  fc.integer({ min: -10_000_000, max: 10_000_000 }).map((value) => value / 4),
  fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed()),
  dateText,
  timeText,
  fc
    .tuple(dateText, fc.constantFrom(' ', 'T', '_'), timeText, fc.constantFrom('', 'Z', '+02:00', '-15:59', '+16:00'))
    .map((parts) => parts.join('')),
  fc.json(),
  fc.uuid(),
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => new InvalidText(Buffer.concat([bytes, Buffer.from([0xff])]))),
)

test(`what the copy writes is what the proof expects, or both refuse (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.constantFrom(...mappings), stored, (mapping, value) => {
      const converted = convertBy(mapping)(value)
      const expected = expectationOf(mapping)(value)
      if (converted === undefined) {
        // The copy may refuse more (what a timestamp's range or JSON's depth forbids), never less.
        if (expected !== undefined) expect(['timestamptz', 'json']).toContain(mapping.type)
        return
      }
      const encoder = new CopyEncoder()
      encoder.header()
      encoder.row(2)
      encoder.field(mapping.type, converted)
      encoder.null()
      encoder.trailer()
      const decoder = new CopyDecoder()
      const bytes = encoder.take()
      // One byte at a time finds every place where a chunk may end.
      let found = 0
      for (let at = 0; at < bytes.length; at += 1) {
        decoder.push(bytes.subarray(at, at + 1))
        if (decoder.next()) {
          found += 1
          const meaning = decoderOf(mapping)(decoder.bytes, decoder.start(0), decoder.end(0))
          expect(
            sameMeaning(meaning, expected ?? null),
            `${meaningText(meaning)} for ${meaningText(expected ?? null)}`,
          ).toBe(true)
          expect(decoder.start(1)).toBe(-1)
        }
      }
      expect([found, decoder.ended]).toEqual([1, true])
    }),
    { seed, numRuns: process.env['HIVE_TEST_PROFILE'] === 'full' ? 200_000 : 4_000 },
  )
})
