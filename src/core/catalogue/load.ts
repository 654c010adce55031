import type { CataloguePart } from './entry.ts'

export const loadErrors = {} as const satisfies CataloguePart
