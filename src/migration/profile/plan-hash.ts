import { hashOf } from '../../core/index.ts'
import type { PlanSource } from '../documents.ts'

/**
 * SHA-256 of what a plan does to one source: tables, keys, types, conversions, decisions, and what is not carried over.
 * Path, schema and the words of reasons are left out, so that the plan made beside the data and the plan made from its
 * profile have one hash.
 */
export function sourcePlanHash(source: PlanSource): string {
  return hashOf({
    tables: source.tables.map(({ columns, ...table }) => ({
      ...table,
      columns: columns.map(({ reason: _words, ...column }) => column),
    })),
    notCarried: source.notCarried.map(({ kind, name }) => ({ kind, name })),
  })
}
