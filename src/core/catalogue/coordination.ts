import type { CataloguePart } from './entry.ts'

export const coordinationErrors = {} as const satisfies CataloguePart
