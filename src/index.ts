/**
 * Agent Hive as a library: the documents that gates leave, the error type, and the verdicts.
 * The parts have entries of their own: `agent-hive/migration`, `agent-hive/protocol`, `agent-hive/gates`.
 */
export { HiveError, isHiveError } from './core/errors.ts'
export type { ErrorCode } from './core/errors.ts'
export { combineVerdicts, exitCodeOf, verdicts } from './core/verdict.ts'
export type { ExitCode, Verdict } from './core/verdict.ts'
export { evidenceBundleSchema, evidenceSchema } from './evidence/index.ts'
export type { Artifact, Evidence, EvidenceBundle, Finding, Measure, Target } from './evidence/index.ts'
