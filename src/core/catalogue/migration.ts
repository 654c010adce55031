import type { CataloguePart } from './entry.ts'

export const migrationErrors = {} as const satisfies CataloguePart
