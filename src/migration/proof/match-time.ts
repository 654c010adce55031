import type { StoredValue } from '../values.ts'
import type { FieldPlace, Match } from './match.ts'

/** PostgreSQL counts from 2000-01-01, this many days after 1970-01-01. */
const epochDays = 10_957

/** `2026-01-31 12:00:00.5+02:00` against microseconds since 2000. */
export function matchTimestamp(zoned: boolean): Match {
  return (value, bytes, { start, end }) => {
    if (typeof value !== 'string' || end - start !== 8 || value.length < 19) return false
    const separator = value.charCodeAt(10)
    if (separator !== 0x20 && separator !== 0x54) return false
    const zoneAt = zoned ? zoneStart(value) : value.length
    const zone = zoned ? zoneMinutes(value, zoneAt) : 0
    const days = daysOf(value)
    const micros = microsOf(value, { from: 11, to: zoneAt })
    // NaN wherever a part is not as it should be, and NaN equals nothing.
    const moment = (days - epochDays) * 86_400_000_000 + micros - zone * 60_000_000
    return (
      Math.abs(moment) < 2 ** 52 && bytes.readInt32BE(start) * 4_294_967_296 + bytes.readUInt32BE(start + 4) === moment
    )
  }
}

export function matchDate(value: StoredValue, bytes: Buffer, { start, end }: FieldPlace): boolean {
  return (
    typeof value === 'string' &&
    value.length === 10 &&
    end - start === 4 &&
    bytes.readInt32BE(start) === daysOf(value) - epochDays
  )
}

export function matchTime(value: StoredValue, bytes: Buffer, { start, end }: FieldPlace): boolean {
  return (
    typeof value === 'string' &&
    end - start === 8 &&
    bytes.readInt32BE(start) * 4_294_967_296 + bytes.readUInt32BE(start + 4) ===
      microsOf(value, { from: 0, to: value.length })
  )
}

/** The digits of `text` in `[from, to)` as a number, NaN where one is none. */
function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days since 1970-01-01 of a text that begins with `YYYY-MM-DD`, in the calendar that PostgreSQL uses. */
function daysOf(text: string): number {
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return Number.NaN
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const most = month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? Number.NaN)
  if (!(year >= 1 && day >= 1 && day <= most)) return Number.NaN
  // Years counted from March, so that the leap day is the last of its year.
  const shifted = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400)
  return shifted * 365 + leaps + dayOfYear - 719_468
}

/** Microseconds of `HH:MM:SS` with up to six digits after a point. */
function microsOf(text: string, { from, to }: { readonly from: number; readonly to: number }): number {
  if (to - from < 8 || text.charCodeAt(from + 2) !== 0x3a || text.charCodeAt(from + 5) !== 0x3a) return Number.NaN
  const hour = digits(text, from, from + 2)
  const minute = digits(text, from + 3, from + 5)
  const second = digits(text, from + 6, from + 8)
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN
  const micros = (hour * 3_600 + minute * 60 + second) * 1_000_000
  const places = to - from - 9
  if (places === -1) return micros
  if (places < 1 || places > 6 || text.charCodeAt(from + 8) !== 0x2e) return Number.NaN
  return micros + digits(text, from + 9, to) * 10 ** (6 - places)
}

function zoneStart(text: string): number {
  return text.charCodeAt(text.length - 1) === 0x5a ? text.length - 1 : text.length - 6
}

function zoneMinutes(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  if (sign === 0x5a) return at === text.length - 1 ? 0 : Number.NaN
  if ((sign !== 0x2b && sign !== 0x2d) || text.charCodeAt(at + 3) !== 0x3a) return Number.NaN
  const hours = digits(text, at + 1, at + 3)
  const minutes = digits(text, at + 4, at + 6)
  if (!(hours <= 15 && minutes <= 59)) return Number.NaN
  return (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes)
}
