/**
 * `hive.yml` after parsing: checked, defaults filled in, durations in milliseconds, deeply frozen.
 * What has an id is a list in the order of the file, so that ids such as `constructor` are only names.
 */

export interface Account {
  readonly login: string
  /** GitHub's numeric id: the identity. The login is only its present name. */
  readonly id: number
}

type RoleName = 'product' | 'strategic' | 'admin'

export interface AgentConfig {
  readonly id: string
  readonly role: string
  readonly focus?: string
  readonly accounts: readonly Account[]
  readonly operator?: Account
  readonly capacity: number
}

interface TaskConfig {
  readonly id: string
  readonly phase: string
  readonly name: string
  readonly agent: string
  readonly needs: readonly string[]
  /** Working time: a day has `hoursPerDay` hours. */
  readonly estimateMs: number
  readonly deliverables: readonly string[]
  readonly gates: readonly string[]
}

interface PhaseConfig {
  readonly id: string
  readonly name: string
  readonly goal?: string
  readonly tasks: readonly TaskConfig[]
}

export interface PlanConfig {
  /** `2026-12-01` */
  readonly start?: string
  readonly hoursPerDay: number
  readonly phases: readonly PhaseConfig[]
}

export interface CommandConfig {
  readonly name: string
  readonly run: string
  readonly junit?: string
  readonly timeoutMs: number
}

type GateWhen = 'push' | 'ready' | 'merge-queue' | 'nightly'

interface PerformanceTargets {
  /** Proved when the upper end of the interval of p95 lies below. */
  readonly p95WriteMs: number
  readonly deliveredPerS: number
}

export interface LoadConfig {
  readonly script?: string
  readonly url?: string
  readonly agents: number
  readonly ratePerS: number
  readonly warmupMs: number
  readonly durationMs: number
}

interface AcceptanceRules {
  readonly role: RoleName
  readonly quorum: number
  readonly expiresMs?: number
  readonly requireSha: boolean
  readonly allowSelfApproval: boolean
  readonly checklist: readonly string[]
}

/** How a gate comes to its verdict. */
export type GateMethod =
  /** Reads the Check of this name on the same commit. */
  | { readonly kind: 'check'; readonly check: string }
  /** Runs the project's commands in order. Only `code-quality` and `integration` may have none, and then cannot pass. */
  | { readonly kind: 'commands'; readonly commands: readonly CommandConfig[] }
  | { readonly kind: 'migration' }
  | { readonly kind: 'protocol' }
  | { readonly kind: 'performance'; readonly targets: PerformanceTargets; readonly load: LoadConfig }
  | { readonly kind: 'acceptance'; readonly acceptance: AcceptanceRules }

interface GateCommon {
  readonly id: string
  readonly required: boolean
  /** Why the gate is off; absent where it is on. */
  readonly skip?: { readonly reason: string }
  readonly when: GateWhen
  /** Globs; empty where every change makes the gate necessary. */
  readonly paths: readonly string[]
}

export type GateConfig = GateCommon & GateMethod

interface FileSourceConfig {
  /** Path or glob, relative to the folder of `hive.yml`. */
  readonly path: string
  readonly schema?: string
}

/** A database whose values must not be here: its profile, and the proof that was made beside it. */
interface ProfileSourceConfig {
  readonly profile: string
  readonly proof?: string
  readonly signer?: string
  readonly schema?: string
}

/** Exactly `count` of something, or no more than `atMost`. */
type Allowance = { readonly count: number } | { readonly atMost: number }

type AcceptedRows = { readonly table: string; readonly reason: string } & Allowance
type AcceptedOrphans = AcceptedRows & { readonly columns?: readonly string[] }

type ColumnDecision = 'null' | 'quarantine' | 'text' | { readonly type: string; readonly conversion?: string }

interface MigrationDecisions {
  readonly columns: Readonly<Record<string, ColumnDecision>>
  readonly foreignKeys: Readonly<Record<string, 'keep' | 'null' | 'quarantine'>>
  readonly tables: Readonly<Record<string, 'copy' | 'skip' | 'schema-only'>>
  readonly timeZone?: string
  readonly names: 'exact' | 'fold'
}

interface MigrationAcceptances {
  readonly orphans: readonly AcceptedOrphans[]
  readonly quarantined: readonly AcceptedRows[]
  readonly notCarried: readonly { readonly object: string; readonly reason: string }[]
}

export interface MigrationConfig {
  readonly sources: readonly (FileSourceConfig | ProfileSourceConfig)[]
  readonly decisions: MigrationDecisions
  readonly accept: MigrationAcceptances
}

interface RiskConfig {
  readonly id: string
  readonly title: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly owner?: string
  readonly mitigation?: string
}

interface SuccessCriterion {
  readonly id: string
  readonly text: string
  readonly gate?: string
}

export interface Config {
  /** Where the file lies, as it was given. */
  readonly path: string
  readonly version: 1
  readonly project: string
  readonly roles: Readonly<Record<RoleName, readonly Account[]>>
  readonly agents: readonly AgentConfig[]
  readonly plan?: PlanConfig
  readonly gates: readonly GateConfig[]
  readonly publish: { readonly checks: 'each' | 'one'; readonly comment: 'always' | 'failure' | 'never' }
  readonly migration?: MigrationConfig
  /** `times` as `09:00`, in ascending order, in the IANA zone. */
  readonly sync: { readonly times: readonly string[]; readonly zone: string }
  readonly risks: readonly RiskConfig[]
  readonly success: readonly SuccessCriterion[]
  readonly environments: readonly { readonly id: string; readonly url?: string; readonly branch?: string }[]
  readonly flags?: { readonly file: string }
}
