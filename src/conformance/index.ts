export type { ConformanceReport, RequirementResult } from './report.ts'
export { requirements } from './requirements/index.ts'
export { runConformance } from './run.ts'
