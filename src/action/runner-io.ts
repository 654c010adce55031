import { randomUUID } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { fault } from '../core/errors.ts'
import { escapeLog } from '../app/texts.ts'
import { inputs, type InputName, type OutputName } from './registry.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The runner's side of the contract: inputs from the environment, outputs and summary into its files, lines into its
 * log. Sixty lines instead of `@actions/core`, which brings undici and the OIDC client along: 412 kB minified, more
 * than everything else that a comment loads.
 */
export interface Runner {
  readonly input: (name: InputName) => string
  readonly output: (name: OutputName, value: string) => Promise<void>
  readonly summary: (markdown: string) => Promise<void>
  readonly log: (line: string) => void
  /** Marks the step as failed in the log; the exit code is the shell's. */
  readonly failure: (title: string, message: string) => void
  readonly mask: (secret: string) => void
  /** Shown where the repository turned step debugging on. */
  readonly debug: (text: string) => void
}

export interface RunnerOptions {
  readonly env: Environment
  readonly write: (line: string) => void
  readonly redact: (text: string) => string
}

export function createRunner({ env, write, redact }: RunnerOptions): Runner {
  const append = async (variable: string, text: string): Promise<void> => {
    const path = env[variable]
    if (path !== undefined && path !== '') await appendFile(path, text)
  }
  return {
    input: (name) => env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim() || inputs[name].default,
    output: async (name, value) => {
      // A delimiter that the value cannot hold: a value may come from a pull request.
      const delimiter = `hive_${randomUUID()}`
      await append('GITHUB_OUTPUT', `${name}<<${delimiter}\n${redact(value)}\n${delimiter}\n`)
    },
    summary: (markdown) => append('GITHUB_STEP_SUMMARY', `${redact(markdown)}\n`),
    log: (line) => write(escapeLog(redact(line))),
    failure: (title, message) =>
      write(`::error title=${escapeProperty(redact(title))}::${escapeData(redact(message))}`),
    debug: (text) => write(`::debug::${escapeData(redact(text))}`),
    mask: (secret) => {
      if (secret !== '') write(`::add-mask::${escapeData(secret)}`)
    },
  }
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** A whole number of an input, within bounds. */
export function numberInput(
  runner: Runner,
  name: InputName,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = runner.input(name)
  const number = Number(value)
  if (!/^[0-9]+$/.test(value) || number < min || number > max) {
    throw fault('HIVE_ACTION_INPUT', { input: name, value, wanted: `a whole number from ${min} to ${max}` })
  }
  return number
}
