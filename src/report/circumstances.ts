import type { Evidence } from '../evidence/index.ts'
import { formatDuration, formatUtc } from './formats.ts'

/** Everything that says under which circumstances a result came about, as name and value. */
export function circumstances(result: Evidence): (readonly [string, string])[] {
  const base = [result.baseRef, result.baseCommit].filter((part) => part !== undefined).join(' ')
  return [
    ['started', formatUtc(result.startedAt)],
    ['took', formatDuration(result.durationMs)],
    ['commit', result.commit ?? 'none'],
    ...(base === '' ? [] : [['base', base] as const]),
    ['tested tree', result.testedTree],
    ['configuration', result.configHash],
    ...Object.entries(result.environment),
  ]
}
