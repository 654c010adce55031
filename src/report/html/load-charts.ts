import type { LoadDocument } from '../../evidence/index.ts'
import { formatCount, formatDuration, formatItems, formatNumber } from '../formats.ts'
import { chartSizes } from './chart.ts'
import { binOnLogAxis, latencyHistogram } from './histogram.ts'
import { html } from './markup.ts'
import type { Markup, Part } from './markup.ts'
import { dataTable, folded } from './page.ts'
import { thinSeries, throughputChart } from './throughput.ts'

const rowsShown = 300

/** The pictures of a load test with their numbers, or the sentence that says why there are none. */
export function loadCharts(load: LoadDocument | undefined): Part {
  if (load === undefined) {
    return emptyChart(
      'No load was measured',
      'The gate left no load document: latency and throughput are unknown, not zero.',
    )
  }
  return [offered(load), latency(load), throughput(load)]
}

function emptyChart(title: string, why: string): Markup {
  return html`<div class="empty"><strong>${title}.</strong> ${why}</div>`
}

function offered(load: LoadDocument): Markup {
  const facts: readonly (readonly [string, string, string])[] = [
    ['Offered', `${formatNumber(load.offeredRate)}/s`, `by ${formatItems(load.agents, 'agent')} at once`],
    ['Measured', formatDuration(load.measuredS * 1_000), `after ${formatDuration(load.warmupS * 1_000)} of warm-up`],
    [
      'Written',
      formatCount(load.writes),
      `${formatCount(load.failedRequests)} failed, ${formatCount(load.droppedIterations)} not sent in time`,
    ],
    ['Delivered', formatCount(load.delivered), deliveredShare(load)],
  ]
  return html`<dl class="cards">
    ${facts.map(
      ([name, value, more]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}<small>${more}</small></dd>
        </div>`,
    )}
  </dl>`
}

function deliveredShare({ writes, delivered }: LoadDocument): string {
  if (writes === 0) return 'nothing was written'
  // Rounded down: 99.97 % is not everything.
  return `${Math.floor((delivered / writes) * 1_000) / 10} % of what was written`
}

function latency(load: LoadDocument): Part {
  const bins = binOnLogAxis(load.histogram, 64)
  if (bins.length === 0) return emptyChart('No latency was measured', 'Not one write was answered after warm-up.')
  const { percentiles } = load
  return html`<figure>
    <figcaption>
      How long a durable write took<span
        >Share of writes by latency, warm-up left out. The slowest took ${formatNumber(percentiles.max)} ms.</span
      >
    </figcaption>
    ${chartSizes.map((size) => latencyHistogram(load, size))}${folded('Numbers of this chart', [
      dataTable(
        'Percentiles of write latency',
        [
          { title: 'Percentile', cell: (row) => row[0] },
          { title: 'Latency, ms', numeric: true, cell: (row) => formatNumber(row[1]) },
        ],
        Object.entries(percentiles),
      ),
      dataTable(
        'Distribution of write latency',
        [
          { title: 'From, ms', cell: (bin) => formatNumber(bin.fromMs) },
          { title: 'To, ms', numeric: true, cell: (bin) => formatNumber(bin.toMs) },
          { title: 'Writes', numeric: true, cell: (bin) => formatCount(bin.count) },
        ],
        load.histogram.filter((bucket) => bucket.count > 0).slice(0, rowsShown),
      ),
      load.histogram.filter((bucket) => bucket.count > 0).length > rowsShown &&
        html`<p class="soft">Further buckets are left out here; load.json has all of them.</p>`,
    ])}
  </figure>`
}

function throughput(load: LoadDocument): Part {
  if (load.series.length === 0)
    return emptyChart('No throughput was measured', 'The load test ended before its first full second.')
  const { points, each } = thinSeries(load.series, rowsShown)
  return html`<figure>
    <figcaption>
      Messages a second over time<span
        >Written is what the gateway stored; delivered is what the receiving agents read.</span
      >
    </figcaption>
    ${chartSizes.map((size) => throughputChart(load, size))}${folded(
      each === 1 ? 'Numbers of this chart' : `Numbers of this chart, means of ${each} s`,
      dataTable(
        'Throughput over time',
        [
          { title: 'Second', cell: (point) => formatNumber(point.atS) },
          { title: 'Written/s', numeric: true, cell: (point) => formatCount(Math.round(point.writesPerS)) },
          { title: 'Delivered/s', numeric: true, cell: (point) => formatCount(Math.round(point.deliveredPerS)) },
          { title: '', cell: (point) => (point.warmup ? 'warm-up' : '') },
        ],
        points,
      ),
    )}
  </figure>`
}
