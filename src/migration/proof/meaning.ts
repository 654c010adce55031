/**
 * What a value means, in one form for both sides of the comparison: integers, timestamps, times and dates as bigint,
 * reals and what counts in reals as number, text as string, bytes as Buffer.
 */
export type Meaning = null | bigint | number | string | boolean | Buffer

export function sameMeaning(a: Meaning, b: Meaning): boolean {
  if (typeof a === 'number') return Object.is(a, b)
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0
  return a === b
}

/** For people; bytes in hexadecimal. */
export function meaningText(value: Meaning, limit = 120): string {
  if (value === null) return 'NULL'
  const text =
    value instanceof Uint8Array
      ? `\\x${value.toString('hex', 0, limit)}`
      : Object.is(value, -0)
        ? '-0.0'
        : String(value)
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`
}

/** Bytes that differ for any two meanings that differ: for digests of rows. */
export function meaningBytes(value: Meaning): Buffer {
  if (value === null) return Buffer.from('n')
  switch (typeof value) {
    case 'bigint':
      return Buffer.from(`i${value}`)
    case 'number': {
      const bytes = Buffer.alloc(9, 'r')
      bytes.writeDoubleBE(value, 1)
      return bytes
    }
    case 'boolean':
      return Buffer.from(value ? 't' : 'f')
    case 'string':
      return Buffer.from(`s${value}`)
    default:
      return Buffer.concat([Buffer.from('b'), value])
  }
}
