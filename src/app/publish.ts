import type { Config } from '../config/index.ts'
import type { CheckFacts, PullRequestFacts, RunFacts, TimelineFacts } from '../coordination/facts.ts'
import type { Readiness } from '../coordination/readiness.ts'
import { gateRecordSchema, readRecord } from '../coordination/records.ts'
import { settlePullRequest } from './converge.ts'
import { receiveEvidence } from './evidence-artifact.ts'
import type { Occasion } from '../gates/occasions.ts'
import { publishBundle, publishRefusal, type PublishContext, type PublishedGates } from './gate-checks.ts'
import { askingOf, checkName, gateViewsOf, ownCheck, type Asking } from './gate-states.ts'
import { headFactsOf, type HeadFacts } from './head-facts.ts'
import { readChecks } from './read-checks.ts'
import { readPolicy, type Scene } from './scene.ts'
import { ownReadinessRecord } from './readiness-record.ts'
import { settleCommit } from './settle-commit.ts'

export type PublishResult =
  | {
      readonly kind: 'published'
      readonly readiness: Readiness
      readonly headSha: string
      readonly pull?: number
      readonly changed: boolean
      readonly refused?: { readonly reason: string; readonly problem: string }
    }
  | { readonly kind: 'ignored'; readonly reason: string }

const gateEvents = new Set(['pull_request', 'merge_group', 'push', 'schedule', 'workflow_dispatch'])

/**
 * Publishes what a gates run left. Only the id comes from the event: everything else is GitHub's own record. The
 * evidence is believed as far as it matches that record and the policy of the default branch; what is not believed
 * becomes a failing Check that names why.
 */
export async function publishRun(scene: Scene, runId: number): Promise<PublishResult> {
  const { reader } = scene
  const run = await reader.run(runId)
  const foreign = whyNotOurs(scene, run)
  if (foreign !== undefined) return { kind: 'ignored', reason: foreign }
  const [config, pulls, checks] = await Promise.all([
    readPolicy(reader),
    pullsOf(scene, run),
    readChecks(scene, run.headSha),
  ])
  const pull = pulls[0]
  if (run.event === 'pull_request' && pull === undefined) {
    return {
      kind: 'ignored',
      reason: `no open pull request has the head ${run.headSha.slice(0, 7)}; a newer run will be published`,
    }
  }
  // A start by hand runs on any branch; that of the night was on the default branch whatever its head is now.
  const onDefault = run.event === 'push' || run.event === 'workflow_dispatch'
  if (onDefault && (await reader.defaultHead()) !== run.headSha) {
    return { kind: 'ignored', reason: `${run.headSha.slice(0, 7)} is not the head of the default branch` }
  }
  const newer = newerRun(config, { checks, run, app: scene.app })
  if (newer !== undefined)
    return { kind: 'ignored', reason: `run ${newer} of the same head is newer and already published` }
  const [received, subject] = await Promise.all([
    run.completed ? receiveEvidence(reader, run) : undefined,
    pull === undefined ? undefined : subjectOf(scene, pull, { config, checks }),
  ])
  const asking = subject?.asking ?? { occasion: occasionOfEvent(run.event), unaffected: [] }
  const context = {
    config,
    run,
    checks,
    app: scene.app,
    asking,
    ranOn: subject === undefined ? asking.occasion : startedOn(run, subject),
    blobUrl: `${scene.serverUrl}/${scene.repository}/blob/${run.headSha}`,
  }
  const gates =
    received === undefined
      ? waiting(context)
      : received.kind === 'bundle'
        ? publishBundle(received.bundle, context)
        : publishRefusal(withCause(received, run), context)
  const refused =
    received?.kind === 'refused' ? { refused: { reason: received.reason, problem: received.problem } } : {}
  if (pull === undefined || subject === undefined) {
    const settled = await settleCommit(scene, { config, run, checks, gates })
    return { kind: 'published', headSha: run.headSha, ...settled, ...refused }
  }
  const settled = await settlePullRequest(scene, {
    config,
    pull,
    timeline: subject.timeline,
    facts: subject.facts,
    checks,
    fresh: { run, ...gates },
    sharedWith: pulls.slice(1).map(({ number }) => number),
  })
  return {
    kind: 'published',
    readiness: settled.readiness,
    headSha: run.headSha,
    pull: pull.number,
    changed: settled.changed,
    ...refused,
  }
}

/** The event could name any run: a fork can call its workflow like ours. */
function whyNotOurs(scene: Scene, run: RunFacts): string | undefined {
  if (run.repository.toLowerCase() !== scene.repository.toLowerCase())
    return `run ${run.id} belongs to ${run.repository}`
  if (run.path !== scene.gatesWorkflow)
    return `run ${run.id} is of ${run.path}, the gates workflow is ${scene.gatesWorkflow}`
  // An edited title starts a run whose job is filtered away, a stranger's first run waits for a maintainer: neither
  // says anything of the head, and neither may replace what an earlier run proved.
  if (run.conclusion === 'skipped' || run.conclusion === 'action_required')
    return `run ${run.id} did not run (${run.conclusion})`
  if (!gateEvents.has(run.event)) return `run ${run.id} was started by ${run.event}`
  return undefined
}

/** By head repository, branch and exact commit: never by a number in the artifact. */
async function pullsOf(scene: Scene, run: RunFacts): Promise<readonly PullRequestFacts[]> {
  const owner = run.headRepository?.split('/')[0]
  if (run.event !== 'pull_request' || owner === undefined) return []
  const pulls = await scene.reader.openPulls(`${owner}:${run.headBranch}`)
  return pulls.filter(({ headSha }) => headSha === run.headSha)
}

/** Runs finish in any order; the Checks of a newer one are not replaced by those of an older one. */
function newerRun(
  config: Config,
  { checks, run, app }: { readonly checks: readonly CheckFacts[]; readonly run: RunFacts; readonly app: string },
): number | undefined {
  for (const { id } of config.gates) {
    const check = ownCheck(checks, checkName(id), app)
    const record = check === undefined ? undefined : readRecord(check.text, gateRecordSchema)
    if (record === undefined) continue
    if (record.run > run.id || (record.run === run.id && record.attempt > run.attempt)) return record.run
  }
  return undefined
}

/** A run that was only requested: what stands there stands, and what is absent is announced by readiness. */
function waiting(context: PublishContext): PublishedGates {
  return { views: gateViewsOf(context.config, context.checks, context), desired: [] }
}

interface Subject {
  readonly timeline: TimelineFacts
  readonly facts: HeadFacts
  readonly asking: Asking
}

async function subjectOf(
  scene: Scene,
  pull: PullRequestFacts,
  { config, checks }: { readonly config: Config; readonly checks: readonly CheckFacts[] },
): Promise<Subject> {
  const [timeline, facts] = await Promise.all([
    scene.reader.timeline(pull.number),
    headFactsOf(scene, pull, { config, record: ownReadinessRecord(checks, scene.app) }),
  ])
  return { timeline, facts, asking: askingOf(pull, facts) }
}

function occasionOfEvent(event: string): Occasion {
  if (event === 'merge_group') return 'merge-queue'
  return event === 'push' ? 'commit' : 'nightly'
}

/** Whoever is ready now may have been a draft when the run began; what it left out then is no fault of it. */
function startedOn({ createdAt }: RunFacts, { asking, timeline }: Subject): Occasion {
  const since = timeline.readyAt.some((at) => Date.parse(at) >= Date.parse(createdAt))
  return since ? 'draft' : asking.occasion
}

function withCause(
  refusal: { readonly reason: string; readonly problem: string },
  run: RunFacts,
): { readonly reason: string; readonly problem: string } {
  const ended = run.conclusion
  const cause = ended === undefined || ended === 'success' || ended === 'failure' ? '' : `; the run ended as ${ended}`
  return { reason: refusal.reason, problem: `${refusal.problem}${cause}` }
}
