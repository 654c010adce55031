export {
  convertBy,
  conversionNames,
  targetTypes,
  type Conversion,
  type Mapping,
  type TargetType,
} from './conversions.ts'
export { renderDdl } from './ddl.ts'
export { decisionsHeader, parseDecisions, renderDecisions, type Decisions, type PendingDecision } from './decisions.ts'
export * from './documents.ts'
export { hasTablesFor, type ExistingOutcome } from './existing/copy-existing.ts'
export { copySnapshotsIntoExisting } from './existing/run-existing.ts'
export { readStateFolder } from './existing/state-folder.ts'
export type { ExistingRows } from './existing/check-target.ts'
export type * from './inventory.ts'
export { schemaNames, type SourceName } from './names.ts'
export { planMigration } from './plan.ts'
export type { MigrationPlan } from './plan-types.ts'
export { describeTarget, type SchemaObject } from './postgres/describe-target.ts'
export { describeProofTarget } from './postgres/proof-target.ts'
export * from './profile/index.ts'
export { undoCopy } from './postgres/copy.ts'
export { showMasked, showPlainly, type ShowValue } from './proof/differences.ts'
export {
  copySnapshots,
  inspectSnapshots,
  orphansOf,
  runMigration,
  takeSnapshots,
  verifySnapshots,
  type MigrationOptions,
  type MigrationRun,
  type SourceOutcome,
  type SourceSpec,
  type Work,
} from './run.ts'
export { findDatabases, type DatabaseSearch } from './sqlite/find.ts'
export type { Snapshot } from './sqlite/snapshot.ts'
export { measureSnapshot } from './sqlite/sizes.ts'
export { writeSyntheticFile } from './sqlite/synthetic-file.ts'
