import { basename, dirname, extname } from 'node:path'
import { fault, sha256 } from '../core/index.ts'

/** Quotes an identifier for PostgreSQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

const maximumBytes = 63

/** Hands out PostgreSQL names that differ from each other; names stay exact wherever they can. */
export class Namer {
  readonly #taken: Set<string>
  readonly #fold: boolean

  constructor(options: { readonly fold: boolean; readonly reserved?: readonly string[] }) {
    this.#fold = options.fold
    this.#taken = new Set(options.reserved)
  }

  /** Empty names, names over 63 bytes and names that are taken end in eight digits of their own hash. */
  name(wanted: string, fallback: string): string {
    const base = this.#fold ? wanted.toLowerCase() : wanted
    const exact = base === '' ? fallback : base
    let name = exact
    for (let attempt = 0; Buffer.byteLength(name) > maximumBytes || this.#taken.has(name); attempt += 1) {
      const suffix = `_${sha256(attempt === 0 ? wanted : `${wanted}\0${attempt}`).slice(0, 8)}`
      name = cutToBytes(exact, maximumBytes - suffix.length) + suffix
    }
    this.#taken.add(name)
    return name
  }
}

function cutToBytes(text: string, bytes: number): string {
  let kept = ''
  let size = 0
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > bytes) break
    kept += character
  }
  return kept
}

/** A name that need not differ from others in its schema: those of CHECKs and foreign keys. */
export function cutName(name: string): string {
  return Buffer.byteLength(name) <= 63
    ? name
    : Buffer.from(name)
        .subarray(0, 60)
        .toString()
        .replace(/\uFFFD+$/, '')
}

/** Columns that every PostgreSQL table has already. */
export const systemColumns = ['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'] as const

export interface SourceName {
  readonly path: string
  readonly schema?: string | undefined
}

export function stemOf(path: string): string {
  const name = basename(path)
  return name.slice(0, name.length - extname(name).length)
}

/**
 * The PostgreSQL schema of each source: `public` for a single one, else the stem of its file; reserved and repeated
 * stems are prefixed with the folder's name.
 *
 * @throws HIVE_SCHEMA_NAME where the prefixed name is taken too
 */
export function schemaNames(sources: readonly SourceName[]): readonly string[] {
  const [only] = sources
  if (sources.length === 1 && only !== undefined) return [checked(only.path, only.schema ?? 'public')]
  const stems = sources.map(({ path, schema }) => schema ?? stemOf(path))
  const seen = new Set<string>()
  return sources.map(({ path, schema }, index) => {
    const stem = stems[index] ?? ''
    const isRepeated = stems.filter((other) => other === stem).length > 1
    const name = schema === undefined && (isReserved(stem) || isRepeated) ? `${basename(dirname(path))}_${stem}` : stem
    if (seen.has(name)) {
      throw fault('HIVE_SCHEMA_NAME', { path, schema: name, problem: 'another source goes there already' })
    }
    seen.add(name)
    return checked(path, name)
  })
}

function isReserved(name: string): boolean {
  return name === 'hive' || name === 'public' || name === 'information_schema' || name.startsWith('pg_')
}

function checked(path: string, name: string): string {
  const problem =
    name === '' || name.includes('\0')
      ? 'it is no name'
      : Buffer.byteLength(name) > maximumBytes
        ? 'it is longer than 63 bytes'
        : isReserved(name) && name !== 'public'
          ? 'it is reserved'
          : undefined
  if (problem !== undefined) throw fault('HIVE_SCHEMA_NAME', { path, schema: name, problem })
  return name
}
