import type { ProjectTask, Status } from './fold.ts'
import { renderGantt } from './render-gantt.ts'

/** How outside text is made inert, passed in by the use case: reports own the rules. */
interface Surface {
  readonly text: (outside: string) => string
  readonly label: (outside: string) => string
}

export interface IssueOptions {
  readonly surface: Surface
  readonly marker: string
  /** For "day 3": the only thing here that depends on when it is rendered. */
  readonly today: Date
}

/** GitHub takes 65,536 characters. */
const bodyLimit = 60_000
const shownRows = 60

/**
 * The coordination issue: who reads it knows in ten seconds where the project stands. Machine JSON last, folded.
 * What does not fit gives way from the bottom of the prose; the JSON is never cut.
 */
export function renderIssue(status: Status, options: IssueOptions): string {
  const json = machineJson(status)
  const sections = [
    headline(status, options),
    agentTable(status, options),
    gateTable(status, options),
    blockers(status, options),
    pullRequests(status, options),
    criticalPath(status, options),
    risks(status, options),
    success(status, options),
  ].filter((section) => section !== '')
  const parts = [options.marker]
  let room = bodyLimit - json.length - options.marker.length - 300
  let left = 0
  for (const section of sections) {
    if (section.length + 2 <= room) {
      parts.push(section)
      room -= section.length + 2
    } else left += 1
  }
  if (left > 0)
    parts.push(`${left} section${left === 1 ? ' is' : 's are'} left out for length; everything is in the JSON below.`)
  return `${[...parts, json].join('\n\n')}\n`
}

function headline({ json, plan, analysis }: Status, { surface, today }: IssueOptions): string {
  const phase = plan.phases.find(({ id }) => id === json.phase)
  const name =
    phase === undefined
      ? json.phase === 'done'
        ? 'all phases done'
        : 'no plan in hive.yml'
      : `phase ${surface.text(phase.name)}`
  const first = json.critical_issues[0]
  const blocks =
    analysis.kind === 'cycle'
      ? `The plan is circular: ${analysis.cycle.map((id) => `\`${id}\``).join(' needs ')}.`
      : first === undefined
        ? json.ready.length === 0
          ? 'Nothing blocks.'
          : `Nothing blocks; ready to begin: ${listed(json.ready)}.`
        : `Blocks most: \`${first.id}\`${first.assignee === undefined ? '' : `, owner \`${first.assignee}\``}.`
  return `### ${surface.text(plan.project)}: ${name}${dayOf(plan, today)}\n\n${blocks}`
}

/** Working days are Monday to Friday. */
function dayOf({ start, phases, hoursPerDay }: Status['plan'], today: Date): string {
  if (start === undefined) return ''
  const startMs = Date.parse(`${start}T00:00:00Z`)
  const elapsed = Math.floor((today.getTime() - startMs) / 86_400_000)
  if (elapsed < 0) return `, begins ${start}`
  let day = 0
  for (let at = 0; at <= Math.min(elapsed, 3_650); at += 1) {
    const weekday = new Date(startMs + at * 86_400_000).getUTCDay()
    if (weekday !== 0 && weekday !== 6) day += 1
  }
  const work = phases.flatMap(({ tasks }) => tasks).reduce((sum, { estimateMs }) => sum + estimateMs, 0)
  const days = Math.round(work / (hoursPerDay * 3_600_000))
  return `, day ${day} (${days} ${days === 1 ? 'day' : 'days'} of work planned)`
}

function agentTable({ json, plan }: Status, { surface }: IssueOptions): string {
  const names = new Map(plan.phases.flatMap(({ tasks }) => tasks.map((task: ProjectTask) => [task.id, task.name])))
  const rows = plan.agents.map(({ id, role }) => {
    const agent = json.agents[id]
    const task =
      agent?.current_task === undefined ? '' : surface.text(names.get(agent.current_task) ?? agent.current_task)
    return [
      surface.text(role),
      agent?.status ?? '',
      task,
      `${agent?.completion ?? 0} %`,
      listed(agent?.blockers ?? []),
      surface.text(agent?.next_milestone ?? ''),
    ]
  })
  return table(['Agent', 'Status', 'Task', 'Proved', 'Blocked by', 'Next'], rows)
}

const standingWords = {
  pass: '✅ pass',
  fail: '❌ fail',
  error: '❌ error',
  undecided: '❔ undecided',
  skipped: '⏭️ skipped',
  waits: '⏳ waits',
  absent: '⏳ not run',
} as const

function gateTable({ gates, json }: Status, { surface }: IssueOptions): string {
  if (gates.length === 0) return ''
  const head = json.cursor.default_branch_head
  const rows = gates.map(({ gate, standing, required, summary }) => [
    `${surface.text(gate)}${required ? '' : ' (not required)'}`,
    standingWords[standing],
    surface.text(summary.slice(0, 200)),
  ])
  return `**Gates of the default branch**${head === undefined ? '' : ` at \`${head.slice(0, 7)}\``}\n\n${table(['Gate', 'Verdict', 'Measured'], rows)}`
}

function blockers({ json }: Status, { surface }: IssueOptions): string {
  if (json.critical_issues.length === 0) return ''
  const rows = json.critical_issues.map(({ id, severity, assignee, created }) => [
    surface.text(id),
    severity,
    surface.text(assignee ?? ''),
    created ?? '',
  ])
  return `**Blockers**\n\n${table(['Blocker', 'Severity', 'Owner', 'Since'], rows)}`
}

function pullRequests({ pulls }: Status, { surface }: IssueOptions): string {
  if (pulls.length === 0) return ''
  const rows = pulls.map(({ number, title, url, headSha, readiness }) => [
    `[${number}](${url})`,
    surface.text(title.slice(0, 120)),
    `\`${headSha.slice(0, 7)}\``,
    surface.text(readiness),
  ])
  return `**Open pull requests**\n\n${table(['Pull request', 'Title', 'Head', 'Readiness'], rows)}`
}

function criticalPath(status: Status, { surface }: IssueOptions): string {
  if (status.json.critical_path.length === 0) return ''
  const chain = status.json.critical_path
    .map((id) => `\`${id}\``)
    .slice(0, 40)
    .join(' → ')
  const gantt = renderGantt(status, surface.label)
  return `**Critical path**: ${chain}${gantt === '' ? '' : `\n\n${gantt}`}`
}

function risks({ plan }: Status, { surface }: IssueOptions): string {
  if (plan.risks.length === 0) return ''
  const rows = plan.risks.map(({ title, severity, owner, mitigation }) => [
    surface.text(title),
    severity,
    surface.text(owner ?? ''),
    surface.text(mitigation ?? ''),
  ])
  return `**Risks**\n\n${table(['Risk', 'Severity', 'Owner', 'Mitigation'], rows)}`
}

function success({ plan, gates }: Status, { surface }: IssueOptions): string {
  if (plan.success.length === 0) return ''
  const rows = plan.success.map(({ text, gate }) => {
    const state = gates.find((candidate) => candidate.gate === gate)
    const shown = state === undefined ? 'not measured' : standingWords[state.standing]
    return [surface.text(text), state?.url === undefined || state.url === '' ? shown : `[${shown}](${state.url})`]
  })
  return `**Success criteria**\n\n${table(['Criterion', 'Evidence'], rows)}`
}

/** No mention, fence or tag can come out of it, and it still parses to the same document. */
function machineJson({ json }: Status): string {
  const inert = JSON.stringify(json).replaceAll(
    /[<>@`]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `<details><summary>Status for programs</summary>\n\n\`\`\`json\n${inert}\n\`\`\`\n\n</details>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rest = rows.length - shownRows
  const shown = [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.slice(0, shownRows).map(line)].join('\n')
  return rest > 0 ? `${shown}\n\n${rest} more in the JSON below.` : shown
}

function listed(ids: readonly string[]): string {
  const shown = ids
    .slice(0, 5)
    .map((id) => `\`${id}\``)
    .join(', ')
  return ids.length > 5 ? `${shown} and ${ids.length - 5} more` : shown
}
