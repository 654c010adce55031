/**
 * Reads `YYYY-MM-DD HH:MM:SS[.1–6 digits][Z or ±HH:MM]` (or with `T`) from bytes, by the rules of `iso-text.ts`: what
 * that would not read, or what looks unusual, is not read here either, and is then left to it.
 */
export class IsoBytes {
  /** Microseconds since 2000-01-01, as two halves of 32 bits. */
  high = 0
  low = 0
  isZoned = false

  read(bytes: Buffer, start: number, length: number): boolean {
    if (length < 19 || length > 32) return false
    const separator = bytes[start + 10] ?? 0
    if (bytes[start + 4] !== dash || bytes[start + 7] !== dash) return false
    if (bytes[start + 13] !== colon || bytes[start + 16] !== colon) return false
    if (separator !== 0x20 && separator !== 0x54) return false
    const century = twoDigits(bytes, start)
    const yearOfCentury = twoDigits(bytes, start + 2)
    const month = twoDigits(bytes, start + 5)
    const day = twoDigits(bytes, start + 8)
    const hour = twoDigits(bytes, start + 11)
    const minute = twoDigits(bytes, start + 14)
    const second = twoDigits(bytes, start + 17)
    // One negative number makes the whole negative.
    if ((century | yearOfCentury | month | day | hour | minute | second) < 0) return false
    const year = century * 100 + yearOfCentury
    if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return false
    if (hour > 23 || minute > 59 || second > 59) return false
    const end = start + length
    let at = start + 19
    let micros = 0
    if (at < end && bytes[at] === dot) {
      const first = at + 1
      at = first
      let unit = 100_000
      for (; at < end && unit >= 1 && isDigit(bytes[at] ?? 0); at += 1, unit /= 10) {
        micros += ((bytes[at] ?? 0) - zero) * unit
      }
      if (at === first) return false
    }
    const offset = this.#zone(bytes, at, end)
    if (offset === undefined) return false
    this.#count(daysSince2000(year, month, day) * 86_400 + (hour * 60 + minute - offset) * 60 + second, micros)
    return true
  }

  /** Minutes east of UTC, 0 where there is no zone. */
  #zone(bytes: Buffer, at: number, end: number): number | undefined {
    this.isZoned = at < end
    if (at === end) return 0
    const sign = bytes[at]
    if (sign === 0x5a) return at + 1 === end ? 0 : undefined
    if ((sign !== 0x2b && sign !== dash) || at + 6 !== end || bytes[at + 3] !== colon) return undefined
    const hours = twoDigits(bytes, at + 1)
    const minutes = twoDigits(bytes, at + 4)
    if ((hours | minutes) < 0 || hours > 15 || minutes > 59) return undefined
    return (sign === dash ? -1 : 1) * (hours * 60 + minutes)
  }

  /** Seconds times a million does not fit a double: it is multiplied in two parts. */
  #count(seconds: number, micros: number): void {
    const upper = Math.floor(seconds / 65_536)
    const lower = (seconds - upper * 65_536) * 1_000_000 + micros
    const middle = upper * 1_000_000
    const high = Math.floor(middle / 65_536)
    const rest = (middle - high * 65_536) * 65_536 + lower
    const carry = Math.floor(rest / 4_294_967_296)
    this.high = (high + carry) | 0
    this.low = (rest - carry * 4_294_967_296) >>> 0
  }
}

const zero = 0x30
const dash = 0x2d
const colon = 0x3a
const dot = 0x2e

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39
}

/** −1 where the two bytes are no digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at] ?? 0
  const units = bytes[at + 1] ?? 0
  return isDigit(tens) && isDigit(units) ? (tens - zero) * 10 + units - zero : -1
}

const monthDays = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

function daysOfMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (monthDays[month] ?? 0)
}

/** Counted from 1 March, so that the leap day is a year's last. */
function daysSince2000(year: number, month: number, day: number): number {
  const from = month < 3 ? year - 1 : year
  const days = 365 * from + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400)
  return days + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1 - daysTo2000
}

/** Days from 1 March of the year 0 to 2000-01-01. */
const daysTo2000 = 730_425
