import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor, redactValue, secretsOfEnvironment } from './redact.ts'

const redact = createRedactor()

test.each([
  ['postgresql://hive:s3cret@localhost:5432/db', 'postgresql://***@localhost:5432/db'],
  ['redis://:pa%40ss@127.0.0.1:6379', 'redis://***@127.0.0.1:6379'],
  ['host=db password=s3cret user=hive', 'host=db password=*** user=hive'],
  ['Authorization: Bearer abc.def', 'Authorization: ***'],
  ['{"token":"abc","n":1}', '{"token":"***","n":1}'],
  ['?access_token=abc&x=1', '?access_token=***&x=1'],
  ['push with ghs_0123456789abcdef0123 failed', 'push with *** failed'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '***'],
])('createRedactor() masks %j', (text, masked) => {
  expect(redact(text)).toBe(masked)
})

test.each(['the tokenizer read 12 tokens', 'a secret is a string', 'https://example.org/a@b'])(
  'createRedactor() leaves %j alone',
  (text) => {
    expect(redact(text)).toBe(text)
  },
)

test('createRedactor() masks known values wherever they stand, longest first, also percent-encoded', () => {
  const known = createRedactor(['hunter22', 'hunter22-long', 'p@ss/word'])
  expect(known('xhunter22-longx hunter22 p%40ss%2Fword')).toBe('x***x *** ***')
})

test('createRedactor() leaves no part of a password in any URL', () => {
  const password = fc.stringMatching(/^[a-z0-9]{8,20}$/)
  fc.assert(
    fc.property(
      password,
      fc.webPath(),
      (secret, path) => !redact(`see postgres://u:${secret}@h${path} now`).includes(secret),
    ),
  )
  expect(redact('amqp://u:p@h')).toBe('amqp://***@h')
})

test('redactValue() masks inside nested JSON and keeps keys and numbers', () => {
  expect(redactValue({ a: ['redis://:x@h', 1, null], b: { c: true } }, redact)).toEqual({
    a: ['redis://***@h', 1, null],
    b: { c: true },
  })
})

test('secretsOfEnvironment() takes values by the names of their variables', () => {
  expect(secretsOfEnvironment({ GITHUB_TOKEN: 'abc', PATH: '/bin', DB_PASSWORD: 'x', EMPTY_TOKEN: undefined })).toEqual(
    ['abc', 'x'],
  )
})
