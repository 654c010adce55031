import type { PlanColumn } from '../documents.ts'
import { carrierOf } from '../target-type.ts'
import { InvalidText, type StoredValue } from '../values.ts'
import { instantMicros, wallMicros } from '../zone.ts'
import { jsonMeaning } from './json-meaning.ts'
import { firstMoment, lastMoment, limitOf } from './limits.ts'
import type { Meaning } from './meaning.ts'
import { normalDecimal } from './normal-decimal.ts'

/** Says what a stored value must have become; `undefined` where the column's conversion does not hold it. */
export type Expect = (value: Exclude<StoredValue, null>) => Meaning | undefined

/**
 * The proof's own reading of `docs/migration.md`, apart from the converters that the copy used. Times are microseconds
 * since 1970, dates days since 1970.
 */
export function expectationOf(column: ProvedColumn): Expect {
  const expect = conversionOf(column)
  const fits = limitOf(column)
  if (fits === undefined) return expect
  return (value) => {
    const meaning = expect(value)
    return meaning !== undefined && fits(meaning) ? meaning : undefined
  }
}

/**
 * A moment as the number that it was: the target is counted back into the source's unit, so that rounding cannot pass
 * for equality. What no microsecond gives back, or no timestamp reaches, belongs into the quarantine.
 */
function counted({ unitMicros, origin }: { unitMicros: number; origin: bigint }): Expect {
  return (value) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
    const units = Number(value)
    const micros = Math.round(units * unitMicros)
    if (!Number.isSafeInteger(Math.trunc(units)) || Object.is(units, -0) || micros / unitMicros !== units)
      return undefined
    const moment = BigInt(micros) + origin
    return moment >= firstMoment && moment <= lastMoment ? units : undefined
  }
}

/** What the proof must know of a column. */
export type ProvedColumn = Pick<PlanColumn, 'type' | 'conversion' | 'labels' | 'timeZone'>

function conversionOf(column: ProvedColumn): Expect {
  const carrier = carrierOf(column)
  switch (column.conversion) {
    case 'identity':
      return identity(carrier)
    case 'boolean':
      return (value) => (value === 0n || value === 1n ? value === 1n : undefined)
    case 'epoch-s':
      return (value) => (typeof value === 'bigint' ? value * 1_000_000n : undefined)
    case 'epoch-ms':
      return (value) => (typeof value === 'bigint' ? value * 1_000n : undefined)
    case 'epoch-us':
      return (value) => (typeof value === 'bigint' ? value : undefined)
    case 'epoch-ns':
      return (value) => (typeof value === 'bigint' && value % 1_000n === 0n ? value / 1_000n : undefined)
    case 'chrome-us':
      return (value) => (typeof value === 'bigint' ? value - 11_644_473_600_000_000n : undefined)
    case 'core-data':
      return counted({ unitMicros: 1e6, origin: 978_307_200_000_000n })
    case 'julian-day':
      return counted({ unitMicros: 864e8, origin: -210_866_760_000_000_000n })
    case 'iso-timestamp':
      return timestamp(carrier, column.timeZone)
    case 'iso-date':
      return (value) => {
        const day =
          typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? utcSeconds(`${value}T00:00:00`) : undefined
        return day === undefined ? undefined : BigInt(day / 86_400)
      }
    case 'iso-time':
      return (value) => (typeof value === 'string' ? timeMicros(value) : undefined)
    case 'json':
      if (carrier === 'jsonb') return (value) => (typeof value === 'string' ? jsonMeaning(value) : undefined)
      return (value) => (typeof value === 'string' && parsesAsJson(value) ? value : undefined)
    case 'uuid-text':
      return (value) =>
        typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)
          ? value.replaceAll('-', '')
          : undefined
    case 'uuid-blob':
      return (value) =>
        value instanceof Uint8Array && value.length === 16 ? Buffer.from(value).toString('hex') : undefined
    case 'uuid-hex':
      return (value) => (typeof value === 'string' && /^[\da-f]{32}$/.test(value) ? value : undefined)
    case 'decimal':
      return (value) => (typeof value === 'bigint' || isDecimalReal(value) ? normalDecimal(String(value)) : undefined)
    case 'decimal-real':
      return (value) =>
        typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)
          ? normalDecimal(String(value))
          : undefined
    case 'mixed-text':
      return (value) => {
        const bytes = bytesOf(value)
        const text = bytes.toString('utf8')
        return value instanceof InvalidText || bytes.includes(0) || !Buffer.from(text).equals(bytes) ? undefined : text
      }
    case 'mixed-bytea':
      return bytesOf
  }
}

function identity(type = ''): Expect {
  const limits: Readonly<Record<string, bigint>> = { smallint: 1n << 15n, integer: 1n << 31n, bigint: 1n << 63n }
  const limit = limits[type]
  if (limit !== undefined) {
    return (value) => (typeof value === 'bigint' && value >= -limit && value < limit ? value : undefined)
  }
  if (type === 'double precision' || type === 'real') {
    return (value) => {
      if (typeof value === 'number') return value
      return typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : undefined
    }
  }
  if (type === 'text') return (value) => (typeof value === 'string' && value.indexOf('\0') < 0 ? value : undefined)
  return (value) =>
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length) : undefined
}

/** `mixed-…`: numbers as the shortest decimal that reads back the same, reals with a point or exponent. */
function bytesOf(value: Exclude<StoredValue, null>): Buffer {
  if (value instanceof InvalidText) return Buffer.from(value.bytes)
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (typeof value !== 'number') return Buffer.from(String(value))
  if (value === 0) return Buffer.from(1 / value < 0 ? '-0.0' : '0.0')
  const text = `${value}`
  return Buffer.from(Number.isFinite(value) && !text.includes('.') && !text.includes('e') ? `${text}.0` : text)
}

/** Seconds since 1970 of `2026-01-31T12:00:00`; JavaScript writes it back the same only where such a moment exists. */
function utcSeconds(text: string): number | undefined {
  const milliseconds = Date.parse(`${text}.000Z`)
  if (Number.isNaN(milliseconds) || text.startsWith('0000')) return undefined
  return new Date(milliseconds).toISOString() === `${text}.000Z` ? milliseconds / 1_000 : undefined
}

/** With a decided zone both sides are looked at on its clock: then only text or column need to name a zone. */
function timestamp(carrier: string | undefined, timeZone: string | undefined): Expect {
  const zoned = carrier === 'timestamptz'
  return (value) => {
    if (typeof value !== 'string') return undefined
    if (timeZone === undefined) return timestampMicros(value, zoned)
    const wall = timestampMicros(value, false)
    // A time that the clock shows twice or never names no instant.
    if (wall !== undefined) return zoned && instantMicros(wall, timeZone) === undefined ? undefined : wall
    const instant = timestampMicros(value, true)
    return instant === undefined ? undefined : wallMicros(instant, timeZone)
  }
}

function timestampMicros(text: string, zoned: boolean): bigint | undefined {
  const parts = /^(.{10})[T ](.{8})(?:\.(\d{1,6}))?(Z|([+-])(\d\d):(\d\d))?$/.exec(text)
  if (parts === null || (parts[4] !== undefined) !== zoned) return undefined
  const seconds = utcSeconds(`${parts[1] ?? ''}T${parts[2] ?? ''}`)
  if (seconds === undefined) return undefined
  const hours = Number(parts[6] ?? 0)
  const minutes = Number(parts[7] ?? 0)
  if (hours > 15 || minutes > 59) return undefined
  const shift = (hours * 60 + minutes) * 60 * (parts[5] === '-' ? 1 : -1)
  return BigInt(seconds + shift) * 1_000_000n + fractionMicros(parts[3])
}

function timeMicros(text: string): bigint | undefined {
  const parts = /^(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text)
  const seconds = parts === null ? undefined : utcSeconds(`1970-01-01T${parts[1] ?? ''}`)
  return seconds === undefined ? undefined : BigInt(seconds) * 1_000_000n + fractionMicros(parts?.[2])
}

function fractionMicros(digits = ''): bigint {
  return BigInt(`${digits}000000`.slice(0, 6))
}

function parsesAsJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}

function isDecimalReal(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) return false
  return !Number.isInteger(value) || Math.abs(value) > 2 ** 63
}
