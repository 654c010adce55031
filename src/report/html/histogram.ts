import { scaleLinear, scaleLog } from 'd3-scale'
import type { LoadDocument } from '../../evidence/index.ts'
import { formatCount, formatNumber } from '../formats.ts'
import { chartFrame, labelRoom, labelWidth, placeLabels, px } from './chart.ts'
import type { ChartSize } from './chart.ts'
import { svg } from './markup.ts'
import type { Markup } from './markup.ts'

export interface LatencyBin {
  readonly fromMs: number
  readonly toMs: number
  /** Share of all writes, 0 to 1. */
  readonly share: number
}

/** A tenth of a microsecond: a logarithmic axis has no zero. */
const smallestMs = 0.0001

/**
 * Buckets of any width, spread over bins that are equally wide on a logarithmic axis: only then does the height of
 * a bar mean the same everywhere.
 */
export function binOnLogAxis(histogram: LoadDocument['histogram'], bins: number): LatencyBin[] {
  const filled = histogram.filter((bucket) => bucket.count > 0 && bucket.toMs > 0)
  const total = filled.reduce((sum, bucket) => sum + bucket.count, 0)
  if (total === 0) return []
  const low = Math.max(
    smallestMs,
    Math.min(...filled.map((bucket) => (bucket.fromMs > 0 ? bucket.fromMs : bucket.toMs / 2))),
  )
  const high = Math.max(low * 1.1, ...filled.map((bucket) => bucket.toMs))
  const step = Math.log(high / low) / bins
  const shares = Array.from({ length: bins }, () => 0)
  for (const { fromMs, toMs, count } of filled) {
    const from = Math.log(Math.max(fromMs, low) / low) / step
    const to = Math.max(from + 1e-9, Math.log(Math.max(toMs, low) / low) / step)
    for (let bin = Math.min(bins - 1, Math.floor(from)); bin < Math.min(bins, to); bin += 1) {
      const overlap = bin === bins - 1 ? to - Math.max(from, bin) : Math.min(to, bin + 1) - Math.max(from, bin)
      shares[bin] = (shares[bin] ?? 0) + (count / total) * (overlap / (to - from))
    }
  }
  return shares.map((share, bin) => ({
    fromMs: low * Math.exp(bin * step),
    toMs: low * Math.exp((bin + 1) * step),
    share,
  }))
}

/** Distribution of write latency: logarithmic axis, share of writes from zero, percentiles and target as named lines. */
export function latencyHistogram(load: LoadDocument, size: ChartSize): Markup {
  const wide = size.form === 'wide'
  const bins = binOnLogAxis(load.histogram, wide ? 64 : 36)
  const { percentiles, targets } = load
  const marks = [
    { name: 'p50', value: percentiles.p50, kind: 'mark' },
    { name: 'p95', value: percentiles.p95, kind: 'mark' },
    { name: 'p99', value: percentiles.p99, kind: 'mark' },
    { name: wide ? 'target p95 <' : 'target', value: targets.p95WriteMs, kind: 'target' },
  ]
    .filter((mark) => mark.value > 0)
    .map(({ name, value, kind }) => ({ value, kind, text: `${name} ${formatNumber(value)}${wide ? ' ms' : ''}` }))
  const left = 44
  const right = size.width - 14
  const x = scaleLog(latencyDomain(bins, marks, right - left), [left, right])
  const placed = placeLabels(marks.map(({ value, kind, text }) => ({ kind, text, x: x(value) })))
  const rowHeight = 19
  const top = 8 + rowHeight * (1 + Math.max(0, ...placed.map((label) => label.row)))
  const bottom = size.height - 44
  const y = scaleLinear([0, Math.max(0.0001, ...bins.map((bin) => bin.share))], [bottom, top + 8]).nice(4)
  return chartFrame(
    size,
    `Distribution of write latency. Median ${formatNumber(percentiles.p50)} ms, p95 ${formatNumber(percentiles.p95)} ms, p99 ${formatNumber(percentiles.p99)} ms, target p95 below ${formatNumber(targets.p95WriteMs)} ms.`,
    [
      y
        .ticks(4)
        .map(
          (tick) =>
            svg`<line class="grid" x1="${left}" x2="${right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text x="${left - 8}" y="${px(y(tick) + 4)}" text-anchor="end">${formatNumber(Number((tick * 100).toFixed(6)))} %</text>`,
        ),
      bins.map((bin) => {
        const gap = Math.min(1, (x(bin.toMs) - x(bin.fromMs)) * 0.15)
        return (
          bin.share > 0 &&
          svg`<rect class="bar" x="${px(x(bin.fromMs) + gap / 2)}" width="${px(x(bin.toMs) - x(bin.fromMs) - gap)}" y="${px(y(bin.share))}" height="${px(bottom - y(bin.share))}"/>`
        )
      }),
      svg`<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
      logTicks(x.domain() as [number, number], (value) => x(value)).map(
        (tick) =>
          svg`<line class="axis" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${bottom}" y2="${bottom + 5}"/><text x="${px(x(tick))}" y="${bottom + 19}" text-anchor="middle">${tickText(tick)}</text>`,
      ),
      svg`<text x="${right}" y="${size.height - 6}" text-anchor="end">write latency, ms (logarithmic)</text>`,
      placed.map(({ label, row }) => {
        const base = 14 + row * rowHeight
        return svg`<line class="${label.kind}" x1="${px(label.x)}" x2="${px(label.x)}" y1="${base - 10}" y2="${bottom}"/><text class="label" x="${px(label.x + 6)}" y="${base}">${label.text}</text>`
      }),
    ],
  )
}

/** From the least to the greatest of bins and marks, and as far as the labels right of the marks need. */
function latencyDomain(
  bins: readonly LatencyBin[],
  marks: readonly { readonly value: number; readonly text: string }[],
  width: number,
): [number, number] {
  const values = [...marks.map((mark) => mark.value), ...bins.flatMap((bin) => [bin.fromMs, bin.toMs])]
  const low = Math.min(...values) * 0.94
  // A mark at `value` leaves its label enough of the width where ln(high/low) ≥ ln(value/low) · width / (width − label).
  const needed = marks.map(
    ({ value, text }) => low * (value / low) ** (width / (width - Math.min(labelRoom(text), width / 2))),
  )
  return [low, Math.max(Math.max(...values) * 1.06, ...needed)]
}

function tickText(tick: number): string {
  return tick >= 1 ? formatCount(tick) : String(tick)
}

/** 1, 2 and 5 of every decade, as far as their labels have room. */
function logTicks(domain: readonly [number, number], x: (value: number) => number): number[] {
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(domain[0])); power <= Math.ceil(Math.log10(domain[1])); power += 1) {
    for (const digit of [1, 2, 5]) {
      const tick = Number((digit * 10 ** power).toPrecision(3))
      const last = ticks.at(-1)
      if (tick < domain[0] || tick > domain[1]) continue
      if (last === undefined || x(tick) - x(last) > labelWidth(tickText(tick)) + 10) ticks.push(tick)
    }
  }
  return ticks
}
