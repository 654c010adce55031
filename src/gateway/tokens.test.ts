import { expect, test } from 'vitest'
import { createAuthenticator, parseTokens } from './tokens.ts'

const alice = 'a'.repeat(40)
const bob = 'b'.repeat(40)
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'none'
}

test('authenticate() knows each agent by its token', () => {
  const { authenticate, has } = createAuthenticator({ alice, bob })
  expect(authenticate(`Bearer ${alice}`)).toBe('alice')
  expect(authenticate(`bearer ${bob}`)).toBe('bob')
  expect([has('alice'), has('carol')]).toEqual([true, false])
})

test.each([
  undefined,
  '',
  alice,
  `Basic ${alice}`,
  'Bearer',
  `Bearer ${alice}x`,
  `Bearer ${alice.slice(1)}`,
  'Bearer é',
])('authenticate() refuses the header %j', (header) => {
  const { authenticate } = createAuthenticator({ alice })
  expect(codeOf(() => authenticate(header))).toBe('HIVE_GATEWAY_UNAUTHENTICATED')
})

test('createAuthenticator() refuses short and shared tokens and bad names', () => {
  for (const tokens of [{ alice: 'short' }, { alice, bob: alice }, { 'a:b': alice }]) {
    expect(codeOf(() => createAuthenticator(tokens))).toBe('HIVE_GATEWAY_TOKENS')
  }
})

test('parseTokens() reads lines and commas, and skips comments', () => {
  expect([...parseTokens(`# team\nalice=${alice}\n\nbob = ${bob}\n`)]).toEqual([
    ['alice', alice],
    ['bob', bob],
  ])
  expect(parseTokens(`alice=${alice},bob=${bob}`).size).toBe(2)
})

test('parseTokens() refuses what it cannot read, without repeating it', () => {
  for (const text of ['', '# nothing', 'secret-without-agent', `alice=${alice}\nalice=${bob}`]) {
    expect(codeOf(() => parseTokens(text))).toBe('HIVE_GATEWAY_TOKENS')
  }
  expect(() => parseTokens('secret-without-agent')).toThrow(/^(?!.*secret)/)
})
