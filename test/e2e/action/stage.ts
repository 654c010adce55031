import { configHash, parseConfig } from '../../../src/config/index.ts'
import type { Evidence, EvidenceBundle } from '../../../src/evidence/index.ts'
import {
  createGitHub,
  zipOf,
  type EmulatedGitHub,
  type Permissions,
  type RepositoryHandle,
  type WorkflowRun,
} from '../../support/github/index.ts'
import { issueCommentPayload, schedulePayload, workflowRunPayload } from '../../support/github/payloads.ts'
import { runAction, type ActionResult } from '../../support/run-action.ts'

/** People of the stage; the ids stand in hive.yml, as they do in a real one. */
export const people = { pat: 101, sam: 102, ada: 103, eve: 104, mallory: 105, bot: 106 } as const

export const hiveYml = `version: 1
project: shop
roles:
  product: [pat#101]
  strategic: [sam#102]
  admin: [ada#103]
agents:
  builder:
    role: Builder
    accounts: [bot#106]
    operator: sam#102
gates:
  code-quality:
    commands:
      - run: node --version
  acceptance: {}
plan:
  start: 2026-11-23
  phases:
    - id: build
      name: Build
      tasks:
        - { id: store, name: Move the store, agent: builder, estimate: 2d, gates: [code-quality] }
        - { id: switch, name: Switch over, agent: builder, needs: [store], estimate: 1d }
`

export const coordinationPermissions: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  issues: 'write',
  'pull-requests': 'write',
}

export const gatesWorkflow = { name: 'Hive gates', path: '.github/workflows/hive-gates.yml' }

export interface Stage extends AsyncDisposable {
  readonly github: EmulatedGitHub
  readonly repo: RepositoryHandle
  readonly number: number
  readonly token: string
  readonly head: () => string
  /** A gates run of the present head with its evidence, not yet published. */
  readonly gatesRun: (options?: RunShape) => WorkflowRun
  /** Runs the bundle as the workflow_run event does. */
  readonly publish: (run?: WorkflowRun, options?: Options) => Promise<ActionResult>
  /** Writes a comment and runs the bundle as its event does. */
  readonly say: (author: string, body: string, options?: Options) => Promise<Said>
  readonly edit: (id: number, body: string, options?: Options) => Promise<ActionResult>
  readonly sync: (options?: Options) => Promise<ActionResult>
  /** Name → conclusion, or status where there is none, of the latest Checks on a commit. */
  readonly checks: (sha?: string) => Readonly<Record<string, string>>
  readonly statusComment: () => string
  readonly replies: () => readonly string[]
}

export interface Said {
  readonly id: number
  readonly result: ActionResult
}

export interface Options {
  readonly token?: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
}

export interface RunShape {
  readonly results?: readonly Evidence[]
  /** Changes the bundle before it is packed. */
  readonly forge?: (bundle: EvidenceBundle) => unknown
  readonly zip?: Buffer
  readonly headSha?: string
  readonly path?: string
  readonly event?: string
  readonly conclusion?: string
  readonly status?: string
  readonly noArtifact?: boolean
  readonly headBranch?: string
}

export interface StageOptions {
  readonly config?: string
  readonly headFiles?: Readonly<Record<string, string>>
  readonly author?: string
  readonly coAuthor?: string
  readonly draft?: boolean
}

/** A repository with hive.yml on main and one pull request by eve. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const github = await createGitHub()
  for (const [login, id] of Object.entries(people)) github.user(login, { id })
  const config = options.config ?? hiveYml
  const repo = github.repo('acme/shop', { files: { 'hive.yml': config, 'README.md': '# Shop\n' } })
  const author = options.author ?? 'eve'
  repo.pushCommit({
    branch: 'feature',
    files: options.headFiles ?? { 'src/store.ts': 'export const store = 1\n' },
    author,
    message: `Move the store${options.coAuthor === undefined ? '' : `\n\nCo-authored-by: ${options.coAuthor}`}`,
  })
  const pull = repo.openPull({ head: 'feature', author, draft: options.draft ?? false })
  const token = github.token({ permissions: coordinationPermissions, repository: repo })
  const head = (): string => pull.pull.headSha
  const act = (event: string, payload: Parameters<typeof runAction>[0]['payload'], given: Options = {}) =>
    runAction({
      event,
      payload,
      github,
      token: given.token ?? token,
      inputs: { token: given.token ?? token, retries: '0', 'request-timeout': '2', ...given.inputs },
      timeoutMs: given.timeoutMs ?? 20_000,
      ...(given.env === undefined ? {} : { env: given.env }),
    })
  const gatesRun = (shape: RunShape = {}): WorkflowRun => {
    const headSha = shape.headSha ?? head()
    const run = repo.addWorkflowRun({
      workflow: { name: gatesWorkflow.name, path: shape.path ?? gatesWorkflow.path },
      event: shape.event ?? 'pull_request',
      headSha,
      headBranch: shape.headBranch ?? 'feature',
      actor: author,
      ...(shape.conclusion === undefined ? {} : { conclusion: shape.conclusion }),
      ...(shape.status === undefined ? {} : { status: shape.status }),
    })
    if (shape.noArtifact === true || shape.status !== undefined) return run
    const results = [...(shape.results ?? [evidence(config, { commit: headSha })])]
    const bundle: EvidenceBundle = {
      schemaVersion: 1,
      repository: 'acme/shop',
      headSha,
      runId: String(run.id),
      results,
    }
    const document = shape.forge === undefined ? bundle : shape.forge(bundle)
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    const id = github.world.nextId()
    const zip = shape.zip ?? zipOf({ 'evidence.json': text })
    repo.state.artifacts.set(id, { id, name: 'hive-evidence', zip, run, expired: false, createdAt: github.now() })
    return run
  }
  return {
    github,
    repo,
    number: pull.number,
    token,
    head,
    gatesRun,
    publish: (run, given) => {
      const published = run ?? gatesRun()
      return act(
        'workflow_run',
        workflowRunPayload(github, repo, {
          run: published,
          action: published.attempts.at(-1)?.status === 'completed' ? 'completed' : 'requested',
        }),
        given,
      )
    },
    say: async (by, body, given) => {
      const comment = repo.comment(pull.number, body, { author: by })
      return {
        id: comment.id,
        result: await act('issue_comment', issueCommentPayload(github, repo, { comment }), given),
      }
    },
    edit: async (id, body, given) => {
      const before = repo.comments(pull.number).find((comment) => comment.id === id)?.body ?? ''
      const comment = repo.editComment(id, body)
      return act('issue_comment', issueCommentPayload(github, repo, { comment, action: 'edited', before }), given)
    },
    sync: (given) => act('schedule', schedulePayload(github, repo), given),
    checks: (sha) =>
      Object.fromEntries(repo.checkRuns(sha ?? head()).map((run) => [run.name, run.conclusion ?? run.status])),
    statusComment: () => own(repo, pull.number).find(({ body }) => body.startsWith('<!-- hive-status'))?.body ?? '',
    replies: () =>
      own(repo, pull.number)
        .map(({ body }) => body)
        .filter((body) => body.startsWith('<!-- hive-reply')),
    [Symbol.asyncDispose]: () => github.close(),
  }
}

function own(repo: RepositoryHandle, number: number) {
  return repo.comments(number).filter(({ user }) => user.login === 'github-actions[bot]')
}

/** What the gate code-quality would leave for a commit. */
export function evidence(config: string, part: Partial<Evidence> = {}): Evidence {
  return {
    schemaVersion: 1,
    gate: 'code-quality',
    verdict: 'pass',
    summary: '1 command, 0 failed',
    testedTree: 'b'.repeat(40),
    event: 'pull_request',
    runAttempt: 1,
    configHash: configHash(parseConfig(config, 'hive.yml')),
    startedAt: '2026-11-23T09:00:00.000Z',
    durationMs: 1_200,
    environment: { node: 'v24' },
    measures: [{ name: 'commands', unit: 'commands', value: 1 }],
    findings: [],
    artifacts: [],
    ...part,
  }
}
