import { conclusionOf, type GateState, type Readiness } from '../coordination/readiness.ts'
import { withRecord, type ReadinessRecord } from '../coordination/records.ts'
import { markdownText } from '../report/neutralise.ts'
import { standingStyles, type Standing } from '../report/verdict-style.ts'
import type { DesiredCheck } from './check-writes.ts'
import { checkName } from './gate-states.ts'

/** The one Check to make required. */
export function readinessCheck(
  readiness: Readiness,
  {
    gates,
    record,
    notes,
  }: { readonly gates: readonly GateState[]; readonly record: ReadinessRecord; readonly notes: readonly string[] },
): DesiredCheck {
  const conclusion = conclusionOf(readiness.kind)
  const rows = gates.map(({ gate, required, standing, summary }) => {
    const style = standingStyles[shownStanding(standing)]
    return `| ${markdownText(gate)}${required ? '' : ' (not required)'} | ${style.markdown} ${style.word} | ${markdownText(summary.slice(0, 300))} |`
  })
  return {
    name: checkName('readiness'),
    ...(conclusion === undefined ? {} : { conclusion }),
    title: readiness.title,
    summary: [`| Gate | Verdict | Measured |\n|---|---|---|\n${rows.join('\n')}`, ...notes].join('\n\n'),
    text: withRecord('', record),
    annotations: [],
    renew: false,
  }
}

/** Reports know six standings: what did not run yet waits. */
const shownStanding = (standing: GateState['standing']): Standing => (standing === 'absent' ? 'waits' : standing)
