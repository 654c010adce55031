import type { GateStanding } from '../coordination/readiness.ts'
import { markdownText } from '../report/neutralise.ts'
import type { GateView } from './gate-states.ts'

const whatToDo: Readonly<Record<GateStanding, string>> = {
  pass: 'nothing',
  skipped: 'nothing: it counts as passed',
  fail: 'mend what its Check names and push; where the failure is not of this change, `/retest`',
  error: 'its Check names what could not be measured; then `/retest`',
  undecided: '`/retest`, or an admin decides with `/override`',
  waits: 'wait; its summary says for whom or what',
  absent: 'wait for its run; if none comes, `/retest`',
}

/** How a gate stands, for the reply to `/explain`: outside text is neutralised. */
export function explainGate({ gate, required, standing, summary, attempts = [], due }: GateView): string {
  const runs = attempts
    .slice(-10)
    .map(
      ({ run, attempt, verdict }) => `run ${run}${attempt > 1 ? ` attempt ${attempt}` : ''} ${markdownText(verdict)}`,
    )
  return [
    `**${markdownText(gate)}**: ${standing}${required ? '' : ', not required here'}`,
    `- Why: ${markdownText(summary)}`,
    ...(runs.length === 0 ? [] : [`- On this commit: ${runs.join(', ')}`]),
    `- What to do: ${due === undefined ? whatToDo[standing] : `nothing: it runs ${due}`}`,
  ].join('\n')
}
