/** Process exit codes of every command: a verdict that is negative, a fault, or nothing proved either way. */
export type FaultExitCode = 1 | 2 | 3

/**
 * One permanent error code.
 *
 * `message` follows the grammar "what could not be done: the present value, the wanted value", without a period.
 * `hint` is the next action of the reader, and names only commands that exist.
 * `explanation` is the paragraph of `docs/errors.md`.
 */
export interface CatalogueEntry {
  readonly exitCode: FaultExitCode
  readonly message: (data: never) => string
  readonly hint: string | ((data: never) => string)
  readonly explanation: string
}

/** The part of the catalogue that one area owns. Codes are permanent: add, never rename. */
export type CataloguePart = Readonly<Record<`HIVE_${string}`, CatalogueEntry>>
