import { CloudEvent, type CloudEventV1 } from 'cloudevents'
import { expect, test } from 'vitest'
import { contentHash, decodeEvent, encodeEvent, parseEvent } from './codec.ts'
import { limits } from './limits.ts'

const valid = {
  specversion: '1.0',
  id: 'm-1',
  source: 'database_migration',
  type: 'hive.status.update',
  recipient: 'coordinator',
  data: { done: 12, of: 23, text: 'é \u{1F41D}' },
}

function refused(value: unknown): string {
  try {
    parseEvent(value)
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`
  }
  return 'accepted'
}

test('an event survives encoding and decoding', () => {
  const event = parseEvent({
    ...valid,
    time: '2026-11-25T09:00:00Z',
    correlationid: 'c-1',
    priority: 3,
    custom: 'kept',
  })
  expect(decodeEvent(encodeEvent(event))).toEqual(event)
  expect(event).toMatchObject({ custom: 'kept', correlationid: 'c-1' })
})

test('an event is a CloudEvent to the library of the standard', () => {
  const event = JSON.parse(encodeEvent(parseEvent(valid))) as Partial<CloudEventV1<unknown>>
  expect(new CloudEvent(event).validate()).toBe(true)
})

test.each([
  ['no object', 'text'],
  ['an array', []],
  ['no id', { ...valid, id: undefined }],
  ['an id with a space', { ...valid, id: 'a b' }],
  ['an id that is too long', { ...valid, id: 'x'.repeat(limits.idLength + 1) }],
  ['another spec version', { ...valid, specversion: '0.3' }],
  ['an unknown type', { ...valid, type: 'hive.gossip' }],
  ['a recipient that would break the key', { ...valid, recipient: 'a:b}' }],
  ['an attribute name in capitals', { ...valid, traceParent: 'x' }],
  ['an extension that is an object', { ...valid, custom: { a: 1 } }],
  ['a time that is none', { ...valid, time: 'yesterday' }],
  ['a NUL', { ...valid, data: 'a\0b' }],
  ['a lone surrogate', { ...valid, data: ['\ud800'] }],
  ['a lone surrogate in a key', { ...valid, data: { '\udc00': 1 } }],
  ['an integer that JavaScript changes', { ...valid, data: { n: 2 ** 53 } }],
  ['a number that overflows', { ...valid, data: JSON.parse('[1e999]') as unknown }],
  ['a __proto__ key', { ...valid, data: JSON.parse('{"__proto__": {"admin": true}}') as unknown }],
  ['deep nesting', { ...valid, data: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown }],
])('parseEvent() refuses %s', (_name, value) => {
  expect(refused(value)).toMatch(/^HIVE_MESSAGE_INVALID could not accept the message: /)
})

test('parseEvent() names the path of what is wrong', () => {
  expect(refused({ ...valid, data: { steps: [{ note: 'a\0' }] } })).toContain('data.steps[0].note: text holds NUL')
  expect(refused({ ...valid, type: 1 })).toContain('type: ')
})

test('decodeEvent() refuses an event over 256 KiB, counted in bytes', () => {
  const text = JSON.stringify({ ...valid, data: 'é'.repeat(limits.eventBytes / 2) })
  expect(text.length).toBeLessThan(limits.eventBytes)
  expect(() => decodeEvent(text)).toThrow(expect.objectContaining({ code: 'HIVE_MESSAGE_TOO_LARGE' }))
})

test('contentHash() is the same for a repetition and differs for other content', () => {
  const event = parseEvent(valid)
  const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const repeated = parseEvent({ ...valid, data: { text: 'é \u{1F41D}', of: 23, done: 12 }, traceparent: trace })
  expect(contentHash(repeated)).toBe(contentHash(event))
  expect(contentHash(parseEvent({ ...valid, data: { done: 13 } }))).not.toBe(contentHash(event))
  expect(contentHash(parseEvent({ ...valid, recipient: 'other' }))).not.toBe(contentHash(event))
})
