import type { Problem, ValuePath } from './issue.ts'
import { reportRepeats, reportUnknown, urlRule, zoneRule } from './report.ts'
import type { Report } from './report.ts'
import { gateRules } from './rules-gates.ts'
import { migrationRules } from './rules-migration.ts'
import { planRules } from './rules-plan.ts'
import type { ConfigInput } from './schema.ts'

/** What the schema cannot say: everything that concerns more than one field. Reports all of it. */
export function crossRules(input: ConfigInput): Problem[] {
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push({ path, message })
  accountRules(input, report)
  planRules(input, report)
  gateRules(input, report)
  migrationRules(input, report)
  syncRules(input, report)
  followUpRules(input, report)
  return problems
}

/** A login with two ids, or an id with two logins, would leave open who is meant. */
function accountRules(input: ConfigInput, report: Report): void {
  const idOf = new Map<string, string>()
  const loginOf = new Map<string, string>()
  const seeAll = (accounts: readonly string[], path: ValuePath): void => {
    const seen = new Set<string>()
    for (const [index, account] of accounts.entries()) {
      see(account, [...path, index])
      if (seen.has(account)) report([...path, index], `found ${account} twice in one list, wanted it once`)
      seen.add(account)
    }
  }
  const see = (account: string, path: ValuePath): void => {
    const [login = '', id = ''] = account.toLowerCase().split('#')
    const otherId = idOf.get(login) ?? id
    const otherLogin = loginOf.get(id) ?? login
    if (otherId !== id) report(path, `found ${account}, wanted the id ${otherId} that this login has above`)
    else if (otherLogin !== login)
      report(path, `found ${account}, wanted the login ${otherLogin} that this id has above`)
    idOf.set(login, otherId)
    loginOf.set(id, otherLogin)
  }
  for (const [role, accounts] of Object.entries(input.roles ?? {})) seeAll(accounts, ['roles', role])
  for (const [id, agent] of Object.entries(input.agents ?? {})) {
    seeAll(agent.accounts ?? [], ['agents', id, 'accounts'])
    if (agent.operator !== undefined) see(agent.operator, ['agents', id, 'operator'])
  }
}

function syncRules(input: ConfigInput, report: Report): void {
  reportRepeats(input.sync?.times ?? [], report, (index) => ['sync', 'times', index])
  zoneRule(input.sync?.zone, ['sync', 'zone'], report)
}

function followUpRules(input: ConfigInput, report: Report): void {
  const agents = new Set(Object.keys(input.agents ?? {}))
  const gates = new Set(Object.keys(input.gates))
  const risks = input.risks ?? []
  const success = input.success ?? []
  reportRepeats(
    risks.map(({ id }) => id),
    report,
    (index) => ['risks', index, 'id'],
  )
  reportRepeats(
    success.map(({ id }) => id),
    report,
    (index) => ['success', index, 'id'],
  )
  for (const [index, { owner }] of risks.entries()) {
    if (owner !== undefined)
      reportUnknown({ kind: 'agent', name: owner, known: agents }, ['risks', index, 'owner'], report)
  }
  for (const [index, { gate }] of success.entries()) {
    if (gate !== undefined)
      reportUnknown({ kind: 'gate', name: gate, known: gates }, ['success', index, 'gate'], report)
  }
  for (const [id, { url }] of Object.entries(input.environments ?? {})) {
    if (url !== undefined) urlRule(url, ['environments', id, 'url'], report)
  }
}
