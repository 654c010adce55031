import { sha256 } from '../../core/index.ts'
import { defaults } from '../limits.ts'
import { luaSource } from './library.lua.ts'

/** A library of server-side functions, ready for FUNCTION LOAD. */
export interface FunctionLibrary {
  readonly name: string
  readonly code: string
}

/**
 * Names the library after its content. Redis refuses a function name that another library has, and replacing a library
 * would change the rules under a running older release: so two releases stand side by side.
 */
export function createLibrary(
  options: { readonly dedupeWindowMs?: number; readonly lua?: string } = {},
): FunctionLibrary {
  const source = (options.lua ?? luaSource)
    .replaceAll('@WINDOW_MS@', String(options.dedupeWindowMs ?? defaults.dedupeWindowMs))
    .replaceAll('@ANSWER_MS@', String(defaults.answerMs))
  const name = `hive_${sha256(source).slice(0, 10)}`
  return { name, code: `#!lua name=${name}\n${source.replaceAll('@LIBRARY@', name)}` }
}
