import type { LoadDocument } from '../evidence/index.ts'

export interface PerformanceTargets {
  readonly p95WriteMs: number
  readonly deliveredPerS: number
}

export interface EstimateFacts {
  readonly value: number
  readonly interval: readonly [number, number]
  /** The relative difference from the target that such a run proves in 95 of 100 repetitions. */
  readonly detectable: number
}

/** What a load test measured. A run that measured nothing has no facts: it is an error before it comes here. */
export interface PerformanceFacts {
  readonly document: LoadDocument
  readonly windows: readonly {
    readonly p95Ms?: number
    readonly delivered: number
    readonly fromS: number
    readonly toS: number
  }[]
  readonly estimates: { readonly p95WriteMs?: EstimateFacts; readonly deliveredPerS: EstimateFacts }
  readonly machine: {
    readonly observed: boolean
    readonly stealShare: number
    readonly k6CpuShare: number
    readonly busyShare: number
    /** Known where the run started the service itself: what programs that have nothing to do with it used. */
    readonly othersCpuShare?: number
  }
  readonly problems: {
    readonly failedWrites: number
    readonly failedReads: number
    readonly reasons: Readonly<Record<string, number>>
    readonly repeated: number
    readonly malformed: number
    readonly lastAnswerAtS: number
  }
  /** What a server that does nothing showed under the same load on the same machine, where that was measured. */
  readonly calibration?: { readonly p95Ms: number; readonly droppedIterations: number }
}
