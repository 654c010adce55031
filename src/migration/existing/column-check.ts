import { convertBy, type Converted } from '../conversions.ts'
import type { PlanColumn } from '../documents.ts'
import { readIsoTimestamp } from '../iso-text.ts'
import { readTargetType, type Carrier, type TypeTraits } from '../target-type.ts'
import type { StoredValue } from '../values.ts'
import { instantMicros, wallMicros } from '../zone.ts'

/** What is written for a value, or why its column does not hold it. */
export type Checked =
  | { readonly kind: 'fits'; readonly value: Converted }
  | { readonly kind: 'misfit'; readonly reason: string }

export type CheckValue = (value: Exclude<StoredValue, null>) => Checked

/** Builds the check of one column: everything that its type says, before anything is written. */
export function checkFor(column: PlanColumn): CheckValue {
  const traits = readTargetType(column.type, column.labels)
  if (traits === undefined) {
    return () => ({ kind: 'misfit', reason: `nothing in SQLite has a certain counterpart of the type ${column.type}` })
  }
  const convert = converterFor(column, traits.carrier)
  const limit = limitFor(column, traits)
  return (stored) => {
    const value = convert(stored)
    if (value === undefined) return { kind: 'misfit', reason: `it is no ${column.type} (by ${column.conversion})` }
    const reason = limit(value)
    return reason === undefined ? { kind: 'fits', value } : { kind: 'misfit', reason }
  }
}

function converterFor(
  column: PlanColumn,
  carrier: Carrier,
): (value: Exclude<StoredValue, null>) => Converted | undefined {
  const { conversion, timeZone } = column
  if (conversion === 'iso-timestamp' && timeZone !== undefined) {
    const zoned = carrier === 'timestamptz'
    return (value) => {
      const read = typeof value === 'string' ? readIsoTimestamp(value) : undefined
      if (read === undefined || read.zoned === zoned) return read?.micros
      return zoned ? instantMicros(read.micros, timeZone) : wallMicros(read.micros, timeZone)
    }
  }
  // Both travel as another type does, and say more by their limits.
  const type = carrier === 'real' ? 'double precision' : carrier === 'jsonb' ? 'json' : carrier
  return convertBy({ type, conversion })
}

/** Says what a converted value breaks, if anything. */
type Limit = (value: Converted) => string | undefined

const unlimited: Limit = () => undefined

function limitFor(column: PlanColumn, traits: TypeTraits): Limit {
  const { type, labels } = column
  if (labels !== undefined) {
    const known = new Set<unknown>(labels)
    return (value) => (known.has(value) ? undefined : `it is no label of ${type}`)
  }
  const { length, precision, scale = 0, fraction } = traits
  if (length !== undefined) {
    return (value) => {
      if (typeof value !== 'string') return `it is no ${type}`
      if (traits.blankPadded === true && value.endsWith(' ')) return `${type} does not keep blanks at its end`
      return charactersOver(value, length) ? `it is longer than ${type}` : undefined
    }
  }
  if (precision !== undefined) {
    const whole = precision - scale
    return (value) => {
      const [left = '', right = ''] = String(value).replace('-', '').split('.')
      if (right.replace(/0+$/, '').length > scale) return `${type} would round it`
      return left.replace(/^0+/, '').length > whole ? `it is larger than ${type}` : undefined
    }
  }
  if (fraction !== undefined) {
    const step = 10n ** BigInt(6 - fraction)
    return (value) => (typeof value === 'bigint' && value % step !== 0n ? `${type} would round it` : undefined)
  }
  if (traits.carrier === 'real') {
    return (value) => (Object.is(Math.fround(Number(value)), value) ? undefined : 'real would round it')
  }
  return unlimited
}

/** PostgreSQL counts characters, JavaScript UTF-16 units: most texts need no counting. */
function charactersOver(text: string, length: number): boolean {
  return text.length > length && Array.from(text).length > length
}
