import { policyHash, planHash, type Config } from '../config/index.ts'
import type { ApprovalPolicy, Role } from '../coordination/policy.ts'
import { hashOf } from '../core/json.ts'

const roles: readonly Role[] = ['product', 'strategic', 'admin']

/** What approvals are judged by, from hive.yml of the default branch. */
export function approvalPolicyOf(config: Config): ApprovalPolicy {
  const gate = config.gates.find(({ id }) => id === 'acceptance')
  const acceptance = gate?.kind === 'acceptance' ? gate.acceptance : undefined
  const byRole = <T>(value: (role: Role) => T): Readonly<Record<Role, T>> => ({
    product: value('product'),
    strategic: value('strategic'),
    admin: value('admin'),
  })
  const named = roles.flatMap((role) => config.roles[role])
  return {
    hasAcceptance: acceptance !== undefined && gate?.skip === undefined,
    gates: config.gates.map(({ id }) => id),
    roles: byRole((role) => config.roles[role].map(({ id }) => id)),
    roleNames: byRole((role) => config.roles[role].map(({ login }) => login)),
    agents: config.agents.map(({ accounts, operator }) => ({
      accounts: accounts.map(({ id }) => id),
      ...(operator === undefined ? {} : { operator: operator.id }),
    })),
    listedApps: named.filter(({ login }) => login.endsWith('[bot]')).map(({ id }) => id),
    acceptance: acceptance ?? {
      role: 'product',
      quorum: 1,
      requireSha: false,
      allowSelfApproval: false,
      checklist: [],
    },
    // An approval is for the acceptance rules and for the migration that they were given for.
    hash: hashOf([policyHash(config), planHash(config)]).slice(0, 16),
  }
}
