import type { Requirement } from '../requirement.ts'
import { configurationRequirements } from './configuration.ts'
import { deadLetterRequirements } from './dead-letters.ts'
import { dedupeRequirements } from './dedupe.ts'
import { deliveryRequirements } from './delivery.ts'
import { scheduleRequirements } from './schedule.ts'
import { settlementRequirements } from './settlement.ts'
import { workRequirements } from './work.ts'

/** Every requirement, in the order of docs/protocol.md. Ids are permanent: add, never renumber. */
export const requirements: readonly Requirement[] = [
  ...deliveryRequirements,
  ...dedupeRequirements,
  ...settlementRequirements,
  ...configurationRequirements,
  ...deadLetterRequirements,
  ...scheduleRequirements,
  ...workRequirements,
]
