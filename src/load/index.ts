export { runLoad } from './run.ts'
export { defaultTargets } from './result.ts'
export type * from './types.ts'
