import { fault } from '../core/index.ts'
import type { ColumnDecision, Decisions, OrphanDecision, TableDecision } from './decisions.ts'
import { stemOf } from './names.ts'

/** Looks decisions up by `schema.name`, `stem.name` or `name`, and knows in the end which met nothing. */
export class DecisionBook {
  readonly #decisions: Decisions
  readonly #used = new Set<string>()

  constructor(decisions: Decisions) {
    this.#decisions = decisions
  }

  column(schema: string, path: string, name: string): ColumnDecision | undefined {
    return this.#find(this.#decisions.columns, { schema, path, name, section: 'columns' })
  }

  foreignKey(schema: string, path: string, name: string): OrphanDecision | undefined {
    return this.#find(this.#decisions.foreignKeys, { schema, path, name, section: 'foreignKeys' })
  }

  table(schema: string, path: string, name: string): TableDecision | undefined {
    return this.#find(this.#decisions.tables, { schema, path, name, section: 'tables' })
  }

  /** A decision about something that is not there is a mistake of spelling, or about a database that has changed. */
  refuseUnused(): void {
    for (const section of ['columns', 'foreignKeys', 'tables'] as const) {
      for (const key of Object.keys(this.#decisions[section] ?? {})) {
        if (this.#used.has(`${section}:${key}`)) continue
        throw fault('HIVE_DECISION', { decision: key, problem: `no such name under ${section} in any source` })
      }
    }
  }

  #find<T>(
    decisions: Readonly<Record<string, T>> | undefined,
    place: { schema: string; path: string; name: string; section: string },
  ): T | undefined {
    if (decisions === undefined) return undefined
    let found: T | undefined
    for (const key of [place.name, `${stemOf(place.path)}.${place.name}`, `${place.schema}.${place.name}`]) {
      if (!Object.hasOwn(decisions, key)) continue
      this.#used.add(`${place.section}:${key}`)
      found = decisions[key]
    }
    return found
  }
}
