/** What a gate says of a commit. `undecided`: measured but not proved either way; `error`: could not be measured. */
export const verdicts = ['pass', 'fail', 'undecided', 'error', 'skipped'] as const
export type Verdict = (typeof verdicts)[number]

export type ExitCode = 0 | 1 | 2 | 3

/** Exit code of one verdict. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'pass':
    case 'skipped':
      return 0
    case 'fail':
      return 1
    case 'error':
      return 2
    case 'undecided':
      return 3
  }
}

/** The worst of several: `error` before `fail` before `undecided` before `pass`; nothing at all proves nothing. */
export function combineVerdicts(all: readonly Verdict[]): Exclude<Verdict, 'skipped'> {
  if (all.length === 0) return 'undecided'
  for (const worst of ['error', 'fail', 'undecided'] as const) if (all.includes(worst)) return worst
  return 'pass'
}
