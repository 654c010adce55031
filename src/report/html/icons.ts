import type { Standing } from '../verdict-style.ts'
import { svg } from './markup.ts'
import type { Markup } from './markup.ts'

/** Drawn, because fonts differ in how (and whether) they draw the terminal's glyphs. 16 × 16, strokes only. */
const strokes: Readonly<Record<Standing, string>> = {
  pass: 'M3.5 8.6l3.1 3.1 6-7.2',
  fail: 'M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6',
  undecided: 'M5.6 5.9a2.5 2.5 0 1 1 3.7 2.3c-.9.5-1.3 1-1.3 1.9M8 12.7v.1',
  error: 'M8 3.2v6M8 12.6v.1',
  skipped: 'M4 8h8',
  waits: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 4.9V8l2.2 1.5',
}

/** Decorative: the word of the standing always stands beside it. */
export function standingIcon(standing: Standing): Markup {
  return svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${strokes[standing]}" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}
