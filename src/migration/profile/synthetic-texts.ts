import { InvalidText, type StoredValue } from '../values.ts'
import type { ProfileColumn, ProfileEvidence } from './schema.ts'

/** So many values of one kind; `make(i)` differs from `make(j)` wherever the kind has that many values. */
export interface ValueKind {
  readonly count: number
  readonly make: (index: number) => Exclude<StoredValue, null>
}

/** Longer fields prove nothing more about a plan, and rehearsals stay small. */
export const longestField = 16_384

/** Texts by the patterns that the profile names; what no pattern claims is plain letters. */
export function textKinds({ evidence, sizes }: ProfileColumn, encoding: string): readonly ValueKind[] {
  const { texts, shapes } = evidence
  const fits = (conversion: string): number | undefined => fitting(evidence, conversion)
  const kinds: ValueKind[] = []
  let left = texts
  const add = (wanted: number, make: (index: number) => string | InvalidText): void => {
    const count = Math.max(0, Math.min(wanted, left))
    left -= count
    if (count > 0) kinds.push({ count, make })
  }
  const formats = evidence.candidates.flatMap(({ formats: found = {} }) => Object.entries(found))
  const written = { naive: 0, zoned: 0 }
  add(evidence.textsWithNul, (index) => `${letters(index, 4)}\0`)
  add(evidence.invalidTexts, (index) => invalidText(index, encoding))
  add(evidence.emptyTexts, () => '')
  for (const [format, count] of formats) {
    const [separator = '', fraction = '', zone = ''] = format.split('|')
    if (separator !== '') written[zone === '' ? 'naive' : 'zoned'] += count
    add(count, (index) => isoText(index, { separator, fraction, zone }))
  }
  add(shapes.timestamp - written.naive, (index) => isoText(index, { separator: ' ', fraction: '0', zone: '' }))
  add(shapes.zonedTimestamp - written.zoned, (index) => isoText(index, { separator: 'T', fraction: '0', zone: 'Z' }))
  add(shapes.date, (index) => new Date(Date.UTC(2001, 0, 1 + index)).toISOString().slice(0, 10))
  const lower = Math.min(fits('uuid-text') ?? shapes.uuid, shapes.uuid)
  add(lower, uuidText)
  add(shapes.uuid - lower, (index) => uuidText(index).toUpperCase())
  const scalars = Math.max(0, (fits('json') ?? 0) - shapes.json)
  const longest = Math.min(evidence.maxBytes, longestField)
  const isPlain = left > shapes.json + scalars
  add(shapes.json, (index) => `{"${letters(index, index === 0 && !isPlain ? longest - 6 : 4)}":1}`)
  add(scalars, (index) => `"${letters(index, 4)}"`)
  const unit = encoding === 'UTF-8' ? 1 : 2
  const shortest = Math.max(1, Math.min((sizes.texts?.least ?? 0) / unit, longest))
  add(left, (index) =>
    letters(index, index === 0 ? longest : index === 1 ? shortest : Math.min(longest, Math.max(shortest, 8))),
  )
  return kinds
}

/** Values that a promised conversion holds; `undefined` where the declaration does not promise it. */
export function fitting(evidence: ProfileEvidence, conversion: string): number | undefined {
  const candidate = evidence.candidates.find((item) => item.conversion === conversion)
  if (candidate === undefined) return undefined
  return evidence.integers + evidence.reals + evidence.texts + evidence.blobs - candidate.misfits
}

/** Letters that no number, JSON or hexadecimal is made of, in one case: NOCASE keys stay different. */
const alphabet = 'ghjklmopqrsvwxyz'

/** A word of exactly `length` letters, longer only where so few letters would not tell `index` apart. */
export function letters(index: number, length: number): string {
  let word = ''
  for (let rest = index; rest > 0 || word === ''; rest = Math.floor(rest / alphabet.length)) {
    word = alphabet.charAt(rest % alphabet.length) + word
  }
  return word.padStart(length, alphabet.charAt(0))
}

function invalidText(index: number, encoding: string): InvalidText {
  const word = Buffer.from(letters(index, 3), encoding === 'UTF-8' ? 'utf8' : 'utf16le')
  // No text ends with half a surrogate pair or with 0xFF.
  if (encoding === 'UTF-8') return new InvalidText(Buffer.concat([word, Buffer.from([0xff])]))
  if (encoding === 'UTF-16be') word.swap16()
  return new InvalidText(Buffer.concat([word, Buffer.from(encoding === 'UTF-16le' ? [0x00, 0xd8] : [0xd8, 0x00])]))
}

function isoText(index: number, format: { separator: string; fraction: string; zone: string }): string {
  const text = new Date(Date.UTC(2001, 0, 1) + index * 61_000).toISOString()
  const digits = Number.parseInt(format.fraction, 10)
  const fraction = digits === 0 ? '' : `.${(format.fraction.endsWith('z') ? '' : '1').padEnd(digits, '0')}`
  const date = format.separator === '' ? '' : `${text.slice(0, 10)}${format.separator}`
  return `${date}${text.slice(11, 19)}${fraction}${format.zone}`
}

function uuidText(index: number): string {
  return `a1b2c3d4-0000-4000-8000-${index.toString(16).padStart(12, '0')}`
}
