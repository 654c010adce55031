import { type ConformanceReport, runConformance } from '../conformance/index.ts'
import type { Clock, ExitCode, Ids, ReportProgress } from '../core/index.ts'
import { startRedis } from '../environment/index.ts'

/** `hive conformance` as it was typed. */
export interface ConformanceRequest {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Replaces HIVE_REDIS_URL. */
  readonly redis?: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly ids: Ids
  readonly progress: ReportProgress
}

export interface ConformanceRun {
  readonly report: ConformanceReport
  /** "Redis 7.0.15 (given)" */
  readonly server: string
  readonly exitCode: ExitCode
}

/** Runs the kit against the given server, or a private one. */
export async function checkConformance(request: ConformanceRequest): Promise<ConformanceRun> {
  const { signal, clock, ids, progress } = request
  const env = request.redis === undefined ? request.env : { ...request.env, HIVE_REDIS_URL: request.redis }
  await using redis = await startRedis({ env, signal, progress })
  const report = await runConformance({ redisUrl: redis.url, signal, progress, clock, ids })
  return { report, server: `Redis ${redis.version} (${redis.origin})`, exitCode: exitCodeOfReport(report) }
}

/** 2 where something could not be tried, else 1 where a MUST is broken; a broken SHOULD is said, and passes. */
function exitCodeOfReport({ results }: ConformanceReport): ExitCode {
  if (results.length === 0 || results.some(({ status }) => status === 'error')) return 2
  return results.some(({ status, level }) => status === 'fail' && level === 'MUST') ? 1 : 0
}
