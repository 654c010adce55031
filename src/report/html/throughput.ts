import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { LoadDocument } from '../../evidence/index.ts'
import { formatCount, formatNumber } from '../formats.ts'
import { chartFrame, px } from './chart.ts'
import type { ChartSize } from './chart.ts'
import { svg } from './markup.ts'
import type { Markup } from './markup.ts'

export type SeriesPoint = LoadDocument['series'][number]

/** At most `max` points: each the mean of as many seconds as it takes, so that a long run stays a small page. */
export function thinSeries(
  series: readonly SeriesPoint[],
  max: number,
): { readonly points: SeriesPoint[]; readonly each: number } {
  const each = Math.max(1, Math.ceil(series.length / max))
  if (each === 1) return { points: [...series], each }
  const points: SeriesPoint[] = []
  for (let start = 0; start < series.length; start += each) {
    const group = series.slice(start, start + each)
    const [first] = group
    if (first === undefined) continue
    points.push({
      atS: first.atS,
      warmup: group.every((point) => point.warmup),
      writesPerS: mean(group.map((point) => point.writesPerS)),
      deliveredPerS: mean(group.map((point) => point.deliveredPerS)),
    })
  }
  return { points, each }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Written and delivered messages a second over time, from zero, with the target as a named line and warm-up shaded. */
export function throughputChart(load: LoadDocument, size: ChartSize): Markup {
  const { points, each } = thinSeries(load.series, size.form === 'wide' ? 360 : 160)
  const measured = load.series.filter((point) => !point.warmup)
  const flows = [
    {
      name: 'written',
      value: mean(measured.map((point) => point.writesPerS)),
      of: (point: SeriesPoint) => point.writesPerS,
    },
    {
      name: 'delivered',
      value: mean(measured.map((point) => point.deliveredPerS)),
      of: (point: SeriesPoint) => point.deliveredPerS,
    },
  ]
  const target = load.targets.deliveredPerS
  const wide = size.form === 'wide'
  const [left, right, top, bottom] = [48, size.width - (wide ? 128 : 12), wide ? 12 : 34, size.height - 44]
  const endS = Math.max(1, ...points.map((point) => point.atS + each))
  const x = scaleLinear([0, endS], [left, right])
  const highest = Math.max(1, target, ...points.flatMap((point) => [point.writesPerS, point.deliveredPerS]))
  const y = scaleLinear([0, highest * 1.06], [bottom, top]).nice(4)
  const warmEndS = Math.max(0, ...points.filter((point) => point.warmup).map((point) => point.atS + each))
  const path = (of: (point: SeriesPoint) => number): string =>
    line<SeriesPoint>()
      .x((point) => x(point.atS + each / 2))
      .y((point) => y(of(point)))
      .digits(1)(points) ?? ''
  return chartFrame(
    size,
    `Throughput over ${formatNumber(endS)} seconds: ${flows.map((flow) => `${flow.name} ${formatCount(Math.round(flow.value))} a second`).join(', ')} after warm-up, target ${formatCount(target)} delivered a second.`,
    [
      warmEndS > 0 &&
        svg`<rect class="warmup" x="${px(x(0))}" width="${px(x(Math.min(warmEndS, endS)) - x(0))}" y="${top}" height="${bottom - top}"/>`,
      y
        .ticks(4)
        .map(
          (tick) =>
            svg`<line class="grid" x1="${left}" x2="${right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text x="${left - 8}" y="${px(y(tick) + 4)}" text-anchor="end">${formatCount(tick)}</text>`,
        ),
      warmEndS > 0 && svg`<text x="${px(x(0) + 8)}" y="${bottom - 10}">warm-up, left out</text>`,
      svg`<line class="target" x1="${left}" x2="${right}" y1="${px(y(target))}" y2="${px(y(target))}"/>`,
      flows.toReversed().map((flow) => svg`<path class="${flow.name}" d="${path(flow.of)}"/>`),
      svg`<text class="label" x="${right - 4}" y="${px(y(target) + 17)}" text-anchor="end">target ${formatCount(target)}/s${wide ? ' delivered' : ''}</text>`,
      svg`<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
      x
        .ticks(wide ? 8 : 4)
        .map(
          (tick) =>
            svg`<line class="axis" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${bottom}" y2="${bottom + 5}"/><text x="${px(x(tick))}" y="${bottom + 19}" text-anchor="middle">${formatNumber(tick)}</text>`,
        ),
      svg`<text x="${right}" y="${size.height - 6}" text-anchor="end">seconds since the load began</text>`,
      wide ? endLabels(flows, (value) => y(value), right) : headLabels(flows, left),
    ],
  )
}

interface Flow {
  readonly name: string
  readonly value: number
}

/** Names at the ends of their lines, pushed apart where the lines end together. */
function endLabels(flows: readonly Flow[], y: (value: number) => number, right: number): Markup[] {
  const [upper, lower] = flows.toSorted((a, b) => b.value - a.value)
  if (upper === undefined || lower === undefined) return []
  const middle = (y(upper.value) + y(lower.value)) / 2
  const apart = Math.max(19, (y(lower.value) - y(upper.value)) / 2)
  return [
    flowLabel(upper, right + 10, Math.max(14, middle - apart + 4)),
    flowLabel(lower, right + 10, Math.max(52, middle + apart + 4)),
  ]
}

function headLabels(flows: readonly Flow[], left: number): Markup[] {
  return flows.map(
    (flow, index) =>
      svg`<circle class="dot-${flow.name}" cx="${left + 5 + index * 146}" cy="12" r="5"/><text class="label" x="${left + 16 + index * 146}" y="16">${flow.name} ${formatCount(Math.round(flow.value))}/s</text>`,
  )
}

function flowLabel(flow: Flow, x: number, y: number): Markup {
  return svg`<circle class="dot-${flow.name}" cx="${x + 3}" cy="${px(y - 4)}" r="5"/><text class="label" x="${x + 14}" y="${px(y)}">${flow.name}</text><text x="${x + 14}" y="${px(y + 15)}">mean ${formatCount(Math.round(flow.value))}/s</text>`
}
