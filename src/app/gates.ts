import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { configHash, readConfig } from '../config/index.ts'
import type { Config } from '../config/index.ts'
import type { Clock, ExitCode, Ids, Redactor } from '../core/index.ts'
import type { Evidence } from '../evidence/index.ts'
import { exitCodeOfReport, renderHtml, renderJobSummary, renderJunit, renderSarif } from '../report/index.ts'
import type { GateReport } from '../report/index.ts'
import type { Occasion } from '../gates/occasions.ts'
import { readChangedFiles, readCheckout } from './gates/checkout.ts'
import { bundleOf } from './gates/evidence.ts'
import type { RunFacts } from './gates/evidence.ts'
import { runGates } from './gates/run.ts'
import type { GateEvent, GatesRun } from './gates/run.ts'
import { selectGates, type SelectOptions } from './gates/select.ts'
import { createServices } from './gates/services.ts'
import { defaultLoadScript, packageFile, packageVersion } from './package.ts'

export type { GateEvent } from './gates/run.ts'

export interface GateCommandOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Gates by name; empty means all. */
  readonly named: readonly string[]
  /** Where evidence and reports go; by default `.hive/runs/<time>` beside `hive.yml`. */
  readonly out?: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly ids: Ids
  readonly redact: Redactor
  /** Called once before the first gate, with the gates in their order. */
  readonly onPlan?: (gates: readonly string[]) => void
  readonly onEvent: (event: GateEvent) => void
  /** What the runner says of the event, where one started this run. */
  readonly origin?: RunOrigin
}

export interface RunOrigin {
  readonly event: string
  readonly repository?: string
  readonly runId?: string
  readonly pullRequest?: number
  readonly baseRef?: string
  readonly baseCommit?: string
  readonly workflowPath?: string
  readonly runAttempt?: number
  /** Why the gates run: decides which are due. */
  readonly occasion: Occasion
  /** Commit that the head is compared with for the paths of gates; absent where every gate that is due is necessary. */
  readonly comparedWith?: string
}

export interface GateCommandResult {
  readonly report: GateReport
  readonly exitCode: ExitCode
  /** Absolute. */
  readonly folder: string
  readonly summaryMarkdown: string
  /** Absent where there is no commit that the evidence could be bound to. */
  readonly bundlePath?: string
}

/** Runs the gates of a checkout and leaves evidence, Markdown, HTML, SARIF and JUnit in one folder. */
export async function runGateCommand(options: GateCommandOptions): Promise<GateCommandResult> {
  const { signal, clock, ids, env, redact } = options
  const config = await readConfig({ cwd: options.cwd })
  const cwd = dirname(config.path)
  const checkout = await readCheckout(cwd, signal)
  const startedAt = clock.now()
  const folder = options.out ?? (await newRunFolder(cwd, runName(startedAt, ids)))
  const run = runFacts(config, { ...options, checkout })
  const selections = selectGates(config, {
    named: options.named,
    ...(await occasionOf(options.origin, { cwd, signal })),
  })
  options.onPlan?.(selections.filter(({ kind }) => kind === 'run' || kind === 'skip').map(({ gate }) => gate.id))
  await mkdir(folder, { recursive: true })
  await using services = createServices({ env, signal })
  const result = await runGates({
    config,
    selections,
    run,
    folder,
    cwd,
    env,
    services,
    loadScript: packageFile(defaultLoadScript),
    signal,
    clock,
    ids,
    redact,
    onEvent: options.onEvent,
  })
  const report = reportOf(result, { config, run, startedAt, folder: relative(options.cwd, folder) })
  const summaryMarkdown = redact(renderJobSummary(report))
  const bundlePath = await writeReports({ report, run, folder, summaryMarkdown, options })
  return {
    report,
    exitCode: exitCodeOfReport(report),
    folder,
    summaryMarkdown,
    ...(bundlePath === undefined ? {} : { bundlePath }),
  }
}

async function occasionOf(
  origin: RunOrigin | undefined,
  folder: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<Pick<SelectOptions, 'occasion' | 'changedFiles'>> {
  if (origin === undefined) return {}
  const { occasion, comparedWith } = origin
  const changedFiles = comparedWith === undefined ? undefined : await readChangedFiles(comparedWith, folder)
  return { occasion, ...(changedFiles === undefined ? {} : { changedFiles }) }
}

/** A folder that ignores itself, so that a run does not make the next one's checkout dirty. */
async function newRunFolder(cwd: string, name: string): Promise<string> {
  await mkdir(join(cwd, '.hive/runs'), { recursive: true })
  await writeFile(join(cwd, '.hive/.gitignore'), '*\n')
  return join(cwd, '.hive/runs', name)
}

/** `20261122T091500Z-k3f9`: sorts by time, and two runs in the same second do not meet. */
function runName(at: Date, ids: Ids): string {
  return `${at.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}-${ids.short(4)}`
}

function runFacts(config: Config, { checkout, origin }: GateCommandOptions & Pick<RunFacts, 'checkout'>): RunFacts {
  const { baseRef, baseCommit } = origin ?? {}
  return {
    checkout: {
      ...checkout,
      ...(baseRef === undefined ? {} : { baseRef }),
      ...(baseCommit === undefined ? {} : { baseCommit }),
    },
    event: origin?.event ?? 'local',
    configHash: configHash(config),
    ...(origin?.pullRequest === undefined ? {} : { pullRequest: origin.pullRequest }),
    ...(origin?.workflowPath === undefined ? {} : { workflowPath: origin.workflowPath }),
    ...(origin?.runAttempt === undefined ? {} : { runAttempt: origin.runAttempt }),
  }
}

function reportOf(
  { results, listed, load, migration }: GatesRun,
  { config, run, startedAt, folder }: { config: Config; run: RunFacts; startedAt: Date; folder: string },
): GateReport {
  const { checkout } = run
  const ran = new Set([...results, ...listed].map(({ gate }) => gate))
  const notRun = config.gates.map(({ id }) => id).filter((id) => !ran.has(id))
  return {
    project: config.project,
    ...(checkout.commit === undefined ? {} : { commit: checkout.commit }),
    ...(checkout.branch === undefined ? {} : { branch: checkout.branch }),
    ...(checkout.baseRef === undefined ? {} : { baseRef: checkout.baseRef }),
    ...(checkout.baseCommit === undefined ? {} : { baseCommit: checkout.baseCommit }),
    dirty: checkout.testedTree === 'dirty',
    startedAt: startedAt.toISOString(),
    results,
    listedOnly: listed.map(({ gate, note }) => ({ gate, note })),
    ...(notRun.length === 0 ? {} : { notRun }),
    ...(load === undefined ? {} : { load }),
    ...(migration === undefined ? {} : { migration }),
    runFolder: folder,
    nextSteps: nextSteps({ results, listed, notRun }),
  }
}

/** What to do about the first gate that stops, else the gates that are left, else the person that is waited for. */
function nextSteps({
  results,
  listed,
  notRun,
}: Pick<GatesRun, 'results' | 'listed'> & { notRun: readonly string[] }): string[] {
  const bad = results.find(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped')
  if (bad !== undefined) {
    const hinted = bad.findings.toSorted((a, b) => rankOf(a) - rankOf(b)).find(({ hint }) => hint !== undefined)
    return [...(hinted?.hint === undefined ? [] : [hinted.hint]), `then run \`npx agent-hive gate ${bad.gate}\``]
  }
  if (notRun.length > 0) return ['run `npx agent-hive gate` for all of them']
  return listed
    .filter(({ later }) => !later)
    .map(({ gate, note }) => (gate === 'acceptance' ? `push, and ask for ${note}` : `push: ${gate} ${note}`))
}

function rankOf({ severity }: Evidence['findings'][number]): number {
  return ['error', 'warning', 'note'].indexOf(severity)
}

interface Reports {
  readonly report: GateReport
  readonly run: RunFacts
  readonly folder: string
  readonly summaryMarkdown: string
  readonly options: GateCommandOptions
}

async function writeReports({ report, run, folder, summaryMarkdown, options }: Reports): Promise<string | undefined> {
  const { redact, origin } = options
  const write = async (name: string, text: string): Promise<void> => writeFile(join(folder, name), redact(text))
  await write('summary.md', summaryMarkdown)
  await write('report.html', renderHtml(report))
  await write('results.sarif', renderSarif(report.results, packageVersion()))
  await write('junit.xml', renderJunit(report.results))
  const bundle = bundleOf(report.results, {
    run,
    runId: origin?.runId ?? 'local',
    repository: origin?.repository ?? run.checkout.repository ?? 'local/checkout',
  })
  if (bundle === undefined) return undefined
  await write('evidence.json', `${JSON.stringify(bundle, null, 2)}\n`)
  return join(folder, 'evidence.json')
}
