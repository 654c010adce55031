/** Numbers, times and sizes as people read them. Machines get plain JSON numbers and ISO times instead. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `184220` → `184,220`. Fractions are rounded; use {@link formatNumber} where they matter. */
export function formatCount(count: number | bigint): string {
  return grouped.format(count)
}

/** `1 row`, `12 rows`: a count and its noun, whose plural is given where it is not formed by `s`. */
export function formatItems(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** Three significant digits and thousands separators: `0.042`, `3.14`, `61.4`, `1,098`. Whole numbers stay whole. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 1_000) return formatCount(value)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(size)))
  return value.toFixed(digits)
}

/**
 * A number beside the limit that it is compared with, with as many digits as it takes for both to differ as they do:
 * 49.98 against 50 is `49.98`, not `50.0`.
 */
export function formatBeside(value: number, limit: number): string {
  const plain = formatNumber(value)
  if (value === limit || Number(plain.replaceAll(',', '')) !== limit) return plain
  for (let digits = 1; digits <= 12; digits += 1) {
    const text = value.toFixed(digits)
    if (Number(text) !== limit) return text
  }
  return String(value)
}

/** `850 ms`, `6.2 s`, `14 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return 'unknown'
  if (ms > 0 && ms < 1) return '< 1 ms'
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${Number((ms / 1_000).toFixed(1))} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return joinUnits([Math.floor(seconds / 60), 'min'], [seconds % 60, 's'])
  const minutes = Math.round(ms / 60_000)
  if (minutes < 24 * 60) return joinUnits([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min'])
  const hours = Math.round(ms / 3_600_000)
  return joinUnits([Math.floor(hours / 24), 'd'], [hours % 24, 'h'])
}

function joinUnits(large: readonly [number, string], small: readonly [number, string]): string {
  const head = `${formatCount(large[0])} ${large[1]}`
  return small[0] === 0 ? head : `${head} ${small[0]} ${small[1]}`
}

/** Decimal units, as disks and networks are sold: `512 bytes`, `4.1 kB`, `412 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return formatItems(bytes, 'byte')
  let value = bytes
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    value /= 1_000
    // 999.5 would print as "1,000": the next unit takes it.
    if (value < 999.5 || unit === 'TB') return `${value < 9.95 ? Number(value.toFixed(1)) : formatCount(value)} ${unit}`
  }
  return formatItems(bytes, 'byte')
}

/** `just now`, `2 h ago`, `in 3 min`: one unit, because people act on the size and not on the digits. */
export function formatRelative(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime()
  const size = Math.abs(ms)
  if (size < 10_000) return 'just now'
  const seconds = Math.round(size / 1_000)
  const amount =
    seconds < 60
      ? `${seconds} s`
      : seconds < 3_570
        ? `${Math.round(seconds / 60)} min`
        : seconds < 23.5 * 3_600
          ? `${Math.round(seconds / 3_600)} h`
          : formatItems(Math.round(seconds / 86_400), 'day')
  return ms > 0 ? `${amount} ago` : `in ${amount}`
}

/** `2026-11-22 09:15:00 UTC`, from an ISO time; anything else is given back as it is. */
export function formatUtc(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The first seven digits of a commit. */
export function shortSha(commit: string): string {
  return commit.slice(0, 7)
}
