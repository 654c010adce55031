import type { Mapping } from './conversions.ts'
import type { PendingDecision } from './decisions.ts'
import type { PlanDocument, PlanSource, PlanTable } from './documents.ts'
import type { ColumnInventory, Inventory, TableInventory } from './inventory.ts'

export interface PlannedColumn extends ColumnInventory {
  readonly target: string
  readonly mapping: Mapping
}

/** A key, index or rule that is made after the data. */
export interface PlannedObject {
  readonly kind: 'primary-key' | 'unique' | 'index' | 'check' | 'foreign-key'
  readonly name: string
  /** SQLite's names of the columns, where they are unique and a foreign key may point to them. */
  readonly columns?: readonly string[]
  readonly sql: string
}

interface PlannedIdentity {
  readonly column: string
  readonly sequence: string
  /** The highest id that was ever given out. */
  readonly highest?: string
}

export interface PlannedTable {
  readonly document: PlanTable
  readonly inventory: TableInventory
  readonly createSql: string
  readonly objects: readonly PlannedObject[]
  readonly identity?: PlannedIdentity
}

export interface PlannedSource {
  readonly document: PlanSource
  readonly inventory: Inventory
  readonly tables: readonly PlannedTable[]
}

/** The plan as data: its document for others, and the statements that make and unmake the target. */
export interface MigrationPlan {
  readonly document: PlanDocument
  readonly sources: readonly PlannedSource[]
  readonly pending: readonly PendingDecision[]
}
