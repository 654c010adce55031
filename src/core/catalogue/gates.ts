import type { CataloguePart } from './entry.ts'

export const gatesErrors = {} as const satisfies CataloguePart
