import { createHash } from 'node:crypto'

/**
 * JSON with keys sorted by UTF-16 code units and no spaces: equal values give equal bytes, in any language, so that
 * they can be hashed. Written by hand, because JavaScript's own objects put keys such as "10" before all others.
 */
export function canonicalJson(value: unknown): string {
  const plain: unknown = hasToJson(value) ? value.toJSON() : value
  if (Array.isArray(plain)) return `[${plain.map((item: unknown) => canonicalJson(item ?? null)).join(',')}]`
  if (plain === null || typeof plain !== 'object') return JSON.stringify(plain) ?? 'null'
  const members = Object.entries(plain)
    .filter(([, item]) => item !== undefined && typeof item !== 'function')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}

function hasToJson(value: unknown): value is { toJSON: () => unknown } {
  return typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** SHA-256 of the canonical JSON of a value. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value))
}
