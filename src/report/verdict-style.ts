import type { Verdict } from '../core/index.ts'

/** What a line of a report can say: a verdict, or that it waits for a person. */
export type Standing = Verdict | 'waits'

export const standings = [
  'pass',
  'fail',
  'undecided',
  'error',
  'skipped',
  'waits',
] as const satisfies readonly Standing[]

interface StandingStyle {
  readonly word: string
  readonly glyph: string
  /** Where the terminal has no UTF-8. */
  readonly ascii: string
  /** The only emoji of the product: in Markdown, where there is no colour. */
  readonly markdown: string
  /** Foreground of the terminal, as SGR parameters. */
  readonly sgr: string
  /** What it means, for the legend and for screen readers. */
  readonly meaning: string
}

/** Glyph, word and colour of each standing: colour alone never carries it. */
export const standingStyles: Readonly<Record<Standing, StandingStyle>> = {
  pass: { word: 'pass', glyph: '✓', ascii: 'ok', markdown: '✅', sgr: '32', meaning: 'proved' },
  fail: { word: 'fail', glyph: '✗', ascii: 'FAIL', markdown: '❌', sgr: '31;1', meaning: 'measured, and not met' },
  undecided: {
    word: 'undecided',
    glyph: '?',
    ascii: '?',
    markdown: '❔',
    sgr: '33',
    meaning: 'measured, but not proved either way',
  },
  error: { word: 'error', glyph: '!', ascii: 'ERR', markdown: '⚠️', sgr: '35;1', meaning: 'could not be measured' },
  skipped: {
    word: 'skipped',
    glyph: '–',
    ascii: 'skip',
    markdown: '⏭️',
    sgr: '2',
    meaning: 'configured off, with a reason',
  },
  waits: { word: 'waits', glyph: '…', ascii: 'wait', markdown: '⏳', sgr: '36', meaning: 'waits for a person' },
}

/** `code-quality` → `code quality`, or `Code quality` at the start of a line. */
export function gateTitle(gate: string, form: 'inline' | 'heading' = 'inline'): string {
  const words = gate.replaceAll('-', ' ')
  return form === 'heading' ? words.charAt(0).toUpperCase() + words.slice(1) : words
}
