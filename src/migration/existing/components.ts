/** Tables that must be filled together, because their foreign keys form a cycle; most hold one table and none. */
export interface Component {
  readonly tables: readonly string[]
  readonly cyclic: boolean
}

/**
 * Orders tables so that parents come before children, by Tarjan's strongly connected components: these are found
 * children last, which is the order that is wanted.
 *
 * @param parents the tables that a table's foreign keys point to
 */
export function parentsFirst(
  tables: readonly string[],
  parents: (table: string) => readonly string[],
): readonly Component[] {
  const found: Component[] = []
  const numbers = new Map<string, number>()
  const lows = new Map<string, number>()
  const stack: string[] = []
  const known = new Set(tables)
  const visit = (table: string): void => {
    numbers.set(table, numbers.size)
    lows.set(table, numbers.size - 1)
    stack.push(table)
    for (const parent of parents(table)) {
      if (!known.has(parent)) continue
      if (!numbers.has(parent)) {
        visit(parent)
        lows.set(table, Math.min(lows.get(table) ?? 0, lows.get(parent) ?? 0))
      } else if (stack.includes(parent)) {
        lows.set(table, Math.min(lows.get(table) ?? 0, numbers.get(parent) ?? 0))
      }
    }
    if (lows.get(table) !== numbers.get(table)) return
    const members = stack.splice(stack.indexOf(table)).toSorted()
    found.push({ tables: members, cyclic: members.length > 1 || parents(table).includes(table) })
  }
  for (const table of tables) if (!numbers.has(table)) visit(table)
  return found
}
