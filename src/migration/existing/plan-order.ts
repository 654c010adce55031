import { parentsFirst, type Component } from './components.ts'
import type { ExistingTable, LinkedKey } from './plan-types.ts'

/**
 * The order in which tables are filled. Within a cycle, keys that can wait (deferrable ones until its end, nullable ones
 * as NULL) are left out of account; what remains must have an order, or the cycle cannot be filled.
 */
export function orderTables(tables: readonly ExistingTable[]): {
  readonly order: readonly Component[]
  readonly stuck: readonly { readonly table: string; readonly key: string }[]
} {
  const byName = new Map(tables.map((table) => [table.target.name, table]))
  const parents = (name: string, counts: (key: LinkedKey) => boolean): readonly string[] =>
    (byName.get(name)?.links ?? []).filter(counts).map(({ parent }) => parent)
  const stuck: { table: string; key: string }[] = []
  const order = parentsFirst([...byName.keys()], (name) => parents(name, () => true)).map((component): Component => {
    if (!component.cyclic) return component
    const isFirm = (name: string) => (key: LinkedKey) => !canWait(byName.get(name), key)
    const inside = parentsFirst(component.tables, (name) => parents(name, isFirm(name)))
    for (const { tables: members, cyclic } of inside) {
      if (!cyclic) continue
      for (const table of members) {
        const keys = byName.get(table)?.links.filter((key) => members.includes(key.parent) && isFirm(table)(key)) ?? []
        stuck.push(...keys.map(({ name }) => ({ table, key: name })))
      }
    }
    return { tables: inside.flatMap(({ tables: members }) => members), cyclic: true }
  })
  return { order, stuck }
}

/** Columns that were NULL at first are filled by the primary key, which the copy must have. */
function canWait(table: ExistingTable | undefined, key: LinkedKey): boolean {
  if (key.deferrable) return true
  if (!key.nullable || table === undefined) return false
  const filled = new Set(table.document.columns.map(({ target }) => target))
  const { primaryKey } = table.target
  return primaryKey.length > 0 && primaryKey.every((name) => filled.has(name) && !key.columns.includes(name))
}
