import { createHmac, randomBytes } from 'node:crypto'
import type { Differing } from '../documents.ts'
import { meaningText, type Meaning } from './meaning.ts'

/** How differing values may be shown: as they are, or (in CI) as kind, length and a hash with a key of this run. */
export type ShowValue = (value: Meaning) => string

export const showPlainly: ShowValue = (value) => meaningText(value)

/** Equal values look equal within one run, and nothing can be guessed from them afterwards. */
export function showMasked(key: Uint8Array = randomBytes(32)): ShowValue {
  return (value) => {
    if (value === null) return 'NULL'
    const text = meaningText(value, Number.MAX_SAFE_INTEGER)
    const hash = createHmac('sha256', key).update(text).digest('hex').slice(0, 12)
    const kind = value instanceof Uint8Array ? 'bytes' : typeof value
    return `${kind} of ${text.length} characters, ${hash}`
  }
}

const shown = 20

/** Counts every difference of a table and keeps the first. */
export class Differences {
  readonly first: Differing[] = []
  readonly #show: ShowValue
  #total = 0

  constructor(show: ShowValue) {
    this.#show = show
  }

  get total(): number {
    return this.#total
  }

  value(key: string, column: string, sides: { readonly source: Meaning; readonly target: Meaning }): void {
    this.note({ key, column, source: this.#show(sides.source), target: this.#show(sides.target) })
  }

  missing(key: string): void {
    this.note({ key, column: '*', source: 'row', target: 'absent' })
  }

  surplus(key: string): void {
    this.note({ key, column: '*', source: 'absent', target: 'row' })
  }

  note(difference: Differing, count = 1): void {
    this.#total += count
    if (this.first.length < shown) this.first.push(difference)
  }
}
