import { isStorableJson } from '../json-text.ts'
import { normalDecimal } from './normal-decimal.ts'

/**
 * The value of a JSON text in one way of writing: what `jsonb` keeps. Numbers are compared as decimals of any size,
 * objects by the last of repeated keys, in no order; spacing and escapes do not count.
 *
 * @returns `undefined` where the text is no JSON that PostgreSQL stores
 */
export function jsonMeaning(text: string): string | undefined {
  // Bounds the depth too, and with it the recursion.
  if (!isStorableJson(text)) return undefined
  // The text is valid, so the next character says what begins; JSON.parse itself would round numbers to doubles.
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,]/gs) ?? []
  let at = 0
  const read = (): string => {
    const token = tokens[at] ?? ''
    at += 1
    if (token === '[') {
      const items: string[] = []
      while (tokens[at] !== ']') {
        items.push(read())
        if (tokens[at] === ',') at += 1
      }
      at += 1
      return `[${items.join(',')}]`
    }
    if (token === '{') {
      const members = new Map<string, string>()
      while (tokens[at] !== '}') {
        const key = read()
        at += 1
        members.set(key, read())
        if (tokens[at] === ',') at += 1
      }
      at += 1
      const sorted = [...members].toSorted(([a], [b]) => (a < b ? -1 : 1))
      return `{${sorted.map(([key, value]) => `${key}:${value}`).join(',')}}`
    }
    if (token.startsWith('"')) return JSON.stringify(JSON.parse(token))
    return /^-?\d/.test(token) ? normalDecimal(token.toLowerCase()) : token
  }
  return read()
}
