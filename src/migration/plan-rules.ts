import type { NotCarried } from './documents.ts'
import { translateCondition, translateDefault } from './expression.ts'
import { cutName, quoteName } from './names.ts'
import { expressionColumns, type ObjectQuestion, type PlannedRules } from './plan-indexes.ts'
import { countRows } from './plan-texts.ts'
import type { PlannedColumn, PlannedObject } from './plan-types.ts'

/** CHECKs, and what a column cannot take along: its default, its collation, the expression that generates it. */
export function planRules(question: ObjectQuestion): PlannedRules & { readonly defaults: ReadonlyMap<string, string> } {
  const { table, columns, qualified, target } = question
  const objects: PlannedObject[] = []
  const notCarried: NotCarried[] = []
  const defaults = new Map<string, string>()
  for (const column of columns) {
    const name = `${table.name}.${column.name}`
    if (column.generated !== undefined) {
      notCarried.push({
        kind: 'generated-column',
        name,
        reason: `generated as (${column.generated.expression}); its values are carried over, the expression is not`,
        suggestion: 'add GENERATED ALWAYS AS … STORED in a migration once the expression is translated',
      })
    }
    if (column.collation !== undefined) {
      notCarried.push({
        kind: 'collation',
        name,
        reason: `compares by ${column.collation}; in PostgreSQL it compares exactly`,
        suggestion: column.collation === 'NOCASE' ? 'compare lower(column), or use citext' : 'normalise when writing',
      })
    }
    if (column.notNull && column.evidence.nulls > 0) {
      notCarried.push({
        kind: 'not-null',
        name,
        reason: `${countRows(column.evidence.nulls, 'holds', 'hold')} NULL although NOT NULL is declared`,
        suggestion: 'fill them, then SET NOT NULL',
      })
    }
    if (column.defaultSql === undefined || column.generated !== undefined) continue
    const translated = translateDefault(column.defaultSql, column.mapping)
    if (translated !== undefined) defaults.set(column.name, translated)
    else {
      notCarried.push({
        kind: 'default',
        name,
        reason: `default ${column.defaultSql} has no certain counterpart for ${column.mapping.type}`,
        suggestion: 'set it in a migration, or in the application',
      })
    }
  }
  const names = new Set<string>()
  for (const [index, check] of table.checks.entries()) {
    const expression = translateCondition(check.expression, expressionColumns(columns))
    const label = check.name ?? `${table.name}: ${check.expression}`
    if (expression === undefined || check.violations === undefined) {
      if (isImplied(check.expression, columns)) continue
      notCarried.push({
        kind: 'check',
        name: label,
        reason: `CHECK (${check.expression}) may mean something else in PostgreSQL`,
        suggestion: 'write it by hand in a migration',
      })
      continue
    }
    let name = cutName(check.name ?? `${target}_check${index === 0 ? '' : String(index)}`)
    if (names.has(name)) name = cutName(`${name.slice(0, 50)}_${index}`)
    names.add(name)
    const isBroken = check.violations > 0
    if (isBroken) {
      notCarried.push({
        kind: 'check',
        name: label,
        reason: `${countRows(check.violations, 'breaks', 'break')} it; everything is carried over, and it holds for new rows only (NOT VALID)`,
        suggestion: 'correct the rows, then VALIDATE CONSTRAINT',
      })
    }
    const sql = `ALTER TABLE ${qualified} ADD CONSTRAINT ${quoteName(name)} CHECK (${expression})${isBroken ? ' NOT VALID' : ''}`
    objects.push({ kind: 'check', name, sql })
  }
  return { objects, notCarried, defaults }
}

/** `CHECK (flag IN (0, 1))` says no more than the type boolean. */
function isImplied(expression: string, columns: readonly PlannedColumn[]): boolean {
  const match = /^\s*["`[]?(\w+)["`\]]?\s+IN\s*\(\s*(?:0\s*,\s*1|1\s*,\s*0)\s*\)\s*$/i.exec(expression)
  const name = match?.[1]?.toLowerCase()
  return columns.some((column) => column.name.toLowerCase() === name && column.mapping.type === 'boolean')
}
