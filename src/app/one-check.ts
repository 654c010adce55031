import type { CheckFacts } from '../coordination/facts.ts'
import { hiddenRecord, readinessRecordSchema, readRecord, withRecord } from '../coordination/records.ts'
import type { DesiredCheck } from './check-writes.ts'
import { checkName, ownCheck } from './gate-states.ts'

/**
 * `publish.checks: one`: the Checks of gates live as parts in the record of `hive / readiness`, so that a publish costs
 * one write for all of them. Everything else goes on seeing a Check a gate: parts become Checks when they are read, and
 * Checks become parts when they are written.
 */

/** Parts of a Check are read as Checks of their own; an id below zero cannot be updated. */
export function withParts(checks: readonly CheckFacts[], app: string): readonly CheckFacts[] {
  const whole = ownCheck(checks, checkName('readiness'), app)
  const parts = whole === undefined ? [] : (readRecord(whole.text, readinessRecordSchema)?.parts ?? [])
  if (whole === undefined || parts.length === 0) return checks
  const names = new Set(parts.map(({ name }) => name))
  return [
    ...checks.filter((check) => check.app !== app || !names.has(check.name)),
    ...parts.map(({ name, title, conclusion, text }): CheckFacts => ({
      id: -whole.id,
      headSha: whole.headSha,
      name,
      app,
      externalId: '',
      completed: conclusion !== undefined,
      ...(conclusion === undefined ? {} : { conclusion }),
      title,
      text,
      url: whole.url,
    })),
  ]
}

/** GitHub takes so many annotations a request; the comment has the other findings. */
const annotationsOfAll = 50

/** Puts the Checks of gates into that of readiness, where those of earlier runs stay that this one says nothing of. */
export function asOneCheck(desired: readonly DesiredCheck[], existing: readonly CheckFacts[]): readonly DesiredCheck[] {
  const whole = desired.find(({ name }) => name === checkName('readiness'))
  const record = whole === undefined ? undefined : readRecord(whole.text, readinessRecordSchema)
  if (whole === undefined || record === undefined) return desired
  const gates = desired.filter((check) => check !== whole)
  const names = new Set(gates.map(({ name }) => name))
  const kept = existing.filter(({ id, name }) => id < 0 && !names.has(name))
  const parts = [...kept, ...gates]
    .map(({ name, title, conclusion, text }) => ({
      name,
      title,
      ...(conclusion === undefined ? {} : { conclusion }),
      text: hiddenRecord(text),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return [
    {
      ...whole,
      text: withRecord('', { ...record, parts }),
      annotations: gates.flatMap(({ annotations }) => annotations).slice(0, annotationsOfAll),
      renew: gates.some(({ renew }) => renew),
    },
  ]
}
