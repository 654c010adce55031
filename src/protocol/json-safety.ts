import { limits } from './limits.ts'

const forbiddenText = /\0|\p{Surrogate}/u
const forbiddenKeys = new Set(['__proto__'])

/**
 * Says what in a parsed JSON value would not survive the way through PostgreSQL, Redis and other languages:
 * NUL and lone surrogates in text or keys, integers beyond ±(2^53−1), numbers that overflow, nesting beyond the limit.
 *
 * @returns the first problem and its path, or undefined
 */
export function findUnsafeJson(value: unknown): { path: string; problem: string } | undefined {
  return inspect(value, '', 0)
}

function inspect(value: unknown, path: string, depth: number): { path: string; problem: string } | undefined {
  if (typeof value === 'string') {
    return forbiddenText.test(value) ? { path, problem: 'text holds NUL or a lone surrogate' } : undefined
  }
  if (typeof value === 'number') return inspectNumber(value, path)
  if (value === null || typeof value !== 'object') return undefined
  if (depth >= limits.depth) return { path, problem: `nested deeper than ${limits.depth} levels` }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = inspect(item, `${path}[${index}]`, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  for (const [key, item] of Object.entries(value)) {
    if (forbiddenKeys.has(key) || forbiddenText.test(key)) return { path, problem: 'a key holds forbidden text' }
    const found = inspect(item, path === '' ? key : `${path}.${key}`, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function inspectNumber(value: number, path: string): { path: string; problem: string } | undefined {
  if (!Number.isFinite(value)) return { path, problem: 'a number is too large' }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return { path, problem: 'an integer is beyond 2^53-1 and would change; send it as text' }
  }
  return undefined
}
