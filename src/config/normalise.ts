import type {
  Account,
  AgentConfig,
  CommandConfig,
  Config,
  GateConfig,
  GateMethod,
  LoadConfig,
  MigrationConfig,
  PlanConfig,
} from './config.ts'
import { defaults } from './defaults.ts'
import { durationMs, workMs } from './duration.ts'
import type { ConfigInput } from './schema.ts'

type AgentInput = NonNullable<ConfigInput['agents']>[string]
type GateInput = ConfigInput['gates'][string]
type CommandInput = NonNullable<GateInput['commands']>[number]
type MigrationInput = NonNullable<ConfigInput['migration']>

/** Fills in the defaults and turns texts into values. The input has passed the schema and the rules. */
export function normalise(input: ConfigInput, path: string): Config {
  return deepFreeze({
    path,
    version: input.version,
    project: input.project,
    roles: {
      product: (input.roles?.product ?? []).map(parseAccount),
      strategic: (input.roles?.strategic ?? []).map(parseAccount),
      admin: (input.roles?.admin ?? []).map(parseAccount),
    },
    agents: Object.entries(input.agents ?? {}).map(normaliseAgent),
    ...(input.plan === undefined ? {} : { plan: normalisePlan(input.plan) }),
    gates: Object.entries(input.gates).map(normaliseGate),
    publish: { ...defaults.publish, ...input.publish },
    ...(input.migration === undefined ? {} : { migration: normaliseMigration(input.migration) }),
    sync: {
      zone: input.sync?.zone ?? defaults.sync.zone,
      times: [...(input.sync?.times ?? defaults.sync.times)].sort(),
    },
    risks: input.risks ?? [],
    success: input.success ?? [],
    environments: Object.entries(input.environments ?? {}).map(withId),
    ...(input.flags === undefined ? {} : { flags: input.flags }),
  })
}

function normaliseAgent([id, agent]: readonly [string, AgentInput]): AgentConfig {
  const { accounts, operator, capacity, ...described } = agent
  return {
    id,
    ...described,
    accounts: (accounts ?? []).map(parseAccount),
    ...(operator === undefined ? {} : { operator: parseAccount(operator) }),
    capacity: capacity ?? defaults.capacity,
  }
}

function withId<T extends object>([id, value]: readonly [string, T]): T & { readonly id: string } {
  return { ...value, id }
}

function normalisePlan(plan: NonNullable<ConfigInput['plan']>): PlanConfig {
  const hoursPerDay = plan.hoursPerDay ?? defaults.hoursPerDay
  return {
    ...(plan.start === undefined ? {} : { start: plan.start }),
    hoursPerDay,
    phases: plan.phases.map(({ tasks, ...phase }) => ({
      ...phase,
      tasks: tasks.map(({ estimate, needs, deliverables, gates, ...task }) => ({
        ...task,
        phase: phase.id,
        needs: needs ?? [],
        estimateMs: workMs(estimate, hoursPerDay),
        deliverables: deliverables ?? [],
        gates: gates ?? [],
      })),
    })),
  }
}

function normaliseGate([id, gate]: readonly [string, GateInput]): GateConfig {
  return {
    id,
    required: gate.required ?? true,
    ...(gate.skip === undefined ? {} : { skip: gate.skip }),
    when: gate.when ?? (id === 'performance' ? 'ready' : 'push'),
    paths: gate.paths ?? [],
    ...methodOf(id, gate),
  }
}

function methodOf(id: string, gate: GateInput): GateMethod {
  if (gate.check !== undefined) return { kind: 'check', check: gate.check }
  switch (id) {
    case 'migration':
    case 'protocol':
      return { kind: id }
    case 'performance':
      return { kind: id, targets: { ...defaults.targets, ...gate.targets }, load: normaliseLoad(gate.load ?? {}) }
    case 'acceptance': {
      const { expires, checklist, ...rules } = gate.acceptance ?? {}
      return {
        kind: id,
        acceptance: {
          ...defaults.acceptance,
          ...rules,
          ...(expires === undefined ? {} : { expiresMs: durationMs(expires) }),
          checklist: checklist ?? [],
        },
      }
    }
    default:
      return {
        kind: 'commands',
        commands: (gate.commands ?? []).map(normaliseCommand),
      }
  }
}

function normaliseCommand({ name, run, junit, timeout }: CommandInput): CommandConfig {
  return {
    name: name ?? run.trim(),
    run,
    ...(junit === undefined ? {} : { junit }),
    timeoutMs: timeout === undefined ? defaults.commandTimeoutMs : durationMs(timeout),
  }
}

function normaliseLoad({ warmup, duration, ...load }: NonNullable<GateInput['load']>): LoadConfig {
  return {
    ...defaults.load,
    ...load,
    ...(warmup === undefined ? {} : { warmupMs: durationMs(warmup) }),
    ...(duration === undefined ? {} : { durationMs: durationMs(duration) }),
  }
}

function normaliseMigration({ sources, decisions, accept }: MigrationInput): MigrationConfig {
  return {
    sources: sources.map(normaliseSource),
    decisions: {
      ...decisions,
      columns: decisions?.columns ?? {},
      foreignKeys: decisions?.foreignKeys ?? {},
      tables: decisions?.tables ?? {},
      names: decisions?.names ?? 'exact',
    },
    accept: {
      orphans: (accept?.orphans ?? []).map(withAllowance),
      quarantined: (accept?.quarantined ?? []).map(withAllowance),
      notCarried: accept?.notCarried ?? [],
    },
  }
}

/** The rules have seen to it that either path or profile is there. */
function normaliseSource(source: MigrationInput['sources'][number]): MigrationConfig['sources'][number] {
  if (typeof source === 'string') return { path: source }
  const { path, profile, ...others } = source
  return profile === undefined ? { path: path ?? '', ...others } : { profile, ...others }
}

/** The rules have seen to it that exactly one of the two is there. */
function withAllowance<T extends { count?: number | undefined; atMost?: number | undefined }>({
  count,
  atMost,
  ...rows
}: T) {
  return { ...rows, ...(atMost === undefined ? { count: count ?? 0 } : { atMost }) }
}

/** `octocat#583231`; the schema has checked its form. */
function parseAccount(text: string): Account {
  const at = text.lastIndexOf('#')
  return { login: text.slice(0, at), id: Number(text.slice(at + 1)) }
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) deepFreeze(item)
  }
  return value
}
