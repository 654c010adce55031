import { oneLine } from './neutralise.ts'
import { standingStyles } from './verdict-style.ts'
import type { Standing } from './verdict-style.ts'

/** What the terminal at the other end can show. */
export interface TerminalTraits {
  readonly columns: number
  readonly colour: boolean
  readonly unicode: boolean
}

/** Columns that a text takes: two for East Asian wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\ufe0f/u.test(character)) continue
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

/** Breaks at spaces; a word that is longer than a line is broken where the line ends. */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(8, columns)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((part) => breakWord(part, room))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= room) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/**
 * {@link wrap} that breaks after commas outside brackets, so that a number stays with its unit and target; where one
 * clause alone is longer than a line, at spaces.
 */
export function wrapClauses(text: string, columns: number): string[] {
  const room = Math.max(8, columns)
  const clauses = text.split(/(?<=,) (?![^[]*\])/)
  if (clauses.some((clause) => displayWidth(clause) > room)) return wrap(text, room)
  const lines: string[] = []
  for (const clause of clauses) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(`${last} ${clause}`) <= room) lines[lines.length - 1] = `${last} ${clause}`
    else lines.push(clause)
  }
  return lines
}

function breakWord(word: string, room: number): string[] {
  if (displayWidth(word) <= room) return [word]
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (displayWidth(piece + character) > room) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}

const plainForms: readonly (readonly [RegExp, string])[] = [
  [/[–—−]/g, '-'],
  [/[‘’]/g, "'"],
  [/[“”]/g, '"'],
  [/…/g, '...'],
  [/≤/g, '<='],
  [/≥/g, '>='],
  [/[·•]/g, '-'],
  [/×/g, 'x'],
  [/±/g, '+-'],
  [/→/g, '->'],
]

/** Outside text for one line of a terminal: inert, and in ASCII where the terminal has no UTF-8. */
export function terminalText(text: string, traits: Pick<TerminalTraits, 'unicode'>): string {
  const line = oneLine(text)
  if (traits.unicode) return line
  return plainForms
    .reduce((result, [from, to]) => result.replaceAll(from, to), line)
    .replaceAll(/[^\u0020-\u007e]/gu, '?')
}

export function paint(text: string, sgr: string, traits: Pick<TerminalTraits, 'colour'>): string {
  return traits.colour ? `\u001b[${sgr}m${text}\u001b[0m` : text
}

export const dim = '2'
export const bold = '1'

/** `✓`, or `ok` where there is no UTF-8, in the colour of its standing. */
export function standingGlyph(standing: Standing, traits: TerminalTraits): string {
  const style = standingStyles[standing]
  return paint(traits.unicode ? style.glyph : style.ascii.padEnd(4), style.sgr, traits)
}
