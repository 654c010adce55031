export interface RequirementResult {
  /** `HMP-001`, as docs/protocol.md numbers it. */
  readonly id: string
  readonly level: 'MUST' | 'SHOULD'
  readonly title: string
  /** `error`: it could not be tried, so nothing is known. */
  readonly status: 'pass' | 'fail' | 'error'
  /** What was seen, in one line. */
  readonly detail: string
  readonly durationMs: number
}

export interface ConformanceReport {
  readonly results: readonly RequirementResult[]
  readonly redisVersion: string
  /** The level that the server's configuration gives, and what it means. */
  readonly durability: string
}
