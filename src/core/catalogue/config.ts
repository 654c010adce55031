import type { CataloguePart } from './entry.ts'

export const configErrors = {} as const satisfies CataloguePart
