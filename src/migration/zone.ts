/** Wall clocks of IANA zones, with all arithmetic in microseconds. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** True for a name that this machine knows. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined
  } catch {
    return false
  }
}

const second = 1_000_000n

/** What a clock in the zone shows at an instant, as microseconds since 1970 on that clock. */
export function wallMicros(instant: bigint, zone: string): bigint {
  if (zone === 'UTC') return instant
  const fraction = ((instant % second) + second) % second
  const parts: Record<string, string> = {}
  for (const { type, value } of formatOf(zone).formatToParts(Number((instant - fraction) / 1_000n))) parts[type] = value
  const year = Number(parts['year']) * (parts['era'] === 'BC' ? -1 : 1) + (parts['era'] === 'BC' ? 1 : 0)
  const date = new Date(0)
  date.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']))
  date.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']))
  return BigInt(date.getTime()) * 1_000n + fraction
}

const day = 86_400n * second

/**
 * The instant at which a clock in the zone shows the given time; `undefined` where it shows it never (spring) or twice
 * (autumn), because then the text alone does not say which instant was meant.
 */
export function instantMicros(wall: bigint, zone: string): bigint | undefined {
  if (zone === 'UTC') return wall
  // The zone's offset on the day before and the day after; where they agree, there was no change between.
  const offsets = new Set([wall - day, wall + day].map((near) => wallMicros(near, zone) - near))
  const found = [...offsets].map((offset) => wall - offset).filter((instant) => wallMicros(instant, zone) === wall)
  return found.length === 1 ? found[0] : undefined
}
