import type { Clock, ReportProgress } from '../core/index.ts'
import type { LoadDocument } from '../evidence/index.ts'

export interface LoadOptions {
  /** Path of a k6 2.x. */
  readonly k6: string
  /** Path of a k6 script that keeps the contract of docs/performance.md. */
  readonly script: string
  readonly baseUrl: string
  /** Bearer tokens by agent name. They reach k6 through its environment, never its command line. */
  readonly tokens: Readonly<Record<string, string>>
  /** How many agents write at the same time, at most. */
  readonly agents: number
  readonly ratePerS: number
  /** Seconds at the start that are run and not judged. */
  readonly warmupS: number
  readonly durationS: number
  /** Where a temporary folder may be made; it is removed again. */
  readonly workFolder: string
  readonly signal: AbortSignal
  readonly progress: ReportProgress
  readonly clock: Clock
  /** What the document names as targets; they change nothing in the measurement. */
  readonly targets?: LoadDocument['targets']
  /**
   * True where this process started the service and all its servers. Then everything else on the machine is a
   * disturbance, and is measured as such.
   */
  readonly ownService?: boolean
  /** The script of the package. With it, a server that does nothing is loaded first, for some four seconds. */
  readonly calibrationScript?: string
}

/** An estimate from independent windows, with the interval in which the true value lies with 99.5 % confidence. */
export interface Estimate {
  readonly value: number
  readonly interval: readonly [number, number]
  readonly windows: number
  /** The relative difference from a target that this run would have proved in 95 of 100 repetitions. */
  readonly detectable: number
}

/** One of the equal parts of the measured time. Requests belong to the window in which they began. */
export interface LoadWindow {
  /** Seconds since the load began. */
  readonly fromS: number
  readonly toS: number
  /** Answered with 2xx. */
  readonly writes: number
  readonly failedRequests: number
  readonly droppedIterations: number
  readonly delivered: number
  /** Absent where fewer writes were answered than a percentile needs. */
  readonly p95Ms?: number
}

export interface LoadMachine {
  /** False where the system does not tell (no /proc): the shares are 0 then, and prove nothing. */
  readonly observed: boolean
  /** Share of the machine's CPU time that the hypervisor gave to others during the measured time, 0 to 1. */
  readonly stealShare: number
  /** Share of the machine's CPU time that k6 itself used, 0 to 1. */
  readonly k6CpuShare: number
  /** The same of this process, which reads the points. */
  readonly ownCpuShare: number
  /** Share that was not idle, of everything on the machine. */
  readonly busyShare: number
  /** Share used by programs that this process did not start; present with {@link LoadOptions.ownService}. */
  readonly othersCpuShare?: number
  readonly cores: number
}

/** What the machine made of the same load on a server that does nothing. */
export interface Calibration {
  readonly p95Ms: number
  readonly droppedIterations: number
}

/** What went wrong in the measured time, by kind. */
export interface LoadProblems {
  readonly failedWrites: number
  readonly failedReads: number
  /** `HTTP 503`, `k6 error 1212` → how many requests; the twenty most frequent. */
  readonly reasons: Readonly<Record<string, number>>
  /** Messages that a consumer got again, and messages that were not what had been written. */
  readonly repeated: number
  readonly malformed: number
  /** Seconds since the load began at which the last 2xx answer to a write came. */
  readonly lastAnswerAtS: number
  /** Crossed in k6's own judgement (exit code 99); ours does not use it. */
  readonly thresholdCrossed: boolean
}

export interface LoadRun {
  readonly document: LoadDocument
  readonly windows: readonly LoadWindow[]
  readonly estimates: {
    /** From the windows with enough writes for a percentile; absent where those are less than half. */
    readonly p95WriteMs?: Estimate
    readonly deliveredPerS: Estimate
  }
  readonly machine: LoadMachine
  readonly problems: LoadProblems
  readonly calibration?: Calibration
}
