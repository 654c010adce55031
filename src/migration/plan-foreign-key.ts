import type { ForeignKeyInventory, TableInventory } from './inventory.ts'
import { cutName, quoteName } from './names.ts'
import type { PlannedRules } from './plan-indexes.ts'
import type { PlannedColumn, PlannedObject } from './plan-types.ts'

export interface ForeignKeyQuestion {
  readonly table: TableInventory
  readonly qualified: string
  readonly target: string
  readonly columns: readonly PlannedColumn[]
  readonly key: ForeignKeyInventory
  readonly parent?: {
    readonly qualified: string
    readonly columns: readonly PlannedColumn[]
    readonly objects: readonly PlannedObject[]
  }
  readonly orphansStay: boolean
  readonly number: number
}

export function planForeignKey(question: ForeignKeyQuestion): PlannedRules {
  const { table, key, parent, columns } = question
  const label = `${table.name} (${key.columns.join(', ')}) → ${key.parentTable}`
  const refuse = (reason: string): PlannedRules => ({
    objects: [],
    notCarried: [
      {
        kind: 'foreign-key',
        name: label,
        reason,
        suggestion: 'make both sides agree, then add the key in a migration',
      },
    ],
  })
  if (parent === undefined || key.orphans === undefined) return refuse('its parent table or column does not exist')
  const own = key.columns.map((name) => find(columns, name))
  const theirs = key.parentColumns.map((name) => find(parent.columns, name))
  if (own.includes(undefined) || theirs.includes(undefined)) return refuse('its parent column does not exist')
  const differ = own.findIndex((column, index) => column?.mapping.type !== theirs[index]?.mapping.type)
  if (differ >= 0) {
    return refuse(
      `${own[differ]?.name ?? ''} becomes ${own[differ]?.mapping.type ?? ''}, its parent ${theirs[differ]?.mapping.type ?? ''}`,
    )
  }
  const wanted = new Set(theirs.map((column) => column?.name))
  const isUnique = parent.objects.some(
    (object) => object.columns?.length === wanted.size && object.columns.every((name) => wanted.has(name)),
  )
  if (!isUnique) return refuse('the columns that it points to are no carried unique key')
  const list = (parts: readonly (PlannedColumn | undefined)[]): string =>
    parts.map((column) => quoteName(column?.target ?? '')).join(', ')
  const name = cutName(`${question.target}_fkey${question.number === 0 ? '' : String(question.number)}`)
  const action = (event: string, what: string): string => (what === 'NO ACTION' ? '' : ` ON ${event} ${what}`)
  const sql = [
    `ALTER TABLE ${question.qualified} ADD CONSTRAINT ${quoteName(name)} FOREIGN KEY (${list(own)})`,
    ` REFERENCES ${parent.qualified} (${list(theirs)})`,
    action('DELETE', key.onDelete),
    action('UPDATE', key.onUpdate),
    key.deferred ? ' DEFERRABLE INITIALLY DEFERRED' : '',
    key.orphans.count > 0 && question.orphansStay ? ' NOT VALID' : '',
  ].join('')
  return { objects: [{ kind: 'foreign-key', name, sql }], notCarried: [] }
}

function find(columns: readonly PlannedColumn[], name: string): PlannedColumn | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}
