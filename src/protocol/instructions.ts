import type { DeliveryInstructions } from './bus.ts'

/** Attributes that decide over delivery. Most events have none, and parsing one costs more than all else here. */
const named = /"(?:notbefore|expirytime|supersedekey|causationid)"/

/** What of an event, as JSON that was checked before, decides over its delivery; undefined where nothing does. */
export function instructionsOf(event: string): DeliveryInstructions | undefined {
  if (!named.test(event)) return undefined
  const { notbefore, expirytime, supersedekey, causationid, type } = JSON.parse(event) as Readonly<
    Record<string, string | undefined>
  >
  return {
    ...(notbefore === undefined ? {} : { notBeforeMs: Date.parse(notbefore) }),
    ...(expirytime === undefined ? {} : { expiresAtMs: Date.parse(expirytime) }),
    ...(supersedekey === undefined ? {} : { supersedeKey: supersedekey }),
    ...(type === 'hive.reply' && causationid !== undefined ? { answers: causationid } : {}),
  }
}
