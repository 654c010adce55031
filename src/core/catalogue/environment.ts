import type { CataloguePart } from './entry.ts'

export const environmentErrors = {} as const satisfies CataloguePart
