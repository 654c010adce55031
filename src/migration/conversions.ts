import { isUtf8 } from 'node:buffer'
import { readIsoDate, readIsoTime, readIsoTimestamp } from './iso-text.ts'
import { isStorableJson } from './json-text.ts'
import { plainDecimal } from './plain-decimal.ts'
import { InvalidText, plainBytes, realText, type StoredValue } from './values.ts'

/** The closed list of DESIGN: each is defined, with its inverse, in `docs/migration.md`. */
export const conversionNames = [
  'identity',
  'boolean',
  'epoch-s',
  'epoch-ms',
  'epoch-us',
  'epoch-ns',
  'julian-day',
  'core-data',
  'chrome-us',
  'iso-timestamp',
  'iso-date',
  'iso-time',
  'json',
  'uuid-text',
  'uuid-blob',
  'uuid-hex',
  'decimal',
  'decimal-real',
  'mixed-text',
  'mixed-bytea',
] as const
export type Conversion = (typeof conversionNames)[number]

export const targetTypes = [
  'smallint',
  'integer',
  'bigint',
  'double precision',
  'numeric',
  'text',
  'bytea',
  'boolean',
  'timestamp',
  'timestamptz',
  'date',
  'time',
  'json',
  'uuid',
] as const
export type TargetType = (typeof targetTypes)[number]

export interface Mapping {
  readonly type: TargetType
  readonly conversion: Conversion
}

/**
 * A value on its way into PostgreSQL: integers as bigint, timestamps and times as microseconds (since 1970, since
 * midnight), dates as days since 1970, numeric as a decimal, uuid and bytea as bytes.
 */
export type Converted = bigint | number | string | boolean | Uint8Array

/** Converts one value that is not NULL; `undefined` where the mapping does not hold it exactly. */
export type Convert = (value: Exclude<StoredValue, null>) => Converted | undefined

/** The conversions that a type can be filled by; the first is the one taken where a decision names the type only. */
const conversionsOfType: Readonly<Record<TargetType, readonly Conversion[]>> = {
  smallint: ['identity'],
  integer: ['identity'],
  bigint: ['identity'],
  'double precision': ['identity'],
  numeric: ['decimal', 'decimal-real'],
  text: ['mixed-text', 'identity'],
  bytea: ['mixed-bytea', 'identity'],
  boolean: ['boolean'],
  timestamp: ['iso-timestamp'],
  timestamptz: ['iso-timestamp', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'julian-day', 'core-data', 'chrome-us'],
  date: ['iso-date'],
  time: ['iso-time'],
  json: ['json'],
  uuid: ['uuid-text', 'uuid-blob', 'uuid-hex'],
}

/** The mapping that a decision asks for, or `undefined` where the type or the pair is unknown. */
export function mappingFor(type: string, conversion?: string): Mapping | undefined {
  const known = targetTypes.find((name) => name === aliases[type.toLowerCase()] || name === type.toLowerCase())
  if (known === undefined) return undefined
  const allowed = conversionsOfType[known]
  const chosen = conversion === undefined ? allowed[0] : allowed.find((name) => name === conversion)
  return chosen === undefined ? undefined : { type: known, conversion: chosen }
}

const aliases: Readonly<Record<string, TargetType>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float8: 'double precision',
  decimal: 'numeric',
  bool: 'boolean',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
}

export function convertBy(mapping: Mapping): Convert {
  switch (mapping.conversion) {
    case 'identity':
      return identityTo(mapping.type)
    case 'boolean':
      return (value) => (value === 1n ? true : value === 0n ? false : undefined)
    case 'epoch-s':
      return fromInteger((value) => value * 1_000_000n)
    case 'epoch-ms':
      return fromInteger((value) => value * 1_000n)
    case 'epoch-us':
      return fromInteger((value) => value)
    case 'epoch-ns':
      return fromInteger((value) => (value % 1_000n === 0n ? value / 1_000n : undefined))
    case 'chrome-us':
      return fromInteger((value) => value - 11_644_473_600_000_000n)
    case 'core-data':
      return fromReal(1_000_000, 978_307_200_000_000n)
    case 'julian-day':
      return fromReal(86_400_000_000, -210_866_760_000_000_000n)
    case 'iso-timestamp':
      return isoTimestampTo(mapping.type)
    case 'iso-date':
      return (value) => (typeof value === 'string' ? readIsoDate(value) : undefined)
    case 'iso-time':
      return (value) => (typeof value === 'string' ? readIsoTime(value)?.micros : undefined)
    case 'json':
      return (value) => (typeof value === 'string' && isStorableJson(value) ? value : undefined)
    case 'uuid-text':
      return (value) => (typeof value === 'string' && uuidPattern.test(value) ? uuidBytes(value) : undefined)
    case 'uuid-blob':
      return (value) => (value instanceof Uint8Array && value.length === 16 ? value : undefined)
    case 'uuid-hex':
      return (value) => (typeof value === 'string' && hexPattern.test(value) ? Buffer.from(value, 'hex') : undefined)
    case 'decimal':
      return decimal
    case 'decimal-real':
      return (value) =>
        typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0) ? plainDecimal(value) : undefined
    case 'mixed-text':
      return mixedText
    case 'mixed-bytea':
      return plainBytes
  }
}

function identityTo(type: TargetType): Convert {
  switch (type) {
    case 'smallint':
      return (value) => (typeof value === 'bigint' && value >= -32_768n && value <= 32_767n ? value : undefined)
    case 'integer':
      return (value) =>
        typeof value === 'bigint' && value >= -2_147_483_648n && value <= 2_147_483_647n ? value : undefined
    case 'bigint':
      return (value) => (typeof value === 'bigint' ? value : undefined)
    case 'double precision':
      return (value) => {
        if (typeof value === 'number') return value
        if (typeof value !== 'bigint') return undefined
        const real = Number(value)
        return BigInt(real) === value ? real : undefined
      }
    case 'text':
      return (value) => (typeof value === 'string' && !value.includes('\0') ? value : undefined)
    case 'bytea':
      return (value) => (value instanceof Uint8Array ? value : undefined)
    default:
      return () => undefined
  }
}

/** What timestamptz holds, in microseconds since 1970: 4714 BC (with a margin) to the year 294276. */
const earliest = -210_866_000_000_000_000n
const latest = 9_223_371_000_000_000_000n

function inRange(micros: bigint | undefined): bigint | undefined {
  return micros !== undefined && micros >= earliest && micros <= latest ? micros : undefined
}

function fromInteger(toMicros: (value: bigint) => bigint | undefined): Convert {
  return (value) => (typeof value === 'bigint' ? inRange(toMicros(value)) : undefined)
}

/** Reals and integers counted from `origin`; kept only where the microseconds give the very same number back. */
function fromReal(microsPerUnit: number, origin: bigint): Convert {
  return (value) => {
    const number = typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : Number.NaN
    const scaled = Math.round(number * microsPerUnit)
    if (!Number.isFinite(scaled) || Object.is(number, -0) || scaled / microsPerUnit !== number) return undefined
    return inRange(BigInt(scaled) + origin)
  }
}

function isoTimestampTo(type: TargetType): Convert {
  const zoned = type === 'timestamptz'
  return (value) => {
    if (typeof value !== 'string') return undefined
    const read = readIsoTimestamp(value)
    return read?.zoned === zoned ? read.micros : undefined
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** As Django and SQLAlchemy keep a UUID where the database has no such type. */
const hexPattern = /^[0-9a-f]{32}$/

function uuidBytes(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('-', ''), 'hex')
}

/**
 * Integers as they are; reals only where they cannot be taken for integers, so that the storage class comes back:
 * an integral number within 64 bits was an integer, any other a real.
 */
const decimal: Convert = (value) => {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) return undefined
  if (Number.isInteger(value) && Math.abs(value) <= 9_223_372_036_854_775_808) return undefined
  return plainDecimal(value)
}

const mixedText: Convert = (value) => {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return realText(value)
  if (typeof value === 'string') return value.includes('\0') ? undefined : value
  return value instanceof InvalidText || !isPlainText(value) ? undefined : value
}

function isPlainText(bytes: Uint8Array): boolean {
  return !bytes.includes(0) && isUtf8(bytes)
}
