import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Conversion } from '../conversions.ts'
import type { PlanColumn } from '../documents.ts'
import { CopyDecoder } from '../postgres/copy-decoder.ts'
import { decoderOf } from '../proof/decode.ts'
import { expectationOf } from '../proof/expected.ts'
import { sameMeaning } from '../proof/meaning.ts'
import { readTargetType } from '../target-type.ts'
import type { StoredValue } from '../values.ts'
import { checkFor } from './column-check.ts'
import { RowBlock } from './row-block.ts'

const seed = Number(process.env['HIVE_TEST_SEED'] ?? Date.now() % 2_147_483_647)

function column(type: string, conversion: Conversion, more: Partial<PlanColumn> = {}): PlanColumn {
  return { name: 'c', declared: '', target: 'c', type, conversion, reason: '', ...more }
}

const columns: readonly PlanColumn[] = [
  column('smallint', 'identity'),
  column('integer', 'identity'),
  column('real', 'identity'),
  column('numeric(6,2)', 'decimal'),
  column('numeric(4,0)', 'decimal'),
  column('numeric(8,3)', 'decimal-real'),
  column('character varying(5)', 'identity'),
  column('character varying(5)', 'mixed-text'),
  column('character(4)', 'identity'),
  column('mood', 'identity', { labels: ['happy', 'sad', ''] }),
  column('citext', 'identity'),
  column('uuid', 'uuid-hex'),
  column('jsonb', 'json'),
  column('timestamp(3) without time zone', 'iso-timestamp'),
  column('timestamp(0) without time zone', 'epoch-ms'),
  column('timestamp(3) with time zone', 'iso-timestamp', { timeZone: 'Europe/Berlin' }),
  column('timestamptz', 'iso-timestamp', { timeZone: 'UTC' }),
  column('timestamp', 'iso-timestamp', { timeZone: 'America/New_York' }),
  column('time(2) without time zone', 'iso-time'),
]

const two = (value: number): string => String(value).padStart(2, '0')
const moment = fc
  .tuple(
    fc.integer({ min: 1, max: 9999 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 0, max: 23 }),
    fc.constantFrom('', '.5', '.120', '.123456'),
    fc.constantFrom('', 'Z', '+02:00'),
  )
  .map(([y, m, d, h, f, z]) => `${String(y).padStart(4, '0')}-${two(m)}-${two(d)} ${two(h)}:30:00${f}${z}`)
const stored: fc.Arbitrary<Exclude<StoredValue, null>> = fc.oneof(
  fc.integer({ min: -100_000, max: 100_000 }).map(BigInt),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 100),
  fc.double({ noNaN: true }),
  fc.float({ noNaN: true }),
  fc.string({ unit: 'binary', maxLength: 7 }).filter((value) => value.isWellFormed()),
  fc.constantFrom('happy', 'sad', '', 'ab  ', '😀😀😀😀😀', '😀😀😀😀😀😀'),
  moment,
  fc.constantFrom('12:30:00', '12:30:00.25', '12:30:00.255'),
  fc.json(),
  fc.uuid().map((value) => value.replaceAll('-', '')),
)

test(`what a column takes is what the proof expects of it, and the rest is refused by both (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.constantFrom(...columns), stored, (planned, value) => {
      const checked = checkFor(planned)(value)
      const expected = expectationOf(planned)(value)
      if (checked.kind === 'misfit') {
        expect(expected).toBeUndefined()
        return
      }
      const carrier = readTargetType(planned.type, planned.labels)?.carrier ?? 'text'
      const block = new RowBlock()
      block.row(1)
      block.field(carrier, checked.value)
      const decoder = new CopyDecoder()
      decoder.push(Buffer.concat(block.part(0, 1)))
      expect(decoder.next()).toBe(true)
      // PostgreSQL is asked for jsonb as text: the version byte of the binary form is not there.
      const start = decoder.start(0) + (carrier === 'jsonb' ? 1 : 0)
      const found = decoderOf(planned)(decoder.bytes, start, decoder.end(0))
      expect(sameMeaning(found, expected ?? null), `${String(found)} for ${String(expected)}`).toBe(true)
    }),
    { seed, numRuns: process.env['HIVE_TEST_PROFILE'] === 'full' ? 200_000 : 5_000 },
  )
})

test.each([
  ['numeric(6,2)', 'decimal', 12.345, 'numeric(6,2) would round it'],
  ['numeric(6,2)', 'decimal', 10_000n, 'it is larger than numeric(6,2)'],
  ['real', 'identity', 0.1, 'real would round it'],
  [
    'timestamp(0) without time zone',
    'iso-timestamp',
    '2026-01-01 00:00:00.5',
    'timestamp(0) without time zone would round it',
  ],
  ['inet', 'mixed-text', '::1', 'nothing in SQLite has a certain counterpart of the type inet'],
] as const)('%s says why it does not hold a value', (type, conversion, value, reason) => {
  expect(checkFor(column(type, conversion))(value)).toEqual({ kind: 'misfit', reason })
})
