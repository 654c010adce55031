import { readTargetType } from '../target-type.ts'
import type { Meaning } from './meaning.ts'

/**
 * What the type of an application's column holds beyond its carrier: lengths, digits, labels. Written apart from the
 * checks that the copy makes before it writes.
 *
 * @returns `undefined` where there is no such limit
 */
export function limitOf(column: {
  readonly type: string
  readonly labels?: readonly string[] | undefined
}): ((meaning: Meaning) => boolean) | undefined {
  const { labels } = column
  if (labels !== undefined) return (meaning) => typeof meaning === 'string' && labels.includes(meaning)
  const traits = readTargetType(column.type)
  if (traits === undefined) return undefined
  const { length, precision, scale = 0, fraction = 6 } = traits
  if (length !== undefined) {
    const padded = traits.blankPadded === true
    return (meaning) =>
      typeof meaning === 'string' && Array.from(meaning).length <= length && !(padded && meaning.endsWith(' '))
  }
  if (precision !== undefined)
    return (meaning) => typeof meaning === 'string' && hasDigits(meaning, { precision, scale })
  if (traits.carrier === 'timestamp' || traits.carrier === 'timestamptz' || traits.carrier === 'time') {
    const step = 10n ** BigInt(6 - fraction)
    // Julian days and Core Data seconds are compared as the numbers that they were.
    return (meaning) =>
      typeof meaning !== 'bigint' || (meaning % step === 0n && meaning >= firstMoment && meaning <= lastMoment)
  }
  return traits.carrier === 'real' ? (meaning) => Object.is(Math.fround(Number(meaning)), meaning) : undefined
}

/** What is written at most, in microseconds since 1970: 4714 BC and 294276, each with a margin. */
export const firstMoment = -210_866_000_000_000_000n
export const lastMoment = 9_223_371_000_000_000_000n

/** `-125e-1` has three digits, one of them after the point. */
function hasDigits(decimal: string, limit: { readonly precision: number; readonly scale: number }): boolean {
  const [, digits = '', exponent = '0'] = /^-?(\d+)(?:e(-?\d+))?$/.exec(decimal) ?? []
  if (/^0*$/.test(digits)) return digits !== ''
  const last = Number(exponent)
  return last >= -limit.scale && digits.length + last <= limit.precision - limit.scale
}
