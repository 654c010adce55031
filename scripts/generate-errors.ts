import { catalogueParts } from '../src/core/catalogue/index.ts'
import type { CatalogueEntry } from '../src/core/catalogue/entry.ts'

/** docs/errors.md, written from the catalogue: the heading of a code is the anchor that every error prints. */
export function generateErrors(): { path: string; text: string }[] {
  const sections = Object.entries(catalogueParts).flatMap(([area, part]) => {
    const entries = Object.entries(part as Readonly<Record<string, CatalogueEntry>>)
    return entries.length === 0
      ? []
      : [`## ${titles[area] ?? area}`, ...entries.map(([code, entry]) => section(code, entry))]
  })
  const text = [
    '# Errors',
    'You have an error code and want to know what it means. Codes are permanent: they are never renamed and never mean something else. Tell errors apart by their code, never by their message.',
    'Exit codes are the same everywhere: **0** passed or done, **1** a negative verdict, **2** a fault, **3** undecided. Words in ‹angle quotes› stand for the value of the moment.',
    '<!-- Written by `npm run generate` from src/core/catalogue. -->',
    ...sections,
  ].join('\n\n')
  return [{ path: 'docs/errors.md', text: `${text}\n` }]
}

const titles: Readonly<Record<string, string>> = {
  general: 'General',
  config: 'Configuration',
  environment: 'Servers and tools',
  migration: 'SQLite → PostgreSQL',
  proof: 'Profiles and proofs',
  messaging: 'Messages',
  load: 'Load test',
  gates: 'Gates',
  github: 'GitHub',
  coordination: 'Coordination',
}

function section(code: string, entry: CatalogueEntry): string {
  const data = placeholders()
  const hint = typeof entry.hint === 'string' ? entry.hint : entry.hint(data)
  return [
    `### ${code}`,
    `> ${entry.message(data)}`,
    entry.explanation,
    `**What to do**: ${hint}. Exit code ${entry.exitCode}.`,
  ].join('\n\n')
}

/** Stands in for the data of any message: each field prints as its own name. */
function placeholders(): never {
  return new Proxy({}, { get: (_target, name) => placeholder(String(name)) }) as never
}

function placeholder(name: string): unknown {
  const text = `‹${name}›`
  return new Proxy(Object(text) as object, {
    get: (_target, key) => {
      if (key === Symbol.toPrimitive || key === 'toString' || key === 'valueOf') return () => text
      if (key === Symbol.iterator) return [text][Symbol.iterator].bind([text])
      if (key === 'length') return 1
      return (...args: readonly unknown[]) => {
        const value = (key === 'map' || key === 'slice' || key === 'filter' ? [text] : text) as unknown
        const method = (value as Readonly<Record<PropertyKey, unknown>>)[key]
        return typeof method === 'function'
          ? (method as (...words: readonly unknown[]) => unknown).apply(value, [...args])
          : text
      }
    },
  })
}
