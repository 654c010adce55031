import type { ReportProgress } from '../../core/index.ts'
import type { PlanTable } from '../documents.ts'
import type { Differences, ShowValue } from '../proof/differences.ts'
import type { ExpectedRow, QuarantinedRows } from '../proof/source-rows.ts'
import type { StoredValue } from '../values.ts'
import type { Client } from './connect.ts'
import type { ChunkDigest } from './target-rows.ts'

export interface TableProof {
  readonly schema: string
  readonly table: PlanTable
  readonly encoding: string
  /** Indexes of SQLite's primary key, to name rows. */
  readonly keyColumns: readonly number[]
  /** Reads the source's rows again, in the order of the b-tree. */
  readonly openRows: () => Iterator<readonly StoredValue[]>
  /** Reads them in the order of the given columns, as they come; `resolve` makes a row what is really stored. */
  readonly openRawRows: (orderBy: readonly string[]) => {
    readonly rows: Iterator<StoredValue[]>
    readonly resolve: (row: StoredValue[]) => void
  }
  /** What SQLite itself counts. */
  readonly rowsSource: number
  readonly quarantined: QuarantinedRows
  readonly show: ShowValue
  readonly signal: AbortSignal
  readonly progress: ReportProgress
}

/** What both ways of comparing share. */
export interface ProofRun {
  readonly client: Client
  readonly proof: TableProof
  readonly differences: Differences
  readonly expect: (row: readonly StoredValue[]) => ExpectedRow
  /** Counts a source row that is not in the target: quarantined, or missing. */
  readonly absent: (row: readonly StoredValue[]) => void
}

export interface ProofOutcome {
  readonly rowsRead: number
  /** Source rows that are in the target with another value. */
  readonly rowsDiffering: number
  readonly rowsTarget: number
  readonly digest: string
  readonly chunks: readonly ChunkDigest[]
}

export function report(proof: TableProof, done: number): void {
  proof.signal.throwIfAborted()
  proof.progress({ step: `verify ${proof.table.name}`, done, total: proof.rowsSource, unit: 'rows' })
}
