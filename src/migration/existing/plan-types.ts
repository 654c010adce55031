import type { PendingDecision } from '../decisions.ts'
import type { PlanDocument, PlanSource, PlanTable } from '../documents.ts'
import type { Inventory, TableInventory } from '../inventory.ts'
import type { Component } from './components.ts'
import type { TargetForeignKey, TargetTable } from './target-catalogue.ts'

/** A foreign key of the target between two tables that the copy fills. */
export interface LinkedKey extends TargetForeignKey {
  /** One of its columns may be NULL, so that rows can come before their parents. */
  readonly nullable: boolean
}

export interface ExistingTable {
  readonly document: PlanTable
  readonly inventory: TableInventory
  readonly target: TargetTable
  readonly links: readonly LinkedKey[]
}

export interface ExistingSource {
  readonly document: PlanSource
  readonly inventory: Inventory
  readonly tables: readonly ExistingTable[]
  /** By names of the target, parents first. */
  readonly order: readonly Component[]
}

/** How the sources fill tables that somebody else made. */
export interface ExistingPlan {
  readonly document: PlanDocument
  readonly sources: readonly ExistingSource[]
  /** Must be decided before anything is written: no way of going on loses nothing. */
  readonly open: readonly PendingDecision[]
  /** May be decided; meanwhile the rows are quarantined. */
  readonly pending: readonly PendingDecision[]
}
