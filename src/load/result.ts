import { fault } from '../core/index.ts'
import type { LoadDocument } from '../evidence/index.ts'
import type { Recording } from './recorder.ts'
import { estimateOnLogScale, estimateOnPlainScale, withPooledValue } from './statistics.ts'
import type { LoadMachine, LoadOptions, LoadRun } from './types.ts'

/** The performance targets of the product, where nobody set others. */
export const defaultTargets: LoadDocument['targets'] = { p95WriteMs: 50, deliveredPerS: 1_000 }

/** The kernel takes no single environment variable above 128 kB. */
const maxTokensBytes = 120_000
/** k6 shows that it is alive once a second. */
const toleratedGapS = 1.5

/** Throws HIVE_LOAD_OPTION for a run that cannot be made. */
export function checkOptions(options: LoadOptions): void {
  const ranges = [
    { option: 'agents', value: options.agents, least: 1, most: 20_000, whole: true },
    { option: 'rate', value: options.ratePerS, least: 1, most: 1_000_000, whole: true },
    { option: 'warmup', value: options.warmupS, least: 0, most: 3_600, whole: false },
    { option: 'duration', value: options.durationS, least: 1, most: 86_400, whole: false },
  ]
  for (const { option, value, least, most, whole } of ranges) {
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) continue
    const wanted = `${whole ? 'a whole number' : 'seconds'} from ${least} to ${most}`
    throw fault('HIVE_LOAD_OPTION', { option, value: String(value), wanted })
  }
  if (!/^https?:\/\/[^\s/]+/i.test(options.baseUrl)) {
    throw fault('HIVE_LOAD_OPTION', { option: 'url', value: options.baseUrl, wanted: 'http://HOST:PORT' })
  }
  if (Object.keys(options.tokens).length === 0) {
    throw fault('HIVE_LOAD_OPTION', { option: 'tokens', value: 'none', wanted: 'at least one agent and its token' })
  }
  if (Buffer.byteLength(JSON.stringify(options.tokens)) > maxTokensBytes) {
    throw fault('HIVE_LOAD_OPTION', {
      option: 'tokens',
      value: `${Object.keys(options.tokens).length} agents`,
      wanted: `at most ${maxTokensBytes} bytes of JSON`,
    })
  }
}

/** Throws where k6 ended in order and yet nothing was measured. */
export function refuseRecording(recording: Recording, options: LoadOptions): void {
  const { script, baseUrl: url } = options
  const { writes, answeredWrites, answeredOthers, dropped } = recording.whole
  // Writes that hang until the end leave drops and no point. So do a few drops of a script that marks no write, but
  // then most of its requests are answered.
  const hung = writes === 0 && dropped > answeredOthers
  if (answeredWrites === 0 && (writes > 0 || hung)) {
    const reason = Object.keys(recording.problems.reasons)[0] ?? 'no answer in time'
    throw fault('HIVE_LOAD_UNREACHABLE', { url, writes: writes + dropped, reason })
  }
  if (writes === 0) throw fault('HIVE_LOAD_NO_WRITES', { script })
  const wantedS = options.warmupS + options.durationS
  if (recording.reachedS < wantedS - toleratedGapS) {
    throw fault('HIVE_LOAD_SHORT', { reachedS: Number(recording.reachedS.toFixed(1)), wantedS })
  }
  if (recording.writeRequests + recording.dropped === 0) throw fault('HIVE_LOAD_NO_WRITES', { script })
  if (!recording.sawDeliveredCounter) throw fault('HIVE_LOAD_NO_DELIVERIES', { script })
}

interface RunFacts {
  readonly options: LoadOptions
  readonly machine: LoadMachine
  readonly thresholdCrossed: boolean
}

/** The recording as it is judged and written. */
export function runOf(recording: Recording, { options, machine, thresholdCrossed }: RunFacts): LoadRun {
  const { latency, windows, problems } = recording
  const lengthS = options.durationS / windows.length
  const p95s = windows.flatMap(({ p95Ms }) => (p95Ms === undefined ? [] : [Math.max(p95Ms, 0.001)]))
  return {
    document: {
      schemaVersion: 1,
      offeredRate: options.ratePerS,
      agents: options.agents,
      warmupS: options.warmupS,
      measuredS: options.durationS,
      writes: latency.count(),
      delivered: recording.delivered,
      failedRequests: problems.failedWrites + problems.failedReads,
      droppedIterations: recording.dropped,
      targets: options.targets ?? defaultTargets,
      percentiles: {
        p50: latency.percentileMs(50),
        p90: latency.percentileMs(90),
        p95: latency.percentileMs(95),
        p99: latency.percentileMs(99),
        max: latency.maxMs(),
      },
      histogram: [...recording.buckets],
      series: recording.series,
    },
    windows,
    estimates: {
      // A window without enough writes means drops, failures or too little load, none of which can pass: leaving it
      // out makes no verdict better.
      ...(p95s.length < windows.length / 2
        ? {}
        : { p95WriteMs: withPooledValue(estimateOnLogScale(p95s), latency.percentileMs(95)) }),
      deliveredPerS: estimateOnPlainScale(windows.map(({ delivered }) => delivered / lengthS)),
    },
    machine,
    problems: { ...problems, thresholdCrossed },
  }
}
