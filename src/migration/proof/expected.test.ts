import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conversionNames, convertBy } from '../conversions.ts'
import type { Conversion, TargetType } from '../conversions.ts'
import type { StoredValue } from '../values.ts'
import { expectationOf } from './expected.ts'

const moments = [
  'epoch-s',
  'epoch-ms',
  'epoch-us',
  'epoch-ns',
  'julian-day',
  'core-data',
  'chrome-us',
  'iso-timestamp',
] as const
const pairs: readonly (readonly [Conversion, TargetType])[] = [
  ['identity', 'smallint'],
  ['identity', 'integer'],
  ['identity', 'bigint'],
  ['identity', 'double precision'],
  ['identity', 'text'],
  ['identity', 'bytea'],
  ['boolean', 'boolean'],
  ...moments.map((conversion) => [conversion, 'timestamp'] as const),
  ...moments.map((conversion) => [conversion, 'timestamptz'] as const),
  ['iso-date', 'date'],
  ['iso-time', 'time'],
  ['json', 'json'],
  ['uuid-text', 'uuid'],
  ['uuid-blob', 'uuid'],
  ['uuid-hex', 'uuid'],
  ['decimal', 'numeric'],
  ['decimal-real', 'numeric'],
  ['mixed-text', 'text'],
  ['mixed-bytea', 'bytea'],
]

/** Moments near the ends of what a timestamp holds, in each unit that a column may count in. */
const ends = [
  -210_866_760_000_000_000n,
  -210_866_000_000_000_000n,
  0n,
  9_223_371_000_000_000_000n,
  9_224_318_016_000_000_000n,
]
const units = [1n, 1_000n, 1_000_000n]

const stored: fc.Arbitrary<Exclude<StoredValue, null>> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc
    .tuple(fc.constantFrom(...ends), fc.constantFrom(...units), fc.bigInt({ min: -2n, max: 2n }))
    .map(([end, unit, step]) => BigInt.asIntN(64, end / unit + step)),
  fc.double({ noNaN: true }),
  fc.constantFrom(0.5, 1.5, -0, 2_460_000.5, 2_460_000.123_456_789, 5_373_484.5, 1e300, 710_000_000.25),
  fc.double({ min: 0, max: 6e6, noNaN: true }),
  fc.constantFrom(
    '2026-11-22',
    '2026-11-22T09:15:00Z',
    '2026-11-22 09:15:00',
    '24:00',
    '09:15:60',
    '{"a":1}',
    '1e5',
    '12.50',
    '',
  ),
  fc.uuid(),
  fc.uuid().map((id) => id.replaceAll('-', '')),
  fc.string(),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Uint8Array.from(bytes)),
)

test.each(pairs)(
  'the proof of %s as %s expects exactly the values that the copy writes: the rest is quarantined on both sides',
  (conversion, type) => {
    const convert = convertBy({ conversion, type })
    const expectation = expectationOf({ conversion, type })
    const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2 ** 31)
    const full = process.env['HIVE_TEST_PROFILE'] === 'full'
    fc.assert(
      fc.property(stored, (value) => {
        const written = convert(value) !== undefined
        return (expectation(value) !== undefined) === written
      }),
      { seed, numRuns: full ? 20_000 : 1_000 },
    )
    expect(convert(new Uint8Array()) === undefined).toBe(expectation(new Uint8Array()) === undefined)
  },
)

test('every conversion is among those that are compared', () => {
  expect([...new Set(pairs.map(([conversion]) => conversion))].toSorted()).toEqual([...conversionNames].toSorted())
})
