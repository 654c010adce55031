import { configErrors } from './config.ts'
import { coordinationErrors } from './coordination.ts'
import { environmentErrors } from './environment.ts'
import { gatesErrors } from './gates.ts'
import { generalErrors } from './general.ts'
import { githubErrors } from './github.ts'
import { loadErrors } from './load.ts'
import { messagingErrors } from './messaging.ts'
import { migrationErrors } from './migration.ts'
import { proofErrors } from './proof.ts'

/** Every error code of the product, by area. `docs/errors.md` is generated from it. */
export const catalogueParts = {
  general: generalErrors,
  config: configErrors,
  environment: environmentErrors,
  migration: migrationErrors,
  proof: proofErrors,
  messaging: messagingErrors,
  load: loadErrors,
  gates: gatesErrors,
  github: githubErrors,
  coordination: coordinationErrors,
} as const

export const catalogue = {
  ...generalErrors,
  ...configErrors,
  ...environmentErrors,
  ...migrationErrors,
  ...proofErrors,
  ...messagingErrors,
  ...loadErrors,
  ...gatesErrors,
  ...githubErrors,
  ...coordinationErrors,
} as const
