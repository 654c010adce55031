/** What holds where `hive.yml` says nothing. `docs/configuration.md` is checked against it. */
export const defaults = {
  hoursPerDay: 8,
  capacity: 1,
  publish: { checks: 'each', comment: 'always' },
  sync: { times: ['09:00', '13:00', '18:00'], zone: 'UTC' },
  commandTimeoutMs: 10 * 60_000,
  targets: { p95WriteMs: 50, deliveredPerS: 1_000 },
  /** A tenth more than the target: a service that delivers all of it proves the target, and one at its limit shows. */
  load: { agents: 100, ratePerS: 1_100, warmupMs: 5_000, durationMs: 30_000 },
  acceptance: { role: 'product', quorum: 1, requireSha: false, allowSelfApproval: false },
} as const

/** The gates that Agent Hive knows; every other one needs commands or a Check to read. */
export const builtInGates = [
  'code-quality',
  'migration',
  'protocol',
  'integration',
  'performance',
  'acceptance',
] as const
type BuiltInGate = (typeof builtInGates)[number]

export function isBuiltInGate(id: string): id is BuiltInGate {
  return (builtInGates as readonly string[]).includes(id)
}
