import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mayHoldCommand } from './command-scan.ts'
import { parseCommands, type Command } from './comments.ts'

const sha = '0123456789abcdef0123456789abcdef01234567'

const commands: readonly (readonly [string, Command])[] = [
  ['/approve', { kind: 'approve' }],
  ['/Approve', { kind: 'approve' }],
  ['  /approve  ', { kind: 'approve' }],
  [`/approve ${sha}`, { kind: 'approve', sha }],
  [`/approve ${sha.toUpperCase()} acceptance`, { kind: 'approve', sha, gate: 'acceptance' }],
  [`/approve acceptance ${sha}`, { kind: 'approve', sha, gate: 'acceptance' }],
  ['/approve acceptance', { kind: 'approve', gate: 'acceptance' }],
  ['/approve 0123456', { kind: 'approve', sha: '0123456' }],
  ['Fine.\n/approve', { kind: 'approve' }],
  ['Fine.\r\n/approve\r\nThanks.', { kind: 'approve' }],
  ['Fine.\r/approve', { kind: 'approve' }],
  ['Fine.  \n/approve', { kind: 'approve' }],
  ['# Verdict\n\n/approve', { kind: 'approve' }],
  ['<b>x</b>\n/approve', { kind: 'approve' }],
  ['/revoke', { kind: 'revoke' }],
  ['/hold', { kind: 'hold' }],
  ['/hold until *Monday*, see `log`', { kind: 'hold', reason: 'until *Monday*, see `log`' }],
  ['/unhold', { kind: 'unhold' }],
  ['/status', { kind: 'status' }],
  ['/help', { kind: 'help' }],
  ['/accept-policy 0123456789ab', { kind: 'accept-policy', hash: '0123456789ab' }],
  ['/aprove', { kind: 'unknown', word: 'aprove', meant: 'approve' }],
  ['/appprove', { kind: 'unknown', word: 'appprove', meant: 'approve' }],
  ['/apporve', { kind: 'unknown', word: 'apporve', meant: 'approve' }],
  ['/assign', { kind: 'unknown', word: 'assign' }],
]

test.each(commands)('parseCommands() reads %j', (body, command) => {
  expect(mayHoldCommand(body)).toBe(true)
  expect(parseCommands(body)).toEqual([command])
})

const nothing: readonly string[] = [
  '',
  'approve',
  'please /approve',
  'a/approve',
  '> /approve',
  '> quoted\n/approve',
  '```\n/approve\n```',
  '~~~\n/approve',
  '    /approve',
  '`/approve`',
  '- /approve',
  '1. /approve',
  '# /approve',
  '<!-- /approve -->',
  '<!--\n/approve\n-->',
  'x <!--\n/approve\n-->',
  '<details>\n/approve\n</details>',
  '[/approve](https://example.com)',
  '**/approve**',
  '\\/approve',
  '&#47;approve',
  '\u202e/approve',
  '\u200b/approve',
  '／approve',
  '//approve',
  '/ approve',
  '/123',
  '[x]: /approve',
  `${'x'.repeat(70_000)}\n/approve`,
]

test.each(nothing)('parseCommands() finds nothing in %j', (body) => {
  expect(parseCommands(body)).toEqual([])
})

const malformed: readonly string[] = [
  '/approve looks good to me',
  '/approve looks good',
  '/approve <!-- x -->',
  '/approve аcceptance',
  `/approve ${sha} ${sha}`,
  '/revoke now',
  '/accept-policy',
  '/accept-policy 123',
]

test.each(malformed)('parseCommands() says what is wrong with %j', (body) => {
  expect(parseCommands(body)).toMatchObject([{ kind: 'malformed' }])
})

test('parseCommands() reads hostile Markdown and never throws', () => {
  const hostile = [
    '>',
    '[',
    '*a ',
    '_a',
    '`',
    '- ',
    '> - ',
    '1. > ',
    '+ * - ',
    '>\t',
    '>\n> >\n',
    '[a](b',
    '<a ',
    '&',
    '![',
    '/x\n',
    '\\',
  ]
  for (const part of hostile) {
    expect(parseCommands(`/approve\n\n${part.repeat(20_000).slice(0, 20_000)}`)[0]).toEqual({ kind: 'approve' })
  }
  let seen = 0
  const words = fc.constantFrom(
    '/approve',
    '/hold',
    '\n',
    '\r',
    ' ',
    '>',
    '```',
    '<!--',
    '-->',
    '- ',
    '`',
    '\u202e',
    'a'.repeat(40),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      seen += 1
      return Array.isArray(parseCommands(parts.join('')))
    }),
    { numRuns: 500, seed: 20_261_123 },
  )
  expect(seen).toBe(500)
})

test('parseCommands() keeps the order and ends at ten', () => {
  expect(parseCommands('/hold\n/approve\n\ntext\n\n/unhold').map(({ kind }) => kind)).toEqual([
    'hold',
    'approve',
    'unhold',
  ])
  expect(parseCommands('/approve\n'.repeat(50))).toHaveLength(10)
})
