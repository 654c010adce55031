import type { NotCarried } from './documents.ts'
import type { Inventory } from './inventory.ts'

/** Views, triggers and virtual tables: listed with what to do, never dropped in silence. */
export function otherNotCarried(inventory: Inventory): readonly NotCarried[] {
  const shadows = inventory.others.filter(({ kind }) => kind === 'shadow-table').map(({ name }) => name)
  return inventory.others.flatMap(({ kind, name, sql }): NotCarried[] => {
    switch (kind) {
      case 'view':
        return [
          {
            kind,
            name,
            reason: "its SQL is SQLite's, and functions and types differ",
            suggestion: 'rewrite it as a migration and compare its rows',
          },
        ]
      case 'trigger':
        return [
          {
            kind,
            name,
            reason: "its SQL is SQLite's, and PostgreSQL's triggers are functions",
            suggestion: 'rewrite it, or move the rule into the application',
          },
        ]
      case 'virtual-table': {
        const module = /\bUSING\s+(\w+)/i.exec(sql)?.[1] ?? 'an unknown module'
        const own = shadows.filter((shadow) => shadow.startsWith(`${name}_`))
        const beside = own.length > 0 ? ` with its shadow tables ${own.join(', ')}` : ''
        return [
          {
            kind,
            name,
            reason: `a virtual table of ${module}${beside}; what it holds is not carried over`,
            suggestion: /^fts/i.test(module)
              ? 'index the text with a tsvector column; with content of its own, export it first'
              : 'export what it holds into an ordinary table first',
          },
        ]
      }
      case 'shadow-table':
        return []
    }
  })
}
