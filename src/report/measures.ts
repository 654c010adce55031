import type { Measure, Target } from '../evidence/index.ts'
import { formatBeside, formatBytes, formatDuration, formatNumber } from './formats.ts'

/** Whether a measure is where its target wants it; `unclear` where its interval lies on both sides. */
export type TargetStanding = 'met' | 'missed' | 'unclear' | 'none'

const operators: Readonly<Record<Target['op'], string>> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '==': '=' }

function satisfies(value: number, target: Target): boolean {
  switch (target.op) {
    case '<':
      return value < target.value
    case '<=':
      return value <= target.value
    case '>':
      return value > target.value
    case '>=':
      return value >= target.value
    case '==':
      return value === target.value
  }
}

/** Judges by the interval where there is one. The gate's verdict rules; this only says what a reader sees. */
export function standingOf(measure: Measure): TargetStanding {
  const { target, interval } = measure
  if (target === undefined) return 'none'
  if (interval === undefined) return satisfies(measure.value, target) ? 'met' : 'missed'
  const ends = interval.map((end) => satisfies(end, target))
  if (ends.every(Boolean)) return 'met'
  return ends.some(Boolean) ? 'unclear' : 'missed'
}

/** `61.4 ms`, `1,098 messages/s`, `412 MB`, `3 min 20 s`: the value with its unit, exact enough beside its target. */
export function formatMeasured(measure: Measure): string {
  const { unit, value, target } = measure
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 's' && target === undefined) return formatDuration(value * 1_000)
  return withUnit(target === undefined ? formatNumber(value) : formatBeside(value, target.value), shownUnit(measure))
}

/** A unit that the name says already ("rows proved", in rows) is not said twice. */
function shownUnit({ name, unit }: Measure): string {
  return /^[a-z]{3,}$/.test(unit) && name.includes(unit) ? '' : unit
}

function withUnit(number: string, unit: string): string {
  if (unit === '' || unit === '1') return number
  return unit === '%' ? `${number} %` : `${number} ${unit}`
}

/** `[58.9, 64.0]`, both ends with the digits of the larger. */
export function formatInterval(interval: readonly [number, number]): string {
  const size = Math.max(Math.abs(interval[0]), Math.abs(interval[1]))
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2
  const end = (value: number): string =>
    Number.isInteger(value) && size >= 100
      ? formatNumber(value)
      : size >= 1_000
        ? formatNumber(value)
        : value.toFixed(digits)
  return `[${end(interval[0])}, ${end(interval[1])}]`
}

/** `< 50 ms`; empty where there is no target. */
export function formatTarget(measure: Measure): string {
  const { target, unit } = measure
  if (target === undefined) return ''
  const limit = unit === 'bytes' ? formatBytes(target.value) : withUnit(formatNumber(target.value), shownUnit(measure))
  return `${operators[target.op]} ${limit}`
}

/** `+12 %` or `−3.1 %` against the base commit; empty where the base is zero or absent. */
export function formatChange(measure: Measure): string {
  const { value, baseline } = measure
  if (baseline === undefined || baseline === 0) return ''
  const percent = ((value - baseline) / Math.abs(baseline)) * 100
  const size = Math.abs(percent)
  if (size < 0.05) return '±0 %'
  const sign = percent < 0 ? '−' : '+'
  return `${sign}${size < 10 ? size.toFixed(1) : formatNumber(Math.round(size))} %`
}

/** `p95 write 61.4 ms [58.9, 64.0], target < 50 ms`. */
export function describeMeasure(measure: Measure): string {
  const interval = measure.interval === undefined ? '' : ` ${formatInterval(measure.interval)}`
  const target = measure.target === undefined ? '' : `, target ${formatTarget(measure)}`
  return `${measure.name} ${formatMeasured(measure)}${interval}${target}`
}
