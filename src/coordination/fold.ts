import { analysePlan, readyTasks, type PlanAnalysis, type PlanTask } from './plan.ts'
import type { GateStanding, GateState } from './readiness.ts'
import type { GateStatusJson, StatusJson } from './status-json.ts'

/** The plan of hive.yml, as plain values. */
export interface ProjectPlan {
  readonly project: string
  readonly start?: string
  readonly hoursPerDay: number
  readonly phases: readonly { readonly id: string; readonly name: string; readonly tasks: readonly ProjectTask[] }[]
  readonly agents: readonly { readonly id: string; readonly role: string }[]
  readonly risks: readonly {
    readonly id: string
    readonly title: string
    readonly severity: 'low' | 'medium' | 'high' | 'critical'
    readonly owner?: string
    readonly mitigation?: string
  }[]
  readonly success: readonly { readonly id: string; readonly text: string; readonly gate?: string }[]
}

export interface ProjectTask extends PlanTask {
  readonly name: string
  readonly phase: string
  readonly agent: string
  readonly gates: readonly string[]
}

export interface PullRequestSummary {
  readonly number: number
  readonly title: string
  readonly url: string
  readonly headSha: string
  readonly readiness: string
}

/** What was read from GitHub. */
export interface ProjectFacts {
  /** Of the default branch. */
  readonly gates: readonly (GateState & { readonly at?: string })[]
  readonly defaultHead?: string
  readonly pulls: readonly PullRequestSummary[]
}

export interface Status {
  readonly json: StatusJson
  readonly plan: ProjectPlan
  readonly analysis: PlanAnalysis<ProjectTask>
  readonly done: ReadonlySet<string>
  readonly gates: ProjectFacts['gates']
  readonly pulls: readonly PullRequestSummary[]
}

/**
 * Folds plan and facts into the status. Pure and total: the same facts give the same status. A task is done when
 * everything it needs is and every gate it names has passed on the default branch; one that names no gate cannot be
 * proved done.
 */
export function fold(plan: ProjectPlan, facts: ProjectFacts): Status {
  const tasks = plan.phases.flatMap((phase) => phase.tasks)
  const analysis = analysePlan(tasks)
  const passed = new Set(
    facts.gates.filter(({ standing }) => standing === 'pass' || standing === 'skipped').map(({ gate }) => gate),
  )
  const done = doneTasks(analysis, passed)
  const ready = readyTasks(tasks, done)
  const slack = new Map(analysis.kind === 'plan' ? analysis.order.map(({ task, slackMs }) => [task.id, slackMs]) : [])
  const phase = plan.phases.find(({ tasks: own }) => own.some(({ id }) => !done.has(id)))
  const json: StatusJson = {
    schemaVersion: 1,
    project: plan.project,
    phase: phase?.id ?? (plan.phases.length === 0 ? 'unplanned' : 'done'),
    timestamp:
      facts.gates
        .flatMap(({ at }) => at ?? [])
        .sort()
        .at(-1) ?? '1970-01-01T00:00:00Z',
    agents: Object.fromEntries(plan.agents.map(({ id }) => [id, agentStatus(id, { plan, tasks, done, ready, facts })])),
    quality_gates: Object.fromEntries(
      facts.gates.map(({ gate, standing, required, summary }) => [
        gate,
        { status: gateStatuses[standing], required, summary },
      ]),
    ),
    critical_issues: facts.gates
      .filter(({ required, standing }) => required && isRed(standing))
      .map((gate) => issueOf(gate, tasks)),
    tasks: Object.fromEntries(
      tasks.map(({ id, agent }) => [
        id,
        {
          status: done.has(id)
            ? ('done' as const)
            : ready.some((task) => task.id === id)
              ? ('ready' as const)
              : ('waiting' as const),
          agent,
          slack_h: Math.round(((slack.get(id) ?? 0) / 3_600_000) * 10) / 10,
        },
      ]),
    ),
    critical_path: analysis.kind === 'plan' ? [...analysis.criticalPath] : [],
    ready: ready.map(({ id }) => id),
    pull_requests: facts.pulls.map(({ number, headSha, readiness }) => ({ number, head: headSha, readiness })),
    risks: plan.risks.map(({ id, severity, title, owner }) => ({
      id,
      severity,
      title,
      ...(owner === undefined ? {} : { owner }),
    })),
    cursor: facts.defaultHead === undefined ? {} : { default_branch_head: facts.defaultHead },
  }
  return { json, plan, analysis, done, gates: facts.gates, pulls: facts.pulls }
}

function doneTasks(analysis: PlanAnalysis<ProjectTask>, passed: ReadonlySet<string>): ReadonlySet<string> {
  const done = new Set<string>()
  if (analysis.kind === 'cycle') return done
  for (const { task } of analysis.order) {
    const proved = task.gates.length > 0 && task.gates.every((gate) => passed.has(gate))
    if (proved && task.needs.every((need) => done.has(need))) done.add(task.id)
  }
  return done
}

interface AgentContext {
  readonly plan: ProjectPlan
  readonly tasks: readonly ProjectTask[]
  readonly done: ReadonlySet<string>
  readonly ready: readonly ProjectTask[]
  readonly facts: ProjectFacts
}

function agentStatus(agent: string, { plan, tasks, done, ready, facts }: AgentContext): StatusJson['agents'][string] {
  const own = tasks.filter((task) => task.agent === agent)
  const open = own.filter(({ id }) => !done.has(id))
  const current = ready.find((task) => task.agent === agent)
  const total = own.reduce((sum, { estimateMs }) => sum + estimateMs, 0)
  const finished = own.filter(({ id }) => done.has(id)).reduce((sum, { estimateMs }) => sum + estimateMs, 0)
  const next = current ?? open[0]
  const blockers =
    next === undefined
      ? []
      : [
          ...next.needs.filter((need) => !done.has(need)),
          ...facts.gates
            .filter(({ gate, standing }) => next.gates.includes(gate) && isRed(standing))
            .map(({ gate }) => `gate ${gate}`),
        ]
  const milestone = plan.phases.find(({ id }) => id === next?.phase)?.name
  return {
    status: own.length === 0 ? 'idle' : open.length === 0 ? 'done' : current === undefined ? 'blocked' : 'ready',
    ...(current === undefined ? {} : { current_task: current.id }),
    completion: total === 0 ? 0 : Math.round((100 * finished) / total),
    blockers,
    ...(milestone === undefined ? {} : { next_milestone: milestone }),
  }
}

function issueOf(
  gate: ProjectFacts['gates'][number],
  tasks: readonly ProjectTask[],
): StatusJson['critical_issues'][number] {
  const assignee = tasks.find(({ gates }) => gates.includes(gate.gate))?.agent
  return {
    id: `gate-${gate.gate}`,
    severity: gate.standing === 'undecided' ? 'high' : 'critical',
    ...(assignee === undefined ? {} : { assignee }),
    ...(gate.at === undefined ? {} : { created: gate.at }),
    resolved: false,
  }
}

const isRed = (standing: GateStanding): boolean =>
  standing === 'fail' || standing === 'error' || standing === 'undecided'

const gateStatuses = {
  pass: 'passed',
  fail: 'failed',
  error: 'error',
  undecided: 'undecided',
  skipped: 'skipped',
  waits: 'waiting',
  absent: 'not_run',
} as const satisfies Record<GateStanding, GateStatusJson>
