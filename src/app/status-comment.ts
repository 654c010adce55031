import type { Config } from '../config/index.ts'
import type { CommentFacts, PullRequestFacts } from '../coordination/facts.ts'
import type { Evidence } from '../evidence/schema.ts'
import { renderComment } from '../report/markdown/comment.ts'
import type { AcceptanceDecision } from '../gates/acceptance.ts'
import { roleTitle } from './acceptance-check.ts'
import type { GateView } from './gate-states.ts'
import type { WeakerDefinitions } from './gate-definitions.ts'

const markerOf = (pull: number, head: string): string => `<!-- hive-status pull=${pull} head=${head} -->`
const markerPattern = /^<!-- hive-status pull=(\d+) head=([0-9a-f]{40}) -->/

export interface StatusComment {
  readonly id: number
  /** The head that it presents. */
  readonly head: string
  readonly body: string
}

/**
 * Our comment on a pull request: by author and marker, because anybody can copy the marker; of several, that with the
 * lowest id, because two runs at once may both have created one.
 */
export function findStatusComment(
  comments: readonly CommentFacts[],
  { pull, login }: { readonly pull: number; readonly login: string },
): StatusComment | undefined {
  return comments
    .flatMap((comment): StatusComment[] => {
      const [, number, head] = markerPattern.exec(comment.body) ?? []
      const own = comment.author?.login === login && Number(number) === pull && head !== undefined
      return own ? [{ id: comment.id, head, body: comment.body }] : []
    })
    .reduce<StatusComment | undefined>(
      (first, comment) => (first === undefined || comment.id < first.id ? comment : first),
      undefined,
    )
}

const tombstone =
  '<!-- hive-status-superseded -->\nSuperseded: the first comment of Agent Hive on this pull request is the one that is kept.\n'

/** Our later comments of the same kind, which two runs at once left: they must not go on showing an old state. */
export function duplicatesOf(
  comments: readonly CommentFacts[],
  { kept, pull, login }: { readonly kept: number; readonly pull: number; readonly login: string },
): readonly { readonly id: number; readonly body: string }[] {
  return comments
    .filter(({ id, author, body }) => {
      const [, number] = markerPattern.exec(body) ?? []
      return id !== kept && author?.login === login && Number(number) === pull
    })
    .map(({ id }) => ({ id, body: tombstone }))
}

export interface StatusContent {
  readonly config: Config
  readonly pull: PullRequestFacts
  readonly gates: readonly GateView[]
  /** Absent where hive.yml has no acceptance gate. */
  readonly acceptance?: AcceptanceDecision
  /** Not accepted by an admin yet. */
  readonly weaker?: WeakerDefinitions
  readonly configHash: string
  readonly blobUrl: string
}

/** The one comment on a pull request: a function of what GitHub holds, so that every run writes the same. */
export function renderStatusComment(content: StatusContent): string {
  const { config, pull, gates, acceptance } = content
  const listed = gates.filter(({ standing }) => standing === 'waits' || standing === 'absent')
  return renderComment(
    {
      project: config.project,
      commit: pull.headSha,
      baseRef: pull.baseRef,
      dirty: false,
      startedAt: startOf(gates),
      results: [
        ...gates.flatMap((gate) => shownEvidence(gate, content)),
        ...(acceptance?.kind === 'pass'
          ? [pseudoEvidence('acceptance', { verdict: 'pass', summary: acceptance.summary, content })]
          : []),
      ],
      listedOnly: [
        ...listed.map(({ gate, summary }) => ({ gate, note: summary })),
        ...(acceptance?.kind === 'waiting' ? [{ gate: 'acceptance', note: acceptance.summary }] : []),
      ],
      nextSteps: nextSteps(content),
    },
    { marker: markerOf(pull.number, pull.headSha), blobUrl: content.blobUrl },
  )
}

function nextSteps({ config, pull, gates, acceptance, weaker }: StatusContent): string[] {
  const red = gates.filter(({ standing }) => standing === 'fail' || standing === 'error' || standing === 'undecided')
  const gate = config.gates.find(({ kind }) => kind === 'acceptance')
  const role = gate?.kind === 'acceptance' ? gate.acceptance.role : 'product'
  return [
    ...gates.flatMap(({ gate, overriddenBy }) =>
      overriddenBy === undefined ? [] : [`${gate}: overridden by ${overriddenBy}, for this commit only`],
    ),
    ...red.slice(0, 3).map((view) => `${view.gate}: its Check names what is wrong and where.`),
    ...(weaker === undefined
      ? []
      : [
          `gate definition changed (${weaker.changes.slice(0, 3).join('; ').slice(0, 300)}): an admin looks at it and copies \`/accept-policy ${weaker.hash}\``,
        ]),
    ...(acceptance?.kind === 'waiting' ? [`${roleTitle[role]}: copy \`/approve ${pull.headSha}\``] : []),
  ]
}

/** The same for the same Checks, whenever it is rendered. */
function startOf(gates: readonly GateView[]): string {
  const times = gates.flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence.startedAt])).sort()
  return times[0] ?? '1970-01-01T00:00:00Z'
}

/** What a run measured, or the verdict alone where another Check, the policy or a refusal decided it. */
function shownEvidence({ gate, evidence, standing, summary }: GateView, content: StatusContent): Evidence[] {
  if (standing === 'waits' || standing === 'absent') return []
  return [evidence ?? pseudoEvidence(gate, { verdict: standing, summary, content })]
}

function pseudoEvidence(
  gate: string,
  {
    verdict,
    summary,
    content,
  }: { readonly verdict: Evidence['verdict']; readonly summary: string; readonly content: StatusContent },
): Evidence {
  return {
    schemaVersion: 1,
    gate,
    verdict,
    summary: summary.slice(0, 500),
    commit: content.pull.headSha,
    testedTree: 'unversioned',
    event: 'github',
    configHash: content.configHash,
    startedAt: startOf(content.gates),
    durationMs: 0,
    environment: {},
    measures: [],
    findings: [],
    artifacts: [],
  }
}
