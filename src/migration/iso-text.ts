/**
 * Strict readers of ISO 8601 text. What PostgreSQL would alter in silence (second 60, 24:00, a seventh fraction digit)
 * or cannot hold (30 February, year 0) is not read at all, so that it stays text.
 */

export interface IsoTimestamp {
  /** Microseconds since 1970-01-01T00:00:00, in UTC where there is a zone, else on the wall clock. */
  readonly micros: bigint
  /** How it is written: columns are promoted only where one way of writing gives back every text. */
  readonly format: string
  readonly zoned: boolean
}

const timestampPattern = /^(\d{4})-(\d{2})-(\d{2})([T ])(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}:\d{2})?$/
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/
const timePattern = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/

/** Reads `2026-01-31 12:00:00`, `2026-01-31T12:00:00.123456Z` and their like. */
export function readIsoTimestamp(text: string): IsoTimestamp | undefined {
  const match = timestampPattern.exec(text)
  if (match === null) return undefined
  const [, year = '', month = '', day = '', separator = '', hour = '', minute = '', second = '', fraction = '', zone] =
    match
  const days = daysSinceEpoch(Number(year), Number(month), Number(day))
  const time = microsOfDay({ hour, minute, second, fraction })
  const offset = zone === undefined ? 0 : offsetMinutes(zone)
  if (days === undefined || time === undefined || offset === undefined) return undefined
  return {
    micros: BigInt(days) * 86_400_000_000n + BigInt(time) - BigInt(offset) * 60_000_000n,
    format: `${separator}|${fractionFormat(fraction)}|${zone ?? ''}`,
    zoned: zone !== undefined,
  }
}

/** Days since 1970-01-01 of `2026-01-31`. */
export function readIsoDate(text: string): number | undefined {
  const match = datePattern.exec(text)
  if (match === null) return undefined
  return daysSinceEpoch(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** Microseconds since midnight of `12:00:00` or `12:00:00.5`, and how it is written. */
export function readIsoTime(text: string): { readonly micros: bigint; readonly format: string } | undefined {
  const match = timePattern.exec(text)
  if (match === null) return undefined
  const [, hour = '', minute = '', second = '', fraction = ''] = match
  const micros = microsOfDay({ hour, minute, second, fraction })
  return micros === undefined ? undefined : { micros: BigInt(micros), format: `|${fractionFormat(fraction)}|` }
}

/**
 * True where every text of a column can be written again from its value alone: one separator, one zone, and either
 * a fixed number of fraction digits or Python's habit (six digits, none where the fraction is zero).
 */
export function isOneFormat(formats: Iterable<string>): boolean {
  const fractions = new Set<string>()
  const frames = new Set<string>()
  for (const format of formats) {
    const [separator = '', fraction = '', zone = ''] = format.split('|')
    frames.add(`${separator}|${zone}`)
    fractions.add(fraction)
  }
  if (frames.size > 1) return false
  const digits = new Set([...fractions].map((fraction) => fraction.replace('z', '')))
  if (digits.size <= 1) return true
  return [...fractions].every((fraction) => fraction === '0' || fraction === '6')
}

/** Number of fraction digits; `z` marks a written fraction that is zero. */
function fractionFormat(fraction: string): string {
  return `${fraction.length}${fraction !== '' && /^0+$/.test(fraction) ? 'z' : ''}`
}

function microsOfDay(time: { hour: string; minute: string; second: string; fraction: string }): number | undefined {
  const hour = Number(time.hour)
  const minute = Number(time.minute)
  const second = Number(time.second)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return (hour * 3_600 + minute * 60 + second) * 1_000_000 + Number(time.fraction.padEnd(6, '0'))
}

function daysSinceEpoch(year: number, month: number, day: number): number | undefined {
  if (year === 0) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return same ? date.getTime() / 86_400_000 : undefined
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 15 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
