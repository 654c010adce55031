import { fault } from '../core/index.ts'
import { createCsvReader } from './csv.ts'
import type { CsvReader } from './csv.ts'

/** A measured point of k6 that the load test uses. Times are microseconds since the epoch. */
export type Point =
  | {
      readonly kind: 'request'
      readonly endedAt: number
      readonly durationMs: number
      readonly write: boolean
      /** 2xx, and not declared unexpected by the script. */
      readonly succeeded: boolean
      /** True where any HTTP answer came, whatever its status. */
      readonly answered: boolean
      /** `HTTP 503`, `k6 error 1212`; empty where it succeeded. */
      readonly reason: string
    }
  | { readonly kind: 'delivered' | 'repeated' | 'malformed' | 'dropped'; readonly at: number; readonly count: number }
  /** A sign of life that k6 gives every second, also while no request ends. */
  | { readonly kind: 'alive'; readonly at: number }

const counters = {
  messages_delivered: 'delivered',
  messages_repeated: 'repeated',
  messages_malformed: 'malformed',
  dropped_iterations: 'dropped',
} as const

const wantedMetrics = new Set<string>(['http_req_duration', 'vus', ...Object.keys(counters)])
const optionalColumns = ['scenario', 'status', 'error_code', 'expected_response', 'extra_tags'] as const
type Column = (typeof optionalColumns)[number]

/** Reads k6's CSV output, written with `K6_CSV_TIME_FORMAT=unix_micro`, into points. Column order is the header's. */
export function createPointReader(onPoint: (point: Point) => void): CsvReader {
  let metricAt = 0
  let timeAt = 1
  let valueAt = 2
  const optional = new Map<Column, number>()

  return createCsvReader({
    onHeader: (names) => {
      metricAt = columnOf(names, 'metric_name')
      timeAt = columnOf(names, 'timestamp')
      valueAt = columnOf(names, 'metric_value')
      for (const name of optionalColumns) if (names.includes(name)) optional.set(name, names.indexOf(name))
    },
    // k6 puts the metric first; were it ever to move, every record would be taken apart, which is only slower.
    wants: (record) => metricAt !== 0 || wantedMetrics.has(record.slice(0, Math.max(0, record.indexOf(',')))),
    onRecord: (fields, line) => {
      const metric = fields[metricAt] ?? ''
      if (!wantedMetrics.has(metric)) return
      const at = numberOf(fields[timeAt], { line, column: 'timestamp' })
      const value = numberOf(fields[valueAt], { line, column: 'metric_value' })
      const text = (name: Column): string => fields[optional.get(name) ?? -1] ?? ''
      if (metric === 'vus') onPoint({ kind: 'alive', at })
      else if (metric === 'http_req_duration') onPoint(requestOf({ at, value, text }))
      else onPoint({ kind: counters[metric as keyof typeof counters], at, count: value })
    },
  })
}

interface RawRequest {
  readonly at: number
  readonly value: number
  readonly text: (name: Column) => string
}

function requestOf({ at, value, text }: RawRequest): Point {
  const status = text('status')
  const errorCode = text('error_code')
  const succeeded = /^2[0-9]{2}$/.test(status) && text('expected_response') !== 'false'
  const operation = tagOf(text('extra_tags'), 'op')
  return {
    kind: 'request',
    endedAt: at,
    durationMs: value,
    write: operation === undefined ? text('scenario') === 'agents' : operation === 'write',
    succeeded,
    answered: /^[1-5][0-9]{2}$/.test(status),
    reason: succeeded ? '' : reasonOf(status, errorCode),
  }
}

function reasonOf(status: string, errorCode: string): string {
  if (status !== '' && status !== '0') return `HTTP ${status.slice(0, 10)}`
  return errorCode === '' ? 'no answer' : `k6 error ${errorCode.slice(0, 10)}`
}

/** k6 joins the tags that have no column of their own: `op=write&team=blue`. */
function tagOf(tags: string, name: string): string | undefined {
  if (tags === `${name}=write`) return 'write'
  for (const pair of tags.split('&')) if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1)
  return undefined
}

function columnOf(names: readonly string[], name: string): number {
  const index = names.indexOf(name)
  if (index < 0) throw fault('HIVE_LOAD_STREAM', { line: 1, problem: `no column ${name} in the header` })
  return index
}

function numberOf(field: string | undefined, where: { line: number; column: string }): number {
  const value = Number(field)
  if (field === undefined || field === '' || !Number.isFinite(value) || value < 0) {
    throw fault('HIVE_LOAD_STREAM', {
      line: where.line,
      problem: `${where.column} is ${JSON.stringify((field ?? '').slice(0, 40))}, wanted a number`,
    })
  }
  return value
}
