import type { Config } from '../config/index.ts'
import type { CheckFacts, PullRequestFacts, RunFacts } from '../coordination/facts.ts'
import { fold, type ProjectFacts, type ProjectPlan, type PullRequestSummary } from '../coordination/fold.ts'
import { renderIssue } from '../coordination/render-issue.ts'
import type { IssueFacts } from '../github/reader.ts'
import { markdownText, mermaidLabel } from '../report/neutralise.ts'
import { gateViewsOf, type GateView } from './gate-states.ts'
import { settlePullRequest } from './converge.ts'
import { publishRun } from './publish.ts'
import { readChecks } from './read-checks.ts'
import { ownLogin, readPolicy, type Scene } from './scene.ts'
import { ownReadinessRecord } from './readiness-record.ts'

export interface SyncResult {
  readonly kind: 'synced'
  readonly issue: number
  readonly outcome: 'created' | 'updated' | 'unchanged'
  /** Pull requests whose Checks or comment had to be mended: an event of theirs was lost. */
  readonly mended: readonly number[]
}

const coordinationLabel = 'hive-coordination'
const marker = '<!-- hive-coordination -->'
/** Each costs two requests; the token of a workflow has 1,000 an hour. */
const pullsPerSync = 30

/**
 * Reads plan, comments and Checks again, mends what a lost event left behind, and writes the one coordination issue
 * where it changed. Never reads its previous body for anything but that comparison.
 */
export async function syncCoordination(scene: Scene): Promise<SyncResult> {
  const { reader, writer } = scene
  const [config, pulls, issues, head, runs] = await Promise.all([
    readPolicy(reader),
    reader.openPulls(),
    reader.issuesWithLabel(coordinationLabel),
    reader.defaultHead(),
    reader.endedRuns(scene.gatesWorkflow),
  ])
  const before = head === undefined ? [] : await readChecks(scene, head)
  const lost =
    head === undefined
      ? undefined
      : lostRun(runs, before, { head, app: scene.app, events: ['push', 'schedule', 'workflow_dispatch'] })
  const mendedDefault = lost !== undefined && (await publishRun(scene, lost.id)).kind === 'published'
  const onDefault = head === undefined || !mendedDefault ? before : await readChecks(scene, head)
  const summaries: PullRequestSummary[] = []
  const mended: number[] = []
  for (const pull of pulls.slice(0, pullsPerSync)) {
    const { summary, changed } = await settleOne(scene, pull, { config, pulls, runs })
    summaries.push(summary)
    if (changed) mended.push(pull.number)
  }
  const status = fold(planOf(config), factsOf(config, { head, checks: onDefault, pulls: summaries, app: scene.app }))
  const body = renderIssue(status, {
    surface: { text: markdownText, label: mermaidLabel },
    marker,
    today: scene.serverNow(),
  })
  const title = `Coordination: ${config.project}`.slice(0, 200)
  const own = ownIssue(issues, scene)
  if (own === undefined) {
    const issue = await writer.createIssue({ title, body, label: coordinationLabel })
    return { kind: 'synced', issue, outcome: 'created', mended }
  }
  if (own.title === title && own.body.trimEnd() === body.trimEnd())
    return { kind: 'synced', issue: own.number, outcome: 'unchanged', mended }
  await writer.updateIssue(own.number, { title, body })
  return { kind: 'synced', issue: own.number, outcome: 'updated', mended }
}

/** By author, label and marker: anybody can set the label, and anybody can copy the marker. */
function ownIssue(issues: readonly IssueFacts[], scene: Scene): IssueFacts | undefined {
  return issues
    .filter(({ author, body }) => author?.login === ownLogin(scene) && body.startsWith(marker))
    .toSorted((a, b) => a.number - b.number)[0]
}

async function settleOne(
  scene: Scene,
  pull: PullRequestFacts,
  {
    config,
    pulls,
    runs,
  }: { readonly config: Config; readonly pulls: readonly PullRequestFacts[]; readonly runs: readonly RunFacts[] },
): Promise<{ readonly summary: PullRequestSummary; readonly changed: boolean }> {
  const [timeline, checks] = await Promise.all([scene.reader.timeline(pull.number), readChecks(scene, pull.headSha)])
  const { number, title, url, headSha } = pull
  const lost = lostRun(runs, checks, { head: headSha, app: scene.app, events: ['pull_request'] })
  const published = lost === undefined ? undefined : await publishRun(scene, lost.id)
  if (published?.kind === 'published') {
    const { readiness, changed } = published
    return { summary: { number, title, url, headSha, readiness: readiness.title }, changed }
  }
  const sharedWith = pulls
    .filter(({ headSha, number }) => headSha === pull.headSha && number !== pull.number)
    .map(({ number }) => number)
  const settled = await settlePullRequest(scene, { config, pull, timeline, checks, sharedWith })
  return { summary: { number, title, url, headSha, readiness: settled.readiness.title }, changed: settled.changed }
}

/**
 * The newest run of a head that ended and was never published, because its event was lost or the job that it woke
 * failed half-way.
 */
function lostRun(
  runs: readonly RunFacts[],
  checks: readonly CheckFacts[],
  { head, app, events }: { readonly head: string; readonly app: string; readonly events: readonly string[] },
): RunFacts | undefined {
  const newest = runs.find(
    ({ headSha, event, conclusion }) =>
      headSha === head && events.includes(event) && conclusion !== 'skipped' && conclusion !== 'action_required',
  )
  const [id, attempt] = ownReadinessRecord(checks, app)?.published ?? [0, 0]
  if (newest === undefined || newest.id < id) return undefined
  return newest.id === id && newest.attempt <= attempt ? undefined : newest
}

function planOf(config: Config): ProjectPlan {
  const { plan } = config
  return {
    project: config.project,
    ...(plan?.start === undefined ? {} : { start: plan.start }),
    hoursPerDay: plan?.hoursPerDay ?? 8,
    phases: plan?.phases ?? [],
    agents: config.agents,
    risks: config.risks,
    success: config.success,
  }
}

function factsOf(
  config: Config,
  {
    head,
    checks,
    pulls,
    app,
  }: {
    readonly head: string | undefined
    readonly checks: readonly CheckFacts[]
    readonly pulls: readonly PullRequestSummary[]
    readonly app: string
  },
): ProjectFacts {
  return {
    gates: gateViewsOf(config, checks, { app, asking: { occasion: 'nightly', unaffected: [] } }).map(datedGate),
    ...(head === undefined ? {} : { defaultHead: head }),
    pulls,
  }
}

function datedGate({ evidence, ...state }: GateView): ProjectFacts['gates'][number] {
  return evidence === undefined ? state : { ...state, at: evidence.startedAt }
}
