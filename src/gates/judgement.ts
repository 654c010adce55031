import type { Finding, Measure } from '../evidence/index.ts'
import type { Verdict } from '../core/index.ts'

/** What a gate decides from its facts. The numbers stand in `measures`, what is wrong in `findings`. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'skipped'>
  /** The verdict in one line, numbers first. */
  readonly summary: string
  readonly measures: readonly Measure[]
  readonly findings: readonly Finding[]
}

/** `1 row`, `2 rows`, with thousands separators. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`
}
