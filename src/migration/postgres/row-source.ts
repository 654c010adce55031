import type { StoredValue } from '../values.ts'
import type { CopyEncoder } from './encoder.ts'

/** The rows of one table on their way into COPY. */
export interface RowSource {
  /** Where the rows are read in an unusual way, why: for people. */
  readonly note?: string
  /**
   * The next row: encoded, where every field plainly fits its planned type; else its values, for which somebody
   * else must find the place (rowid, columns in the plan's order, then a flag for each decided orphan rule).
   */
  readonly next: (encoder: CopyEncoder) => 'end' | 'encoded' | readonly StoredValue[]
}

export function rowsOfValues(rows: Iterator<readonly StoredValue[]>, note?: string): RowSource {
  return {
    ...(note === undefined ? {} : { note }),
    next: () => {
      const next = rows.next()
      return next.done === true ? 'end' : next.value
    },
  }
}
