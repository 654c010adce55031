import type { Clock, Ids, Redactor, ReportProgress } from '../../core/index.ts'
import type { LoadDocument, MigrationDocument } from '../../evidence/index.ts'
import type { Judgement } from '../../gates/judgement.ts'
import type { Services } from './services.ts'

/** What one gate may use while it runs. */
export interface GateContext {
  readonly cwd: string
  /** The gate's own folder inside the run folder: its artifacts go here. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly services: Services
  readonly signal: AbortSignal
  readonly progress: ReportProgress
  readonly clock: Clock
  readonly ids: Ids
  readonly redact: Redactor
}

/** A file that a gate left in its folder. */
export interface GateFile {
  readonly name: string
  readonly file: string
  readonly mediaType: string
}

export interface GateOutcome {
  readonly judgement: Judgement
  readonly files: readonly GateFile[]
  /** Versions of what took part. */
  readonly environment: Readonly<Record<string, string>>
  readonly load?: LoadDocument
  readonly migration?: MigrationDocument
}

/** Measures one gate. A fault (a HiveError) becomes the verdict `error`; an abort ends the whole run. */
export type RunGate = (context: GateContext) => Promise<GateOutcome>
