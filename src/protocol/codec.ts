import { canonicalJson, fault, sha256 } from '../core/index.ts'
import { eventSchema, type HiveEvent } from './envelope.ts'
import { findUnsafeJson } from './json-safety.ts'
import { limits } from './limits.ts'

const attributeName = /^[a-z0-9]{1,20}$/

/**
 * Checks a parsed JSON value as an event.
 *
 * @param filled attributes that the edge knows better than the sender: `source` from its token
 * @throws HIVE_MESSAGE_INVALID with the path of the first problem
 */
export function parseEvent(value: unknown, filled: Readonly<Record<string, string>> = {}): HiveEvent {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw fault('HIVE_MESSAGE_INVALID', { problem: 'the body is not a JSON object' })
  }
  const unsafe = findUnsafeJson(value)
  if (unsafe !== undefined) throw fault('HIVE_MESSAGE_INVALID', unsafe)
  const badName = Object.keys(value).find((name) => !attributeName.test(name))
  if (badName !== undefined) {
    throw fault('HIVE_MESSAGE_INVALID', {
      path: badName.slice(0, 40),
      problem: 'attribute names are 1 to 20 characters of a-z and 0-9',
    })
  }
  const result = eventSchema.safeParse({ ...value, ...filled })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw fault('HIVE_MESSAGE_INVALID', {
    path: issue === undefined ? '' : issue.path.join('.'),
    problem: issue === undefined ? 'the event does not match its schema' : lowerFirst(issue.message),
  })
}

/** Parses an event from text. @throws HIVE_MESSAGE_INVALID, HIVE_MESSAGE_TOO_LARGE */
export function decodeEvent(text: string): HiveEvent {
  checkSize(text)
  return parseEvent(parseJson(text))
}

/** JSON that any CloudEvents library reads. @throws HIVE_MESSAGE_TOO_LARGE */
export function encodeEvent(event: HiveEvent): string {
  const text = JSON.stringify(event)
  checkSize(text)
  return text
}

/** `JSON.parse` whose error is one of ours. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw fault('HIVE_MESSAGE_INVALID', { problem: 'the body is not JSON' }, error)
  }
}

/**
 * What makes two messages of one id the same: SHA-256 (128 bits of it) over all attributes but those that an honest
 * repetition may change, the time stamp and the trace context.
 */
export function contentHash(event: HiveEvent): string {
  const { time: _time, traceparent: _parent, tracestate: _state, ...content } = event
  return sha256(canonicalJson(content)).slice(0, 32)
}

function checkSize(text: string): void {
  if (text.length > limits.eventBytes || Buffer.byteLength(text) > limits.eventBytes) {
    throw fault('HIVE_MESSAGE_TOO_LARGE', { limitBytes: limits.eventBytes })
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
