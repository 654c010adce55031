import type { AwkwardCase } from './awkward/case.ts'
import { namesAndKeys } from './awkward/names-and-keys.ts'
import { numbersAndTimes } from './awkward/numbers-and-times.ts'
import { rulesAndObjects } from './awkward/rules-and-objects.ts'
import { textsAndBytes } from './awkward/texts-and-bytes.ts'

export const awkwardCases: readonly AwkwardCase[] = [
  ...numbersAndTimes,
  ...textsAndBytes,
  ...namesAndKeys,
  ...rulesAndObjects,
]
