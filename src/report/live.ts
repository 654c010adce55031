import { createLogUpdate } from 'log-update'
import type { Clock, Progress } from '../core/index.ts'
import { formatCount, formatDuration, formatNumber } from './formats.ts'
import { splitFacts } from './model.ts'
import { truncate } from './neutralise.ts'
import { dim, padEnd, paint, standingGlyph, terminalText } from './terminal-text.ts'
import type { TerminalTraits } from './terminal-text.ts'
import { gateTitle, standingStyles } from './verdict-style.ts'
import type { Standing } from './verdict-style.ts'

/** What a running gate tells. `verdict` and `summary` come with the end. */
interface GateEvent {
  readonly gate: string
  readonly kind: 'start' | 'progress' | 'end'
  readonly progress?: Progress
  readonly verdict?: Standing
  readonly summary?: string
}

export interface LiveOptions {
  readonly stream: NodeJS.WritableStream
  readonly traits: TerminalTraits
  /** True in a terminal: one line a gate, redrawn. False in a pipe: one line a fact, no cursor movement. */
  readonly live: boolean
  readonly gates: readonly string[]
  readonly clock: Pick<Clock, 'monotonicMs'>
}

export interface LiveReport {
  readonly report: (event: GateEvent) => void
  /** Redraws; called four times a second by itself while something runs. */
  readonly tick: () => void
  /** Clears the block, so that the final summary takes its place, and stops the timer. */
  readonly stop: () => void
}

interface GateState {
  standing?: Standing
  startedMs?: number
  endedMs?: number
  summary: string
  progress?: Progress
  /** Where the present step was when it was first heard of: rate and time left are measured from there. */
  since?: { readonly atMs: number; readonly done: number }
}

const redrawMs = 250
/** A step that is shorter is not worth a line of a log. */
const plainEveryMs = 2_000
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Shows running gates on `stream`. The record of what happened is the summary, not this. */
export function createLiveReport(options: LiveOptions): LiveReport {
  return options.live ? liveBlock(options) : plainLines(options)
}

/**
 * How far a step is: `40 %, 10,000 rows/s, 7 s left`, or `30,000 rows, 10,000 rows/s` where the total is unknown.
 * The rate is measured since the step began, and left out until a second of it was seen.
 */
export function describeRate(
  progress: Progress,
  since: { readonly atMs: number; readonly done: number },
  nowMs: number,
): string {
  const { done, total, unit } = progress
  if (done === undefined) return ''
  const seconds = (nowMs - since.atMs) / 1_000
  const rate = seconds >= 1 ? (done - since.done) / seconds : 0
  const counted = total !== undefined && total > 0
  const suffix = unit === undefined ? '' : ` ${unit}`
  const parts = [counted ? `${Math.floor(Math.min(1, done / total) * 100)} %` : `${formatCount(done)}${suffix}`]
  if (rate > 0) {
    // Seconds a second say nothing.
    if (unit !== 's') parts.push(`${formatNumber(rate >= 10 ? Math.round(rate) : rate)}${suffix}/s`)
    if (counted && total > done) parts.push(`${formatDuration(((total - done) / rate) * 1_000)} left`)
  }
  return parts.join(', ')
}

function createStates(gates: readonly string[]): Map<string, GateState> {
  return new Map(gates.map((gate) => [gate, { summary: '' }]))
}

function take(states: Map<string, GateState>, event: GateEvent, nowMs: number): GateState {
  const state = states.get(event.gate) ?? { summary: '' }
  states.set(event.gate, state)
  state.startedMs ??= nowMs
  if (event.progress !== undefined) {
    const { step, done = 0 } = event.progress
    const same = state.progress?.step === step && done >= (state.since?.done ?? 0)
    if (!same) state.since = { atMs: nowMs, done }
    state.progress = event.progress
  }
  if (event.kind === 'end') {
    state.endedMs = nowMs
    state.standing = event.verdict ?? 'undecided'
    state.summary = event.summary ?? ''
  }
  return state
}

function liveBlock({ stream, traits, gates, clock }: LiveOptions): LiveReport {
  const states = createStates(gates)
  // showCursor: hiding it would go through process.stderr, and stay hidden after a kill.
  const update = createLogUpdate(stream, { showCursor: true, defaultWidth: traits.columns })
  let frame = 0
  const draw = (): void => {
    const nameColumns = Math.min(26, Math.max(...Array.from(states.keys(), (gate) => gateTitle(gate).length + 2)))
    update(
      Array.from(states, ([gate, state]) =>
        liveLine({ gate, state, frame, nameColumns, traits }, clock.monotonicMs()),
      ).join('\n'),
    )
  }
  const timer = setInterval(() => {
    frame += 1
    draw()
  }, redrawMs)
  timer.unref()
  return {
    report: (event) => {
      take(states, event, clock.monotonicMs())
      // Progress comes thousands of times a second; the timer draws it.
      if (event.kind !== 'progress') draw()
    },
    tick: () => {
      frame += 1
      draw()
    },
    stop: () => {
      clearInterval(timer)
      update.clear()
    },
  }
}

interface LineParts {
  readonly gate: string
  readonly state: GateState
  readonly frame: number
  readonly nameColumns: number
  readonly traits: TerminalTraits
}

function liveLine({ gate, state, frame, nameColumns, traits }: LineParts, nowMs: number): string {
  const glyphColumns = traits.unicode ? 1 : 4
  const title = padEnd(truncate(terminalText(gateTitle(gate), traits), nameColumns - 2), nameColumns)
  if (state.startedMs === undefined) return paint(`  ${' '.repeat(glyphColumns)} ${title}`.trimEnd(), dim, traits)
  const time = formatDuration((state.endedMs ?? nowMs) - state.startedMs)
  const room = Math.max(8, traits.columns - 3 - glyphColumns - nameColumns - time.length - 3)
  const { standing } = state
  const glyph =
    standing === undefined
      ? traits.unicode
        ? paint(spinner[frame % spinner.length] ?? ' ', '36', traits)
        : ['-', '\\', '|', '/'][frame % 4]?.padEnd(4)
      : standingGlyph(standing, traits)
  const text = standing === undefined ? stepText(state, nowMs, room) : endText(state)
  const shown = padEnd(truncate(terminalText(text, traits), room), room)
  return `  ${glyph} ${title}${shown}  ${paint(time, dim, traits)}`
}

/** What is done now and how far it is; where room is short, the name of the step is cut and not the numbers. */
function stepText(state: GateState, nowMs: number, room: number): string {
  if (state.progress === undefined) return 'starts'
  const { step } = state.progress
  const rate = state.since === undefined ? '' : describeRate(state.progress, state.since, nowMs)
  return rate === '' ? step : `${truncate(step, Math.max(12, room - rate.length - 2))}: ${rate}`
}

function endText(state: GateState): string {
  const word = standingStyles[state.standing ?? 'undecided'].word
  const facts = splitFacts(state.summary)
  if (facts.length === 0) return word
  // The reason of a verdict that is no pass stands last, and must not wait for the summary.
  return `${word}: ${state.standing === 'pass' ? facts[0] : facts.join('; ')}`
}

function plainLines({ stream, traits, gates, clock }: LiveOptions): LiveReport {
  const states = createStates(gates)
  const lastMs = new Map<string, number>()
  const columns = Math.min(24, Math.max(12, ...gates.map((gate) => gateTitle(gate).length))) + 2
  const line = (gate: string, text: string): void => {
    lastMs.set(gate, clock.monotonicMs())
    stream.write(`${padEnd(terminalText(gateTitle(gate), traits), columns)}${terminalText(text, traits)}\n`)
  }
  return {
    report: (event) => {
      const before = states.get(event.gate)?.progress?.step
      const nowMs = clock.monotonicMs()
      const state = take(states, event, nowMs)
      if (event.kind === 'start') line(event.gate, 'starts')
      if (event.kind === 'end') {
        line(event.gate, `${endText(state)} (${formatDuration(nowMs - (state.startedMs ?? nowMs))})`)
      }
      const step = event.progress?.step
      if (event.kind === 'progress' && step !== undefined && step !== before) {
        if (nowMs - (lastMs.get(event.gate) ?? -Infinity) >= plainEveryMs || before === undefined)
          line(event.gate, step)
      }
    },
    tick: () => {},
    stop: () => {},
  }
}
