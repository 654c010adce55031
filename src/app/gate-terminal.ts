import type { Clock, Redactor } from '../core/index.ts'
import { createLiveReport, renderTerminal } from '../report/index.ts'
import type { GateReport, TerminalTraits } from '../report/index.ts'
import type { GateEvent } from './gates/run.ts'

export interface GateTerminal {
  readonly plan: (gates: readonly string[]) => void
  readonly event: (event: GateEvent) => void
  readonly stop: () => void
  readonly summary: (report: GateReport) => string
}

interface Options {
  readonly terminal: TerminalTraits & { readonly live: boolean }
  readonly clock: Clock
  readonly redact: Redactor
  readonly stream: NodeJS.WritableStream
}

/** Shows gates while they run and their summary at the end. Every text is redacted before it is drawn. */
export function createGateTerminal({ terminal, clock, redact, stream }: Options): GateTerminal {
  let live: ReturnType<typeof createLiveReport> | undefined
  return {
    plan: (gates) => {
      live = createLiveReport({ stream, traits: terminal, live: terminal.live, gates, clock })
    },
    event: (event) => live?.report(redactEvent(event, redact)),
    stop: () => {
      live?.stop()
      live = undefined
    },
    summary: (report) => renderTerminal(report, terminal),
  }
}

function redactEvent(event: GateEvent, redact: Redactor): GateEvent {
  switch (event.kind) {
    case 'start':
      return event
    case 'progress':
      return { ...event, progress: { ...event.progress, step: redact(event.progress.step) } }
    case 'end':
      return { ...event, summary: redact(event.summary) }
  }
}
