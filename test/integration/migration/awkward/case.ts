import type { Decisions } from '../../../../src/migration/index.ts'
import type { Build } from '../support.ts'

/** One thing that SQLite permits and a migration must not stumble over. */
export interface AwkwardCase {
  readonly name: string
  readonly build: Build
  readonly decisions?: Decisions
  /** `table.column` → `type conversion` */
  readonly types?: Readonly<Record<string, string>>
  /** `kind name` of what is listed as not carried over: exactly these. */
  readonly notCarried?: readonly string[]
  /** Keys of the decisions that stay open: exactly these. */
  readonly pending?: readonly string[]
  /** Keys of the first rows of the open decisions. */
  readonly keys?: readonly string[]
  readonly orphans?: number
  readonly quarantined?: number
  /** Run in PostgreSQL afterwards; `{schema}` stands for the schema. Each gives one value. */
  readonly queries?: readonly (readonly [string, unknown])[]
  /** SQL that PostgreSQL must refuse afterwards. */
  readonly refuses?: readonly string[]
}
