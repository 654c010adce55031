export type { ConformanceReport, RequirementResult } from './report.ts'
export type { Requirement, Trial } from './requirement.ts'
export { requirements } from './requirements/index.ts'
export { type ConformanceOptions, runConformance } from './run.ts'
