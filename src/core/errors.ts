import { catalogue } from './catalogue/index.ts'
import type { CatalogueEntry, FaultExitCode } from './catalogue/entry.ts'

export type Catalogue = typeof catalogue
export type ErrorCode = keyof Catalogue

/** What the code's message and hint need to be written: the fields that the catalogue entry names. */
export type ErrorData<Code extends ErrorCode> = Parameters<Catalogue[Code]['message']>[0] &
  (Catalogue[Code]['hint'] extends (data: infer Data) => string ? Data : unknown)

interface HiveErrorParts {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly exitCode: FaultExitCode
  readonly data: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** The one error type of the product. Make it with {@link fault}; tell errors apart by `code`, never by message. */
export class HiveError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly exitCode: FaultExitCode
  readonly data: Readonly<Record<string, unknown>>

  constructor(parts: HiveErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.name = 'HiveError'
    this.code = parts.code
    this.hint = parts.hint
    this.exitCode = parts.exitCode
    this.data = parts.data
  }

  /** Where the documentation explains this code. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`
  }
}

/**
 * Makes the error of a catalogue code.
 *
 * @example throw fault('HIVE_SOURCE_LOCKED', { path: 'agents.db' }, cause)
 */
export function fault<Code extends ErrorCode>(code: Code, data: ErrorData<Code>, cause?: unknown): HiveError {
  const entry: CatalogueEntry = catalogue[code]
  const fields = data as never
  return new HiveError({
    code,
    message: entry.message(fields),
    hint: typeof entry.hint === 'string' ? entry.hint : entry.hint(fields),
    exitCode: entry.exitCode,
    data: { ...(data as object) },
    cause,
  })
}

export function isHiveError(error: unknown, code?: ErrorCode): error is HiveError {
  return error instanceof HiveError && (code === undefined || error.code === code)
}

const diskErrors = new Set(['ENOSPC', 'EROFS', 'EDQUOT'])

/** Gives any thrown value the shape of a catalogue error; what is not foreseen becomes `HIVE_INTERNAL`. */
export function toHiveError(error: unknown): HiveError {
  if (error instanceof HiveError) return error
  const { code, path, message } = describeUnknown(error)
  if (code !== undefined && diskErrors.has(code)) {
    return fault('HIVE_DISK', { path: path ?? 'a file', problem: message }, error)
  }
  return fault('HIVE_INTERNAL', { problem: message }, error)
}

function describeUnknown(error: unknown): { code?: string; path?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, path } = error as NodeJS.ErrnoException
  return {
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof path === 'string' ? { path } : {}),
  }
}
