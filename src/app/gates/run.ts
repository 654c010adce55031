import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, GateConfig } from '../../config/config.ts'
import type { Clock, Ids, Progress, Redactor, Verdict } from '../../core/index.ts'
import { toHiveError } from '../../core/index.ts'
import type { Evidence, LoadDocument, MigrationDocument } from '../../evidence/index.ts'
import { commandGate } from './commands.ts'
import { faultOutcome, skippedEvidence, writeEvidence } from './evidence.ts'
import type { RunFacts } from './evidence.ts'
import type { GateContext, GateOutcome, RunGate } from './gate.ts'
import { migrationGate } from './migration.ts'
import { performanceGate } from './performance.ts'
import { runProtocolGate } from './protocol.ts'
import type { Selection } from './select.ts'
import type { Services } from './services.ts'

/** What happens while gates run, for live output. */
export type GateEvent =
  | { readonly gate: string; readonly kind: 'start' }
  | { readonly gate: string; readonly kind: 'progress'; readonly progress: Progress }
  | {
      readonly gate: string
      readonly kind: 'end'
      readonly verdict: Verdict
      readonly summary: string
      readonly durationMs: number
    }

export interface RunGatesOptions {
  readonly config: Config
  readonly selections: readonly Selection[]
  readonly run: RunFacts
  /** The run's folder: a folder a gate, and `evidence.json` in each. */
  readonly folder: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly services: Services
  /** The load test that is used where `hive.yml` names none. */
  readonly loadScript: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly ids: Ids
  readonly redact: Redactor
  readonly onEvent: (event: GateEvent) => void
}

/** A gate that this run only names. */
interface ListedGate {
  readonly gate: string
  readonly note: string
  /** It runs on another occasion, or the change makes it unnecessary: nobody has to do anything. */
  readonly later: boolean
}

export interface GatesRun {
  readonly results: readonly Evidence[]
  readonly listed: readonly ListedGate[]
  readonly load?: LoadDocument
  readonly migration?: MigrationDocument
}

/**
 * Runs the selected gates one after the other: two at once would measure each other. A gate that cannot be
 * measured says `error` and the others still run; an abort ends the run and rejects.
 */
export async function runGates(options: RunGatesOptions): Promise<GatesRun> {
  const results: Evidence[] = []
  const listed: ListedGate[] = []
  const documents: Pick<GatesRun, 'load' | 'migration'>[] = []
  for (const selection of options.selections) {
    const { id } = selection.gate
    if (selection.kind === 'list' || selection.kind === 'later')
      listed.push({ gate: id, note: selection.note, later: selection.kind === 'later' })
    else if (selection.kind === 'skip') results.push(skip(options, { id, reason: selection.reason }))
    else {
      const { evidence, outcome } = await measure(options, selection.gate)
      results.push(evidence)
      documents.push(documentsOf(outcome))
    }
  }
  return Object.assign({ results, listed }, ...documents) as GatesRun
}

function documentsOf({ load, migration }: GateOutcome): Pick<GatesRun, 'load' | 'migration'> {
  return { ...(load === undefined ? {} : { load }), ...(migration === undefined ? {} : { migration }) }
}

function skip({ run, clock, onEvent }: RunGatesOptions, { id, reason }: { id: string; reason: string }): Evidence {
  onEvent({ gate: id, kind: 'end', verdict: 'skipped', summary: reason, durationMs: 0 })
  return skippedEvidence(run, id, { reason, startedAt: clock.now() })
}

async function measure(
  options: RunGatesOptions,
  gate: GateConfig,
): Promise<{ evidence: Evidence; outcome: GateOutcome }> {
  const { clock, signal, onEvent, run, redact, services } = options
  const folder = join(options.folder, gate.id)
  await mkdir(folder, { recursive: true })
  const startedAt = clock.now()
  const from = clock.monotonicMs()
  onEvent({ gate: gate.id, kind: 'start' })
  const outcome = await runnerOf(
    gate,
    options,
  )(contextOf(options, { gate: gate.id, folder })).catch(async (thrown: unknown) => {
    if (signal.aborted) throw thrown
    return faultOutcome((await services.whyStopped()) ?? toHiveError(thrown))
  })
  const durationMs = clock.monotonicMs() - from
  const evidence = await writeEvidence(outcome, {
    run,
    times: { gate: gate.id, startedAt, durationMs },
    folder,
    redact,
  })
  onEvent({ gate: gate.id, kind: 'end', verdict: evidence.verdict, summary: evidence.summary, durationMs })
  return { evidence, outcome }
}

function contextOf(options: RunGatesOptions, { gate, folder }: { gate: string; folder: string }): GateContext {
  const { cwd, env, services, signal, clock, ids, redact, onEvent } = options
  const progress = (report: Progress): void => onEvent({ gate, kind: 'progress', progress: report })
  return { cwd, folder, env, services, signal, progress, clock, ids, redact }
}

function runnerOf(gate: GateConfig, { config, loadScript, cwd }: RunGatesOptions): RunGate {
  switch (gate.kind) {
    case 'commands':
      return commandGate(gate.id, gate.commands)
    case 'migration':
      return migrationGate({
        sources: config.migration?.sources ?? [],
        decisions: config.migration?.decisions ?? { columns: {}, foreignKeys: {}, tables: {}, names: 'exact' },
        acceptances: config.migration?.accept ?? { orphans: [], quarantined: [], notCarried: [] },
      })
    case 'protocol':
      return runProtocolGate
    case 'performance':
      return performanceGate(gate, {
        script: gate.load.script === undefined ? loadScript : join(cwd, gate.load.script),
      })
    case 'check':
    case 'acceptance':
      return async () => ({
        judgement: { verdict: 'undecided', summary: 'decided on GitHub', measures: [], findings: [] },
        files: [],
        environment: {},
      })
  }
}
