export * from './load-document.ts'
export * from './migration-document.ts'
export * from './schema.ts'
