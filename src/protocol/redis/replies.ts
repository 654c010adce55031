import { fault } from '../../core/index.ts'
import type { AnswerState, DeadLetter, Delivery, PublishOutcome, ReceiveResult } from '../bus.ts'

/** Reads what the functions answer. Anything else than the agreed shape is a fault, never an empty result. */

export function parseOutcomes(reply: unknown): readonly PublishOutcome[] {
  return list(reply).map((item) => parseOutcome(text(item)))
}

function parseOutcome(answer: string): PublishOutcome {
  const [kind = '', first = '', second = ''] = answer.split(' ')
  switch (kind) {
    case 'published':
      return { kind, depth: Number(first), entries: second === '' ? [] : second.split(',') }
    case 'duplicate':
      return { kind, entries: first === '' ? [] : first.split(',') }
    case 'conflict':
      return { kind, buried: Number(first) }
    case 'full':
      return { kind, depth: Number(first) }
    case 'failed':
      return { kind, problem: answer.slice('failed '.length) }
    default:
      throw unexpected(answer)
  }
}

/** One reply an inbox: what was received, or the error of that inbox alone. */
export function parseReplies(reply: unknown): readonly unknown[] {
  return list(reply)
}

/** @throws HIVE_PROTOCOL_REDIS where the inbox could not be read */
export function parseReceived(reply: unknown, consumer: string): ReceiveResult {
  const [problem, ...others] = list(reply)
  if (others.length === 0) throw fault('HIVE_PROTOCOL_REDIS', { problem: text(problem) })
  const [flags, flat, buried, dueIn] = list(reply)
  const items = list(flat)
  const deliveries: Delivery[] = []
  for (let at = 0; at + 3 < items.length; at += 4) {
    const deliveriesOfEntry = Number(items[at + 2])
    deliveries.push({
      token: { entry: text(items[at + 1]), deliveries: deliveriesOfEntry, consumer },
      attempt: Number(items[at]) + deliveriesOfEntry,
      event: text(items[at + 3]),
    })
  }
  return {
    deliveries,
    settled: parseFlags(flags),
    buried: Number(buried),
    ...(Number(dueIn) < 0 ? {} : { dueInMs: Number(dueIn) }),
  }
}

export function parseFlags(reply: unknown): readonly boolean[] {
  return list(reply).map((flag) => flag === 1)
}

export function parseAnswer(value: string | null): AnswerState {
  if (value === null) return { kind: 'unknown' }
  if (value.startsWith('?')) return { kind: 'waiting' }
  return value.startsWith('!') ? { kind: 'dead', reason: value.slice(1) } : { kind: 'answered', event: value }
}

export function parseDeadLetters(reply: unknown): readonly DeadLetter[] {
  return list(reply).map((item) => {
    const [entry, fields] = list(item)
    const values = list(fields).map(text)
    const field = (name: string): string => {
      const at = values.findIndex((value, index) => index % 2 === 0 && value === name)
      return at === -1 ? '' : (values[at + 1] ?? '')
    }
    return {
      entry: text(entry),
      agent: field('agent'),
      event: field('e'),
      reason: field('reason'),
      deliveries: Number(field('deliveries')),
      ...(field('code') === '' ? {} : { code: field('code') }),
    }
  })
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw unexpected(value)
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw unexpected(value)
}

function unexpected(value: unknown): Error {
  return fault('HIVE_PROTOCOL_REDIS', { problem: `a function answered ${JSON.stringify(value ?? null).slice(0, 80)}` })
}
