import { expect, test } from 'vitest'
import * as formats from './formats.ts'

test.each([
  [0, '0 ms'],
  [0.4, '< 1 ms'],
  [850, '850 ms'],
  [999.7, '1 s'],
  [6_240, '6.2 s'],
  [9_000, '9 s'],
  [9_960, '10 s'],
  [14_400, '14 s'],
  [59_600, '1 min'],
  [200_000, '3 min 20 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
  [-1, 'unknown'],
  [Number.NaN, 'unknown'],
])('formatDuration(%d) is %s', (ms, expected) => {
  expect(formats.formatDuration(ms)).toBe(expected)
})

test.each([
  [0, '0'],
  [0.0423, '0.0423'],
  [3.2468, '3.25'],
  [61.4321, '61.4'],
  [612.6, '613'],
  [1098.4, '1,098'],
  [184_220, '184,220'],
  [-2.5, '-2.50'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('formatNumber(%d) is %s', (value, expected) => {
  expect(formats.formatNumber(value)).toBe(expected)
})

test.each([
  [61.4, 50, '61.4'],
  [50, 50, '50'],
  [49.98, 50, '49.98'],
  [50.004, 50, '50.004'],
  [999.7, 1_000, '999.7'],
])('formatBeside(%d, %d) is %s, so that rounding never hides the difference', (value, limit, expected) => {
  expect(formats.formatBeside(value, limit)).toBe(expected)
})

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [4_096, '4.1 kB'],
  [999_600, '1 MB'],
  [412_000_000, '412 MB'],
  [2_500_000_000_000_000, '2,500 TB'],
])('formatBytes(%d) is %s', (bytes, expected) => {
  expect(formats.formatBytes(bytes)).toBe(expected)
})

test('formatRelative() uses one unit, in both directions', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  const at = (seconds: number): string => formats.formatRelative(new Date(now.getTime() - seconds * 1_000), now)
  expect([5, 42, 180, 3_580, 7_200, 86_400, 260_000, -180].map(at)).toEqual([
    'just now',
    '42 s ago',
    '3 min ago',
    '1 h ago',
    '2 h ago',
    '1 day ago',
    '3 days ago',
    'in 3 min',
  ])
})

test('formatItems(), formatUtc() and shortSha() read as prose', () => {
  expect(formats.formatItems(1, 'row')).toBe('1 row')
  expect(formats.formatItems(2, 'entry', 'entries')).toBe('2 entries')
  expect(formats.formatUtc('2026-11-22T09:15:00.123Z')).toBe('2026-11-22 09:15:00 UTC')
  expect(formats.formatUtc('yesterday')).toBe('yesterday')
  expect(formats.shortSha('4f2c1e9aaaaaaaaa')).toBe('4f2c1e9')
})
