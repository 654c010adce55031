import type { Clock, ExitCode, Ids, Redactor, ReportProgress } from '../core/index.ts'

export interface OptionDefinition {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  /** Stands in the help as `--out DIR`. */
  readonly value?: string
  readonly description: string
}

/** What a command may use of the world. Text is redacted before it leaves. */
export interface CommandContext {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly ids: Ids
  readonly redact: Redactor
  /** True with `--json`: then `print` is silent and exactly one `emit` is expected. */
  readonly json: boolean
  /** Writes a line for people to stdout. */
  readonly print: (line?: string) => void
  /** Writes a line about the work to stderr, in both modes. */
  readonly note: (line: string) => void
  /** Writes the one JSON document to stdout with `--json`, and nothing otherwise. */
  readonly emit: (document: unknown) => void
  /** Redraws a live line on stderr in a terminal; prints a line a step elsewhere. */
  readonly progress: ReportProgress
  readonly terminal: {
    readonly columns: number
    readonly colour: boolean
    readonly unicode: boolean
    readonly live: boolean
  }
}

export interface ParsedArguments {
  readonly positionals: readonly string[]
  readonly text: (option: string) => string | undefined
  readonly list: (option: string) => readonly string[]
  readonly flag: (option: string) => boolean
}

export interface Command {
  /** Words after `hive`: `db copy`. */
  readonly name: string
  /** One line for the list of commands: what it does, starting with a verb. */
  readonly summary: string
  /** `SQLITE… --to URL` */
  readonly usage: string
  /** Paragraphs of the help, wrapped at 80 columns. */
  readonly description?: string
  readonly examples: readonly string[]
  readonly options: Readonly<Record<string, OptionDefinition>>
  /** Minimum and maximum number of positionals. */
  readonly positionals: readonly [number, number]
  /** Throws a HiveError for a fault; returns the exit code of the verdict otherwise. */
  readonly run: (context: CommandContext, args: ParsedArguments) => Promise<ExitCode>
}
